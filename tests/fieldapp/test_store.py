"""The app's store: each step is on the disk or not there at all, and nothing there can be read."""

import contextlib
import os
import signal
import time
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from nyefamilier.wire.texts import from_text
from tests.conftest import FLAGS
from tests.e2e.chromium import ensure_chromium

MODULES = """
  const { openStore } = await import("/felt/src/store/store.js");
  const { STEPS } = await import("/felt/src/store/steps.js");
  const { utf8, b64url } = await import("/felt/src/wire/bytes.js");
  const { newSecret, wayByCode } = await import("/felt/src/vault/unlocking.js");
  const name = (promise) => promise.then(() => "went well", (error) => error.name);
  const escrow = new Uint8Array(3);
  const note = (seq) => ({ seq, id: `id-${seq}`, family: "f", raw: null, escrow });
"""
DEVICE = "0199f0c1-7e3b-7b1a-9d52-0f6b7a3c1e55"


def run(module_page, body, given=None):
    return module_page(f"async (given) => {{ {MODULES} {body} }}", given)


@pytest.mark.parametrize(("moment", "kept"), [("before", 0), ("written", 0), ("done", 2)])
def test_a_step_that_is_stopped_is_whole_or_not_there(module_page, moment, kept):
    told = run(
        module_page,
        """const hook = (at) => { if (at === `saved.${given}`) throw new Error("flat battery"); };
        const store = await openStore("stopped", { hook });
        const how = await name(store.durable("saved", ["outbox", "meta"], async (tx) => {
          await tx.objectStore("outbox").put(note(1));
          await tx.objectStore("meta").put({ name: "standing", value: { next_seq: 2 } });
        }));
        store.close();
        const again = await openStore("stopped");
        const rows = await again.count("outbox") + (await again.standing() === null ? 0 : 1);
        again.close();
        return [how, rows];""",
        moment,
    )
    assert told == ["Error", kept]


def test_a_write_that_fails_takes_back_what_was_written_before_it(module_page):
    told = run(
        module_page,
        """const store = await openStore("failing");
        const how = await name(store.durable("saved", ["outbox"], async (tx) => {
          await tx.objectStore("outbox").put(note(1));
          await tx.objectStore("outbox").add(note(1));
        }));
        const left = await store.count("outbox");
        store.close();
        return [how, left];""",
    )
    assert told == ["ConstraintError", 0]


def test_what_is_written_is_read_in_the_order_of_its_seqs(module_page):
    told = run(
        module_page,
        """const store = await openStore("order");
        for (const seq of [10, 2, 33, 1]) {
          await store.durable("saved", ["outbox"], (tx) => tx.objectStore("outbox").put(note(seq)));
        }
        const seqs = (await store.all("outbox")).map((row) => row.seq);
        const first = (await store.all("outbox", null, undefined, 2)).map((row) => row.seq);
        const of = (await store.all("outbox", "family", "f")).length;
        store.close();
        return [seqs, first, of];""",
    )
    assert told == [[1, 2, 10, 33], [1, 2], 4]


def test_locking_forgets_the_keys_and_overwrites_our_half(module_page):
    told = run(
        module_page,
        """const store = await openStore("locking");
        const secret = newSecret();
        const before = [store.isUnlocked, await name((async () => store.opened)())];
        await store.unlock(given, secret);
        store.sealer = await store.sealerOf(given, newSecret());
        const open = [store.isUnlocked, store.opened === store.sealer];
        store.lock();
        const after = [store.isUnlocked, store.waiting, store.sealer,
          secret.every((byte) => byte === 0),
          await name(store.sealerOf(given, newSecret())), await name(store.waitingOf(given))];
        store.close();
        return { before, open, after };""",
        DEVICE,
    )
    assert told == {
        "before": [False, "StoreClosed"],
        "open": [True, True],
        "after": [False, None, None, True, "StoreClosed", "StoreClosed"],
    }


def test_the_same_half_given_twice_still_opens_what_it_sealed(module_page):
    told = run(
        module_page,
        """const store = await openStore("twice");
        const secret = newSecret(), share = newSecret();
        await store.unlock(given, secret);
        const place = ["row", given, "f", 1];
        const blob = await (await store.sealerOf(given, share)).seal(...place, utf8("hei"));
        await store.unlock(given, secret);
        const how = await name((await store.sealerOf(given, share)).open(...place, blob));
        store.close();
        return [how, secret.every((byte) => byte === 0)];""",
        DEVICE,
    )
    assert told == ["went well", True]


def test_a_tab_that_sleeps_does_not_hold_up_what_is_erased(module_page):
    told = run(
        module_page,
        """const store = await openStore("asleep");
        await store.durable("saved", ["outbox"], (tx) => tx.objectStore("outbox").put(note(1)));
        const asleep = await new Promise((resolve) => {
          const asked = indexedDB.open("asleep");
          asked.onsuccess = () => resolve(asked.result);
        });
        await store.erase();
        const left = await new Promise((resolve) => {
          const asked = asleep.transaction("outbox").objectStore("outbox").count();
          asked.onsuccess = () => resolve(asked.result);
        });
        asleep.close();
        const empty = await openStore("asleep"); // opened when the deletion is through
        const anew = await empty.count("outbox");
        empty.close();
        return [left, anew];""",
    )
    assert told == [0, 0]


