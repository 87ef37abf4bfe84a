"""What is served of the field app, how, and what not."""

from __future__ import annotations

import hashlib
import re
import shutil

import pytest
from flask import json

from api.felt.edition import APP, edition_of
from api.felt.routes import CSP, FOLDER, OF_A_PART
from api.felt.words import texts_in
from tests.architecture.doors import app_without_database
from tests.fieldapp.serving import files_app

CALL = re.compile(r"(?<!function )\bn?gettext\(")
LIST = re.compile(r"const REV = (.+);\nconst FILES = (.+);\n")
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return app_without_database(tmp_path_factory.mktemp("keys") / "keyring.json")


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def copied(tmp_path):
    """A folder of one's own, and a client of what serves it."""
    folder = tmp_path / "fieldapp"
    shutil.copytree(APP, folder)
    return folder, files_app(folder).test_client()


def listed(client):
    rev, files = LIST.match(client.get("/felt/worker.js").text).groups()
    return json.loads(rev), json.loads(files)


def test_every_file_on_the_list_is_served_to_the_last_byte_as_it_is_listed(client):
    _, files = listed(client)
    assert len(files) > 10
    for path, digest in files.items():
        with client.get(path) as answer:
            assert answer.status_code == 200, path
            assert hashlib.sha256(answer.data).hexdigest() == digest, path


def test_every_module_that_an_app_module_imports_is_on_the_list(client):
    _, files = listed(client)
    for path in (APP / "src").rglob("*.js"):
        at = "/felt/" + path.relative_to(APP).as_posix()
        for wanted in re.findall(r'(?:from|import)\s*\(?"([^"]+\.js)"', path.read_text("utf-8")):
            parts = (at.rpartition("/")[0] + "/" + wanted).split("/")
            while ".." in parts:
                up = parts.index("..")
                del parts[up - 1 : up + 1]
            full = wanted if wanted.startswith("/") else "/".join(p for p in parts if p != ".")
            assert full in files, f"{at} imports {wanted}"


@pytest.mark.parametrize(
    "path",
    [
        "/felt/../README.md",
        "/felt/%2e%2e/README.md",
        "/felt/..%2fREADME.md",
        "/felt/src/../../pyproject.toml",
        "/felt/src/",
        "/felt/index.html",
        "/felt/tsconfig.json",
        "/felt/src/main.js/",
        "/felt/words/se.json",
        "/felt/%00",
    ],
)
def test_nothing_else_is_served_whatever_the_address_says(client, path):
    assert client.get(path).status_code in {400, 404}


def test_a_file_that_only_points_elsewhere_is_not_served(copied):
    folder, client = copied
    (folder / "src" / "away.js").symlink_to(folder.parents[0] / "secret.js")
    (folder / "src" / "notes.txt").write_text("not the app's")
    assert client.get("/felt/src/away.js").status_code == 404
    assert client.get("/felt/src/notes.txt").status_code == 404


def test_one_changed_byte_makes_another_edition(copied):
    folder, client = copied
    before, _ = listed(client)
    assert listed(client)[0] == before
    with (folder / "styles" / "felt.css").open("a") as sheet:
        sheet.write("\n")
    assert listed(client)[0] != before


def test_the_policy_is_the_apps_own_and_its_files_are_asked_for_each_time(client):
    policies = {"/felt/": CSP, "/felt/worker.js": CSP, "/felt/src/main.js": OF_A_PART}
    for path, policy in policies.items():
        answer = client.get(path)
        assert answer.headers["Content-Security-Policy"] == policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert "unsafe" not in CSP
    assert "require-trusted-types-for 'script'" in CSP


@pytest.mark.parametrize(
    "path", ["/felt/src/words.js", "/static/vendor/idb/idb.js", "/static/pages.css"]
)
def test_a_file_goes_out_compressed_to_whom_can_read_it(client, path):
    with client.get(path) as plain, client.get(path, headers=GZIP) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.data) < len(plain.data)
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
        known = {**GZIP, "If-None-Match": packed.headers["ETag"]}
        with client.get(path, headers=known) as again:
            assert again.status_code == 304
    refused = {"Accept-Encoding": "gzip;q=0"}
    with client.get(path, headers=refused) as answer:
        assert "Content-Encoding" not in answer.headers


def test_what_is_made_for_one_reader_is_not_compressed(client):
    for path in ("/problems", "/api/v1/openapi.json", "/api/v1/me", "/health/live"):
        assert "Content-Encoding" not in client.get(path, headers=GZIP).headers, path


def test_the_words_are_those_of_the_pages_catalogue(client):
    told = client.get("/felt/words/nb.json").json
    assert told["language"] == "nb"
    assert told["texts"]["Your families"] == "Familiene dine"
    assert client.get("/felt/words/en.json").json == {"language": "en", "texts": {}}


def test_every_text_in_the_app_is_a_literal_that_is_found():
    for path in (APP / "src").rglob("*.js"):
        code = path.read_text("utf-8")
        assert len(CALL.findall(code)) == len(list(texts_in(code))), path.name


def test_a_text_with_marks_in_it_is_read_as_javascript_reads_it():
    code = 'html`${x ? html`<p>${gettext("a \\"b\\"\\n")}</p>` : ngettext("one",\n "many", 3)}`'
    assert list(texts_in(code)) == [
        (1, "gettext", ('a "b"\n',)),
        (1, "ngettext", ("one", "many")),
    ]


def test_another_folder_is_another_app(copied):
    folder, client = copied
    (folder / "index.html").write_text("other")
    assert client.get("/felt/").text == "other"
    assert client.application.config[FOLDER] == folder
    assert edition_of(APP).rev != edition_of(folder).rev


def test_a_demonstration_says_so_on_every_screen_and_a_deployment_does_not(app, client):
    assert "<html data-synthetic " in client.get("/felt/").text
    app.config["FELT_SYNTHETIC"] = False
    try:
        assert "data-synthetic" not in client.get("/felt/").text
    finally:
        app.config["FELT_SYNTHETIC"] = True


def test_only_our_own_page_has_the_browser_delete_what_the_app_kept(client):
    ours = client.post("/felt/erased", headers={"Sec-Fetch-Site": "same-origin"})
    assert (ours.status_code, ours.headers["Clear-Site-Data"]) == (204, '"storage"')
    for site in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {}):
        refused = client.post("/felt/erased", headers=site)
        assert (refused.status_code, "Clear-Site-Data" in refused.headers) == (403, False)
