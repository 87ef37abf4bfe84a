"""Lists of referrals, into a real database."""

import csv
import io
import stat
from collections import Counter
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select

from nyefamilier.access.tables import AccessRow
from nyefamilier.families.states import MemberRole, Protection
from nyefamilier.families.views import (
    families_awaiting_nurse,
    family,
    find_by_national_id,
    own_families,
)
from nyefamilier.intake import service
from nyefamilier.intake.columns import Kind
from nyefamilier.kernel.actors import SYSTEM
from nyefamilier.offers.views import offers
from nyefamilier.schema import METADATA
from nyefamilier.uptake.service import drift
from nyefamilier.uptake.tables import Participation, ToldFact
from tests.builders import DAY, VESTLI, Household, lead, send
from tests.intake_file import make
from tests.integration.intake.lists import families, run_in

EXAMPLES = Path(__file__).parents[3] / "docs/examples"
TERM = DAY + timedelta(days=70)


def listed(*rows, header="navn;fnr;delbydel;termin;henvist_dato;adressebeskyttelse"):
    return "\n".join([header, *rows]) + "\n"


def row(number="", name="Rask Bjørk", term=TERM, delbydel=VESTLI, protection=""):
    return f"{name};{number};{delbydel};{term};{DAY};{protection}"


def test_each_row_becomes_one_thing_and_a_second_run_imports_nothing(run, city, maker):
    made, expected = make(400, 0.01, maker)

    first, second = run(made), run(made)

    assert first.counts == expected
    assert families(city) == expected["imported"]
    assert second.counts == expected | {
        "imported": 0,
        "already_there": expected["imported"] + expected["already_there"],
    }


def test_a_row_is_what_the_family_then_is(run, city, maker):
    number, other = maker.number(), maker.number()
    header = (
        "navn;fnr;telefon;sprak;tolkesprak;forelder2_rolle;forelder2_navn;forelder2_fnr;delbydel;"
        "adresse;postnummer;veibeskrivelse;termin;antall_ventet;henvist_dato;tilbudt_dato;kanal;"
        "grunnlag"
    )
    cells = (
        f"Rask Bjørk;{number};+47 400 00 001;somali;somali;medmor;Stille Fjell;{other};{VESTLI};"
        f'"Prøveveien 1\nH0203";0980;Ring på;{TERM};2;{DAY};{DAY};jordmor;forste_barn'
    )
    assert run(listed(cells, header=header)).counts["imported"] == 1

    with city.programme.work(SYSTEM, "test") as work:
        (found,) = find_by_national_id(work, number)
        seen = family(work, found)
        (offer,) = offers(work, found)
    mother, second = seen.members
    assert (mother.name, mother.national_id, mother.phone) == (
        "Rask Bjørk",
        number,
        "+47 400 00 001",
    )
    assert mother.interpreter is not None
    assert (second.role, second.national_id) == (MemberRole.CO_MOTHER, other)
    assert (seen.addresses[0].lines, seen.addresses[0].valid_from) == ("Prøveveien 1\nH0203", DAY)
    assert (seen.pregnancies[0].term, seen.pregnancies[0].expected) == (TERM, 2)
    assert (offer.channel, offer.offered_on) == ("jordmor", DAY)


def test_a_family_without_a_nurse_waits_for_its_lead(run, city):
    run(listed(row()))

    with city.programme.work(lead("11")) as work:
        assert len(families_awaiting_nurse(work)) == 1


def test_a_named_nurse_has_the_family_at_once(run, city):
    header = "navn;fnr;delbydel;termin;henvist_dato;helsesykepleier"
    run(listed(f"Rask Bjørk;;{VESTLI};{TERM};{DAY};stovner1", header=header))

    with city.programme.work(city.ours) as work:
        assert len(own_families(work)) == 1


@pytest.mark.parametrize(
    ("delbydel", "protection"),
    [("", "strengt_fortrolig"), ("", "fortrolig"), ("0301999901", "")],
)
def test_a_family_that_no_bydel_answers_for_needs_a_nurse(run, city, delbydel, protection):
    header = "navn;fnr;delbydel;termin;henvist_dato;adressebeskyttelse;helsesykepleier"
    without, named = (
        row(delbydel=delbydel, protection=protection) + f";{nurse}" for nurse in ("", "stovner1")
    )

    found = run(listed(without, named, header=header))

    assert found.flaws == [(2, "helsesykepleier", "nurse-required")]
    assert found.counts["imported"] == 1
    with city.programme.work(city.ours) as work:
        assert own_families(work)[0].protection is Protection(protection or "ugradert")


def test_a_mother_with_this_term_is_there_already_whatever_else_the_row_says(run, city, maker):
    number = maker.number()
    run(listed(row(number)))

    again = run(listed(row(number, name="Rask B. Bjørk")))

    assert again.counts["already_there"] == 1
    assert families(city) == 1