def test_an_erased_store_is_gone_and_another_tab_is_told(module_page):
    told = run(
        module_page,
        """let replaced = 0;
        const other = await openStore("erased", { onReplaced: () => { replaced += 1; } });
        const store = await openStore("erased");
        await store.durable("saved", ["outbox"], (tx) => tx.objectStore("outbox").put(note(1)));
        await store.erase();
        const left = (await indexedDB.databases()).map((one) => one.name);
        return [left.includes("erased"), replaced];""",
    )
    assert told == [False, 1]


def test_no_room_is_told_as_such_and_nothing_is_kept(module_page):
    page = module_page.page
    cdp = page.context.new_cdp_session(page)
    origin = page.url.rsplit("/", 1)[0]
    run(module_page, "(await openStore('full')).close();")
    cdp.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
    told = run(
        module_page,
        """const store = await openStore("full");
        const row = { ...note(1), escrow: crypto.getRandomValues(new Uint8Array(60000)) };
        const how = await name((async () => {
          for (let seq = 1; seq < 200; seq += 1) {
            const one = { ...row, seq, id: `id-${seq}` };
            await store.durable("saved", ["outbox"], (tx) => tx.objectStore("outbox").put(one));
          }
        })());
        const left = (await store.all("outbox")).length;
        store.close();
        return [how, left < 199];""",
    )
    cdp.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    assert told == ["StoreFull", True]


def test_where_the_browser_keeps_nothing_it_is_said(module_page):
    told = run(
        module_page,
        """const none = { open() { throw new DOMException("no", "SecurityError"); } };
        const real = Object.getOwnPropertyDescriptor(window, "indexedDB");
        Object.defineProperty(window, "indexedDB", { value: none, configurable: true });
        const how = await name(openStore("none"));
        Object.defineProperty(window, "indexedDB", real);
        return how;""",
    )
    assert told == "NoStore"


CANARIES = [f"Kanari-{number:03}-æøå" for number in range(100)]
IN_THE_CLEAR = "Åpen-kanari-æøå"


def test_nothing_that_was_written_can_be_read_in_the_browsers_files(
    playwright: Playwright, files, tmp_path
):
    """The whole profile is searched, after the browser was killed in the midst of it."""
    context = playwright.chromium.launch_persistent_context(
        str(tmp_path / "profile"), executable_path=ensure_chromium(), args=FLAGS
    )
    page = context.new_page()
    page.goto(f"{files}/blank")
    keys = page.evaluate(
        f"""async (given) => {{ {MODULES}
        const store = await openStore("canaries");
        const [device, canaries] = given;
        const secret = newSecret(), share = newSecret();
        const told = [secret, share].map(b64url);
        const {{ way, code }} = await wayByCode(device, secret);
        await store.unlock(device, secret);
        store.sealer = await store.sealerOf(device, share);
        const sealed = await Promise.all(canaries.map((text, n) =>
          store.sealer.seal("row", `id-${{n}}`, "f", n, utf8(text))));
        const lent = await store.waiting.seal("share", device, device, 0, share);
        const ways = {{ device_id: device, ways: [way] }};
        await store.durable("saved", ["row", "meta"], async (tx) => {{
          await tx.objectStore("meta").put({{ name: "ways", value: ways }});
          await tx.objectStore("meta").put({{ name: "standing", value: {{ share: lent }} }});
          await tx.objectStore("meta").put({{ name: "open", value: given[2] }});
          await Promise.all(sealed.map((body, rev) =>
            tx.objectStore("row").put({{ family: "f", kind: "n", id: `id-${{rev}}`, rev, body }})));
        }});
        return [...told, code.replaceAll("-", ""), code];
        }}""",
        [DEVICE, CANARIES, IN_THE_CLEAR],
    )
    kill(tmp_path / "profile")
    halves = [from_text(one) for one in keys[:2]]
    hidden = [*(one.encode() for one in (*CANARIES, *keys)), *halves]
    assert [one for one in hidden if lies_in(tmp_path / "profile", one)] == []
    assert lies_in(tmp_path / "profile", IN_THE_CLEAR.encode())  # the search finds what does


def kill(profile: Path):
    """Kill the browser of this profile, as a flat battery would."""
    # Not by a glob: it looks at each process once more, and one of them may have ended by then.
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if str(profile).encode() in (entry / "cmdline").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)
    time.sleep(0.5)


def lies_in(folder: Path, sought: bytes):
    """Whether bytes lie in any file: as they are, in base64 or hexadecimal, or as a text may.

    A browser keeps its texts in Latin-1 where that has all their letters, and in UTF-16 otherwise.
    """
    forms = {sought, sought.hex().encode(), sought.hex().upper().encode()}
    with contextlib.suppress(UnicodeError):
        text = sought.decode()
        forms |= {text.encode(how) for how in ("latin-1", "utf-16-le", "utf-16-be")}
    # Base64 of a part of something longer depends on where it begins.
    for shift in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            whole = encode(b"\0" * shift + sought)
            forms.add(whole[(0, 2, 3)[shift] : len(whole) // 4 * 4 - 4])
    return any(
        form in content
        for path in folder.rglob("*")
        if path.is_file()
        for content in [path.read_bytes()]
        for form in forms
    )
