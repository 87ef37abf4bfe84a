"""What sealing and logging cost: a family's page beside the same in clear, and the log's own pace.

Run ``python -m bench journal``. The page in clear is the same page of the same programme: the
bodies are at hand opened, by their sealed bytes, and nothing is written into the access log. The
kinds take turns. Of the log's pace see `bench._chains`.
"""

from __future__ import annotations

import argparse
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from api.app import create_app
from bench import _chains
from bench._asking import BARE, Kind, ask_of, in_turns, print_ratios
from bench._machine import usage
from bench.pull import nurse, private, write
from nyefamilier.access.tables import AccessRow
from nyefamilier.bootstrap import Programme
from nyefamilier.families.intents import NewAddress, NewMember, RegisterFamily
from nyefamilier.families.states import MemberRole
from nyefamilier.journal.intents import WriteNote
from nyefamilier.kernel.actors import Actor
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.base import Base
from nyefamilier.storage.sessions import WriteBehind
from nyefamilier.vault.vault import FamilyCipher

NOTES: Final = 40
_USERNAME: Final = "bench"
_PASSWORD: Final = "fire vanlige ord her"  # noqa: S105 - of a database that is gone after the run


def main(words: Sequence[str] = ()) -> None:
    """Fill a family, ask in turns, and print the ratios; then the log's pace."""
    options = _parser().parse_args(words)
    print(f"A family's page with {NOTES} notes, each asked {options.turns} times in turn:\n")
    with private() as programme:
        actor, _ = nurse(programme)
        family = _family(programme, actor)
        before = usage()
        print_ratios(in_turns(options.turns, _kinds(programme, family)), "page")
        print(f"\nOthers took {(usage() - before).foreign:.0%} of the CPU meanwhile.\n")
        _chains.main(programme, options.entries, options.rounds)


def _kinds(programme: Programme, family: UUID) -> dict[str, Kind]:
    whole = partial(ask_of, _signed_in(programme), {}, f"/families/{family}")
    opened: dict[bytes, bytes] = {}

    def bare() -> None:
        with _in_clear(opened):
            whole()

    with _learning(opened):
        whole()
    return {BARE: bare, "sealed and logged": whole}


@contextmanager
def _learning(opened: dict[bytes, bytes]) -> Generator[None]:
    """Keep what is opened, by its sealed bytes."""
    real = FamilyCipher.open

    def learn(cipher: FamilyCipher, *cell: Any) -> bytes:  # noqa: ANN401 - passed on as it is
        opened[cell[-1]] = real(cipher, *cell)
        return opened[cell[-1]]

    with patch.object(FamilyCipher, "open", learn):
        yield


@contextmanager
def _in_clear(opened: dict[bytes, bytes]) -> Generator[None]:
    """Nothing is opened, and nothing written into the access log."""
    real = WriteBehind.insert

    def insert(session: WriteBehind, kind: type[Base], values: Mapping[str, object]) -> None:
        if kind is not AccessRow:
            real(session, kind, values)

    def at_hand(_cipher: FamilyCipher, *cell: Any) -> bytes:  # noqa: ANN401 - as above
        return opened[cell[-1]]

    with (
        patch.object(WriteBehind, "insert", insert),
        patch.object(FamilyCipher, "open", at_hand),
    ):
        yield


def _family(programme: Programme, actor: Actor) -> FamilyId:
    home, mother, today = FamilyId(uuid4()), uuid4(), programme.clock().date()
    place = NewAddress(uuid4(), "0301111101", today - timedelta(days=9), lines="Prøveveien 1")
    people = (NewMember(mother, MemberRole.MOTHER, "Rask Bjørk"),)
    write(programme, actor, home, RegisterFamily(people, place))
    for number in range(NOTES):
        text = f"Notat {number}. " + "Vekt og lengde følger kurven. " * 20
        write(programme, actor, home, WriteNote(uuid4(), mother, text))
    return home


def _signed_in(programme: Programme) -> FlaskClient:
    client = create_app(programme).test_client()
    client.get("/sign-in")
    answer = client.post(
        "/sign-in",
        data={"username": _USERNAME, "password": _PASSWORD},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    if answer.status_code != 303:
        raise SystemExit(f"sign-in: {answer.status_code}")
    return client


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench journal", description=__doc__)
    parser.add_argument("--turns", type=int, default=200, help="how often each page is asked for")
    parser.add_argument("--entries", type=int, default=400, help="entries of each writer, a round")
    parser.add_argument("--rounds", type=int, default=5, help="how often each log is written")
    return parser


if __name__ == "__main__":
    main()