def test_a_mother_whom_a_nurse_registered_is_there_already(run, city, maker):
    number, home = maker.number(), Household()
    registered = home.registration(national_id=number)
    send(city.programme, city.ours, home.id, registered, home.expects(TERM))

    assert run(listed(row(number))).counts["already_there"] == 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_mother_with_another_term_is_told(run, maker, dry_run):
    number = maker.number()
    rows = (row(number), row(number, term=TERM + timedelta(days=1)))

    found = run(listed(*rows), dry_run=dry_run)

    assert found.counts["imported"] == 1
    assert found.flaws == [(3, "fnr", "family-known")]


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_row_twice_in_a_list_is_one_with_or_without_a_national_id(run, maker, dry_run):
    number = maker.number()
    rows = [row(number), row(), row(number), row()]
    # The same far apart, in two batches.
    others = [row(maker.number()) for _ in range(service.BATCH)]

    found = run(listed(*rows, *others, row(number), row()), dry_run=dry_run)

    assert found.counts == {
        "read": 6 + len(others),
        "imported": 2 + len(others),
        "already_there": 4,
        "rejected": 0,
    }


def test_a_dry_run_finds_the_same_and_writes_nothing(run, city, maker):
    made, expected = make(200, 0.01, maker)
    before = content(city)

    assert run(made, dry_run=True).counts == expected
    assert content(city) == before
    assert run(made).counts == expected


def test_a_dry_run_writes_down_who_was_looked_up(run, city, maker):
    number = maker.number()
    run(listed(row(number)))
    before = accesses(city)

    run(listed(row(number)), dry_run=True)

    assert accesses(city) == before + 1


def test_the_rejected_rows_can_be_corrected_and_imported(run, folder, maker):
    good, bad = row(maker.number()), row(maker.number(), term="31.12.26", name="=Rask")
    first = run(listed(good, bad, "A;B", row(delbydel="")))

    assert stat.S_IMODE(first.rejects.stat().st_mode) == 0o600
    text = first.rejects.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    again = run(text)
    assert [(flaw[1], flaw[2]) for flaw in again.flaws] == [
        (flaw[1], flaw[2]) for flaw in first.flaws
    ]
    told = list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
    assert told[0][:5] == ["feil_linje", "feil_kolonne", "feil", "navn", "fnr"]
    assert told[1][:4] == [
        "3",
        "termin",
        "termin: Årstallet har to sifre og kan bety to århundrer. Skriv alle fire.",
        "'=Rask",
    ]
    assert told[2][3:] == ["A", "B"]
    mended = text.decode("utf-8-sig").replace("31.12.26", str(TERM))
    assert run(mended).counts["imported"] == 1


def test_a_row_rejected_again_and_again_stays_as_it_was(run):
    text = listed('A;"B;;;;', "=1;2", "x" * 300 + ";;;;;")
    first = run(text).rejects.read_bytes()
    second = run(first).rejects.read_bytes()
    third = run(second).rejects.read_bytes()

    def cells(rejected):
        rows = csv.reader(io.StringIO(rejected.decode("utf-8-sig")), delimiter=";")
        return [one[3:] for one in rows]

    assert cells(first) == cells(second) == cells(third)


def test_the_examples_in_the_documentation_can_be_imported(run, city):
    city.clock.forward(days=(DAY.replace(month=11, day=21) - DAY).days)
    assert run((EXAMPLES / "referrals.csv").read_bytes()).counts["imported"] == 3
    city.clock.forward(days=75)
    births = run((EXAMPLES / "births.csv").read_bytes(), Kind.BIRTHS)
    assert births.counts["imported"] == 2


def test_statistics_hear_of_an_import_what_they_hear_of_single_families(run, city, maker):
    made, expected = make(200, 0.01, maker)
    offered = sum(b";forste_barn;" in line for line in made.splitlines())
    run(made)

    with city.programme.work(SYSTEM, "test") as work:
        assert drift(work) == 0
    with city.programme.sessions() as session:
        kinds = Counter(session.scalars(select(ToldFact.kind)))
        assert (
            session.scalar(select(func.count()).select_from(Participation)) == kinds["identified"]
        )
    assert kinds["identified"] == expected["imported"]
    assert 0 < kinds["offered"] <= offered


def content(city):
    with city.programme.sessions() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in METADATA.sorted_tables
            if table.name != "access_log"
        }


def accesses(city):
    with city.programme.sessions() as session:
        return session.scalar(select(func.count()).select_from(AccessRow))


def test_two_imports_of_one_list_at_once_double_nothing(real_city, folder, maker):
    made, expected = make(260, 0, maker)
    results = []

    def import_(name):
        place = folder / name
        place.mkdir()
        results.append(run_in(real_city, place, made).counts)

    threads = [Thread(target=import_, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert families(real_city) == expected["imported"]
    assert sum(one["imported"] for one in results) == expected["imported"]
    assert sum(one["already_there"] for one in results) == expected["imported"]
    assert all(one["read"] == 260 for one in results)
