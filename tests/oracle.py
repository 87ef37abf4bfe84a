"""Counts every published table a second time, from the families' own rows and nothing else.

It is written from docs/indicators.md and docs/protocol.md, and knows neither facts nor what they
add up to. Where a figure hangs on what was known when something was told, the log of the family's
changes says so: which of its revisions wrote what.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, text

from nyefamilier.access.rules import Action
from nyefamilier.bydeler.rules import Boundaries
from nyefamilier.bydeler.service import boundaries
from nyefamilier.families.bodies import MemberBody
from nyefamilier.families.dossier import open_dossier
from nyefamilier.families.tables import MemberRow
from nyefamilier.kernel.ids import FamilyId
from nyefamilier.storage.work import Work

OSLO = ZoneInfo("Europe/Oslo")
OURS, NFP = "nye_familier", "nfp"
Key: TypeAlias = tuple[int, str | None, str, str]
"""Year, area, line, column."""
Record: TypeAlias = Row[Any]
Erased: TypeAlias = Callable[[date], str]


@dataclass
class Pregnancy:
    """A pregnancy with all that is known of it and of its family."""

    row: Record
    spoken: Sequence[tuple[str | None, bool]]
    """What each living parent speaks, and whether she needs an interpreter."""
    bydel: Bydel
    offers: list[Record] = field(default_factory=list)
    answers: list[Record] = field(default_factory=list)
    enrolments: list[Record] = field(default_factory=list)
    visits: list[Record] = field(default_factory=list)
    teams: list[Record] = field(default_factory=list)
    log: Log = field(default_factory=lambda: Log([]))

    @property
    def known(self) -> date:
        return day(self.log.first(self.row.id).received_at)

    @property
    def rev(self) -> int:
        """The revision of the family that told of the pregnancy."""
        return self.log.rev(self.row.id)

    @property
    def born(self) -> date | None:
        return self.row.ended_on if self.row.outcome == "fodt" else None

    @property
    def ours(self) -> list[Record]:
        return [one for one in self.offers if one.programme == OURS]

    @property
    def first_offer(self) -> date | None:
        return min((one.offered_on for one in self.ours), default=None)

    @property
    def said(self) -> list[Record]:
        """The answers to our offers, in the order in which they were told."""
        known = {one.id for one in self.ours}
        ours = [one for one in self.answers if one.offer_id in known]
        return sorted(ours, key=lambda one: self.log.rev(one.id))

    @property
    def answer(self) -> str | None:
        return self.said[-1].answer if self.said else None

    @property
    def programme_visits(self) -> list[Record]:
        return [one for one in self.visits if one.programme == OURS]

    @property
    def is_with_nfp(self) -> bool:
        covered = any(one.programme == NFP and one.answer == "ja" for one in self.offers)
        back = any(one.programme == NFP and one.state == "withdrawn" for one in self.enrolments)
        return covered and not back

    @property
    def is_eligible(self) -> bool:
        return bool(self.row.basis or self.offers) and not self.is_with_nfp

    @property
    def basis(self) -> str:
        last = max(self.offers, key=lambda one: self.log.rev(one.id), default=self.row)
        return str(last.basis)

    @property
    def language(self) -> str:
        if any(needs_interpreter for _, needs_interpreter in self.spoken):
            return "tolk"
        spoken = {language for language, _ in self.spoken if language}
        norwegian = {"norsk", "nb", "nn", "no"}
        return "ukjent" if not spoken else "norsk" if spoken <= norwegian else "annet"

    def born_is_known(self, rev: int) -> bool:
        birth = self.log.touches.get((self.row.id, "outcome"))
        return birth is not None and birth.rev <= rev

    def told(self, visit: Record) -> int:
        """The revision that told of a visit."""
        return int(self.log.touches[visit.id, "outcome"].rev)


class Log:
    """Which revision of a family first wrote what."""

    def __init__(self, rows: Sequence[Record]) -> None:
        self.touches: dict[tuple[UUID, str], Record] = {}
        for row in sorted(rows, key=lambda row: row.rev, reverse=True):
            _, record, group = row.touch.split(":")
            self.touches[UUID(record), group] = row

    def first(self, record: UUID) -> Record:
        found = [row for (one, _), row in self.touches.items() if one == record]
        return min(found, key=lambda row: row.rev)

    def rev(self, record: UUID) -> int:
        return int(self.first(record).rev)


@dataclass(frozen=True)
class Bydel:
    """Where a family lives, by when its addresses were written down."""

    addresses: Sequence[Record]
    map: Boundaries
    """Which delbydel belongs to which bydel, and when."""
    log: Log
    erased: Erased
    """Where the family lived, of whose addresses the area was erased when it was protected."""

    def at(self, rev: int, on: date) -> str:
        known = [one for one in self.addresses if self.log.rev(one.id) <= rev]
        present = max(known, key=lambda one: self.log.rev(one.id))
        if present.delbydel is None and present.protection == "ugradert":
            return self.erased(present.valid_from)
        if present.delbydel is None:
            return "00"
        return str(self.map.bydel_of(present.delbydel, on))


def day(at: datetime) -> date:
    return at.astimezone(OSLO).date()


@dataclass
class Oracle:
    """All pregnancies and needs that there are."""

    pregnancies: list[Pregnancy]
    needs: list[Record]
    today: date

    def counted(self, table: str) -> Counter[Key]:
        """What a table counts; zeros are left out."""
        if table.partition("_by_")[0] in VISITS:
            return Counter(self._visits(*table.partition("_by_")[::2]))
        if table == "families_visited":
            return Counter(self._families_visited())
        if table in {"needs", "needs_by_theme"}:
            return Counter(self._needs(by_theme=table != "needs"))
        if table == "followed_by_nfp":
            return Counter(self._with_nfp())
        return Counter(self._families(table))

    def _with_nfp(self) -> Iterator[Key]:
        for one in self.pregnancies:
            if one.is_with_nfp and one.born is not None:
                yield one.born.year, None, one.bydel.at(one.rev, one.known), "covered_by_nfp"

    def _families(self, table: str) -> Iterator[Key]:
        for one in self.pregnancies:
            if not one.is_eligible:
                continue
            known = one.known
            bydel = one.bydel.at(one.rev, known)
            is_uptake = table.startswith("uptake") or table in {
                "answered_in_time",
                "offer_to_visit",
            }
            on = known if is_uptake else one.born
            if on is None or (table.startswith("kostra_10") and on.year < 2025):
                continue
            for column in self._columns(table, one):
                match table.partition("_by_")[2]:
                    case "tertial":
                        if bydel != "00":
                            yield on.year, bydel, f"t{(on.month + 3) // 4}", column
                    case "language":
                        yield on.year, None, one.language, column
                    case "basis":
                        yield on.year, None, one.basis, column
                    case _:
                        yield on.year, None, bydel, column

    def _columns(self, table: str, one: Pregnancy) -> Iterable[str]:
        table = table.partition("_by_")[0]
        if table in _OF_ACCEPTED:
            return (_OF_ACCEPTED[table](self, one),) if _answered(one) == "accepted" else ()
        return _OF_ALL[table](self, one)

    def in_time(self, one: Pregnancy) -> Iterable[str]:
        first = one.first_offer
        if first is None:
            return
        if self.today < _last_of_month(first) + timedelta(days=14):
            yield "too_early"
        elif any(a.answer != "ubesvart" and (a.answered_on - first).days <= 14 for a in one.said):
            yield "within_14_days"
        else:
            yield "not_within_14_days"

    def active(self, one: Pregnancy) -> str:
        assert one.born is not None
        last = max((e for e in one.enrolments if e.programme == OURS), key=lambda e: e.id)
        left = None if last.ended_on is None else _months(last.ended_on) - _months(one.born)
        for age in (3, 12, 24):
            if _months(self.today) - _months(one.born) <= age:
                return f"younger_than_{age}"
            if left is not None and left < age and last.state == "withdrawn":
                return f"left_before_{age}"
            if left is not None and left < age and last.state in {"moved_out", "ended_by_loss"}:
                return f"moved_or_lost_before_{age}"
        return "active_24"

    def after_birth(self, one: Pregnancy, seen: bool, wait: int) -> str:
        assert one.born is not None
        if self.today < _last_of_month(one.born) + timedelta(days=wait):
            return "too_early"
        return "in_time" if seen else "not_in_time"

    def kostra_14(self, one: Pregnancy) -> str:
        assert one.born is not None
        home = one.row.homecoming_on
        judged = self.after_birth(one, _kostra(one, days=14), 14)
        if home is not None and self.today < _last_of_month(home) + timedelta(days=14):
            return "too_early"
        unknown = judged == "not_in_time" and home is None
        return "homecoming_unknown" if unknown else judged

    def _visits(self, table: str, by: str) -> Iterator[Key]:
        for one in self.pregnancies:
            for visit in one.programme_visits:
                on = day(visit.at)
                bydel, column = one.bydel.at(one.told(visit), on), self._of_visit(table, one, visit)
                if not by:
                    yield on.year, None, bydel, column
                elif bydel != "00":
                    yield on.year, bydel, f"t{(on.month + 3) // 4}", column

    def _families_visited(self) -> Iterator[Key]:
        for one in self.pregnancies:
            found: dict[int, list[tuple[int, str]]] = defaultdict(list)
            for visit in one.programme_visits:
                on = day(visit.at)
                if visit.minutes >= 60:
                    line = one.bydel.at(one.told(visit), on)
                    found[on.year].append((_months(on), line))
            for year, visits in found.items():
                latest = max(month for month, _ in visits)
                line = min(line for month, line in visits if month == latest)
                yield year, None, line, "one_visit" if len(visits) == 1 else "several_visits"

    def _of_visit(self, table: str, one: Pregnancy, visit: Record) -> str:
        match table:
            case "visits":
                return "at_least_an_hour" if visit.minutes >= 60 else "shorter"
            case "continuity":
                own = any(
                    team.nurse_id == visit.nurse_id
                    and team.starts_at <= visit.recorded_at
                    and (team.ends_at is None or visit.recorded_at < team.ends_at)
                    for team in one.teams
                )
                return "own_nurse" if own else "another_nurse"
            case "other_parent":
                there = {"far", "medmor"} & set(visit.present)
                return "other_parent_there" if there else "other_parent_not_there"
            case "interpreter":
                kinds = {None: "not_needed", "ukvalifisert": "unqualified", "manglet": "absent"}
                return kinds.get(visit.interpreter_category, "qualified")
        # What was agreed on before it was told has been in the log for longer.
        planned = visit.ideal is not None or one.log.rev(visit.id) < one.told(visit)
        return "planned" if planned else "unscheduled"

    def _needs(self, *, by_theme: bool) -> Iterator[Key]:
        where = {one.row.family_id: one.bydel for one in self.pregnancies}
        logs = {one.row.family_id: one.log for one in self.pregnancies}
        first: dict[tuple[UUID, int, str], str] = {}
        for need in sorted(self.needs, key=lambda need: need.stated_at):
            on, theme = day(need.stated_at), need.theme or "uten_tema"
            bydel = where[need.family_id].at(logs[need.family_id].rev(need.id), on)
            bydel = first.setdefault((need.pregnancy_id, _months(on), theme), bydel)
            became = need.state if need.state in {"met", "no_longer_wished"} else "still_open"
            column = became if need.reviews else "not_reviewed"
            yield on.year, None, theme if by_theme else bydel, column


VISITS = {"visits", "continuity", "other_parent", "interpreter", "planning"}


def _answered(one: Pregnancy) -> str:
    if not one.ours:
        return "not_offered"
    words = {"ja": "accepted", "nei": "declined", "senere": "later"}
    return words.get(one.answer or "", "unanswered")


def _funnel(one: Pregnancy) -> str:
    if _answered(one) != "accepted":
        return _answered(one)
    return "visited" if one.programme_visits else "not_visited"


def _weeks(one: Pregnancy) -> Iterable[str]:
    if not one.programme_visits:
        return
    days = [
        (day(visit.at) - one.first_offer).days
        for visit in one.programme_visits
        if one.first_offer is not None and day(visit.at) >= one.first_offer
    ]
    weeks = min(days) // 7 if days else None
    if weeks is None:
        yield "weeks_unknown"
    else:
        yield "weeks_0_4" if weeks < 5 else "weeks_5_8" if weeks < 9 else "weeks_9_or_more"


def _in_pregnancy(one: Pregnancy) -> str:
    assert one.born is not None
    for visit in one.programme_visits:
        before = not one.born_is_known(one.told(visit)) or day(visit.at) < one.born
        if before and -21 <= (one.row.term - day(visit.at)).days <= 84:
            return "in_pregnancy"
    last = one.said[-1]
    late = one.born_is_known(one.log.rev(last.id)) and last.answered_on >= one.born
    if late or _months(last.answered_on) > _months(one.born):
        return "accepted_after_birth"
    return "not_in_pregnancy"


def _dose(visits: int) -> str:
    ranges = {"visits_0": [0], "visits_1": [1], "visits_2_3": [2, 3], "visits_4_6": [4, 5, 6]}
    return next((name for name, some in ranges.items() if visits in some), "visits_7_or_more")


def _seen_7_10(one: Pregnancy) -> bool:
    return any(
        7 <= (on - born).days <= 10 and on >= home and visit.place == "hjemme"
        for visit, on, born, home in _after(one)
    )


def _kostra(one: Pregnancy, *, days: int) -> bool:
    """Of consultation 1 alone, which is the first after the birth in the order told."""
    for visit, on, born, home in _after(one):
        if on < home or not ((on - born).days <= 21 or (on - home).days <= 14):
            continue
        at_home = visit.place == "hjemme"
        if days == 14:
            return at_home and (on - home).days <= 14
        return at_home and (on - born).days <= 10 and on >= date(2025, 1, 1)
    return False


def _after(one: Pregnancy) -> Iterator[tuple[Record, date, date, date]]:
    """The visits after the birth, in the order told, whoever's programme they were."""
    born = one.born
    for visit in sorted(one.visits, key=one.told):
        if born is not None and one.born_is_known(one.told(visit)) and day(visit.at) >= born:
            yield visit, day(visit.at), born, one.row.homecoming_on or born


_OF_ACCEPTED: dict[str, Callable[[Oracle, Pregnancy], str]] = {
    "active": Oracle.active,
    "pregnancy_visit": lambda _, one: _in_pregnancy(one),
    "dose": lambda _, one: _dose(len(one.programme_visits)),
}
_OF_ALL: dict[str, Callable[[Oracle, Pregnancy], Iterable[str]]] = {
    "uptake": lambda _, one: (
        _answered(one),
        "reached" if one.programme_visits else "not_reached",
    ),
    "answered_in_time": Oracle.in_time,
    "offer_to_visit": lambda _, one: _weeks(one),
    "funnel": lambda _, one: (_funnel(one),),
    "newborn_visit": lambda oracle, one: (oracle.after_birth(one, _seen_7_10(one), 10),),
    "kostra_10": lambda oracle, one: (oracle.after_birth(one, _kostra(one, days=10), 10),),
    "kostra_14": lambda oracle, one: (oracle.kostra_14(one),),
}


def _months(on: date) -> int:
    return on.year * 12 + on.month


def _last_of_month(on: date) -> date:
    return (on.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def oracle(work: Work, erased: Mapping[UUID, Erased]) -> Oracle:
    """Read every row; what lies sealed is opened family by family, as every reader does."""
    session = work.session

    def rows(query: str) -> Sequence[Record]:
        return session.execute(text(query)).all()

    def by(query: str, name: str) -> dict[UUID, list[Record]]:
        found: dict[UUID, list[Record]] = defaultdict(list)
        for row in rows(query):
            found[getattr(row, name)].append(row)
        return found

    addresses = by("SELECT * FROM address", "family_id")
    offers = by("SELECT * FROM offer", "pregnancy_id")
    answers = by("SELECT * FROM answer", "family_id")
    enrolments = by("SELECT * FROM enrolment", "pregnancy_id")
    visits = by("SELECT * FROM visit WHERE state = 'done'", "pregnancy_id")
    teams = by("SELECT * FROM team WHERE part = 'primary'", "family_id")
    touches = by(
        "SELECT family_id, rev, received_at, unnest(touched) AS touch FROM mutation", "family_id"
    )
    logs = {family: Log(rows) for family, rows in touches.items()}

    def _bydel(family: UUID) -> Bydel:
        return Bydel(addresses[family], boundaries(session), logs[family], erased[family])

    pregnancies = [
        Pregnancy(
            row,
            _spoken(work, row.family_id),
            Bydel(
                addresses[row.family_id],
                boundaries(session),
                logs[row.family_id],
                erased[row.family_id],
            ),
            offers[row.id],
            answers[row.family_id],
            enrolments[row.id],
            visits[row.id],
            teams[row.family_id],
            logs[row.family_id],
        )
        for row in rows("SELECT * FROM pregnancy")
    ]
    needs = rows(
        "SELECT n.*, (SELECT count(*) FROM review r WHERE r.need_id = n.id) AS reviews FROM need n"
    )
    return Oracle(pregnancies, list(needs), work.today)


def _spoken(work: Work, family_id: UUID) -> list[tuple[str | None, bool]]:
    dossier = open_dossier(work, FamilyId(family_id), Action.READ)
    rows = work.session.scalars(select(MemberRow).where(MemberRow.family_id == family_id))
    adults = [row for row in rows if row.role != "barn" and row.died_on is None]
    bodies = [dossier.read(row, MemberBody) for row in adults]
    return [(body.language, body.interpreter is not None) for body in bodies]
