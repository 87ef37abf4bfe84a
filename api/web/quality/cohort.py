"""From birth to visit: what became of the families of a year's children, as bars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from api.web import charts
from api.web.estimates import REACH, TARGET_GROUP, WHAT_IT_IS, reach_words, spread
from api.web.formats import number, percent
from api.web.marks import NARROW_BARS, WIDE_BARS, Bar
from api.web.quality.asking import Found, Question
from api.web.quality.sections import Column, Figure, Kind, Row, Section, Table, Value, drawn
from api.web.quality.shares import unreleased
from api.web.texts import LazyText, _, _l
from nyefamilier.uptake.estimating import Estimate, eligible, reach
from nyefamilier.uptake.indicators import Share
from nyefamilier.uptake.shares import Ratio, reading
from nyefamilier.uptake.sheets import AREA, Shown


@dataclass(frozen=True, slots=True)
class Step:
    """One count of the way.

    Args:
        column: Its name in the tabulation.
        words: What it is called.
        of: The column that its share is of.
        is_part: Whether it is a reason why others did not come further.
    """

    column: str
    words: LazyText
    of: str
    is_part: bool = False


_ESTIMATED: Final = Step("estimated_eligible", TARGET_GROUP, "estimated_eligible")
BIRTH_TO_VISIT: Final = (
    Step("born", _l("Born"), "born"),
    Step("not_offered", _l("Not offered"), "born", is_part=True),
    Step("offered", _l("Were offered it"), "born"),
    Step("declined", _l("Said no"), "offered", is_part=True),
    Step("later", _l("Said later"), "offered", is_part=True),
    Step("unanswered", _l("Has not answered"), "offered", is_part=True),
    Step("accepted", _l("Said yes"), "offered"),
    Step("not_visited", _l("Not visited yet"), "accepted", is_part=True),
    Step("visited", _l("Visited"), "accepted"),
)
DOSE: Final = (
    Step("visits_0", _l("No visit yet"), "accepted"),
    Step("visits_1", _l("1 visit"), "accepted"),
    Step("visits_2_3", _l("2 or 3 visits"), "accepted"),
    Step("visits_4_6", _l("4 to 6 visits"), "accepted"),
    Step("visits_7_or_more", _l("7 visits or more"), "accepted"),
)


@dataclass(frozen=True, slots=True)
class Way:
    """The bars of a section.

    Args:
        code: Its name in addresses, and the tabulation.
        title: Its heading.
        steps: The bars, the first of which is everybody, or else the parts of *root*.
        root: The column that counts everybody.
        caption: How the chart is read.
        first: The heading of the bars' names.
        share: The heading of their shares.
        notes: What else there is to know.
        estimate: How many there should be, whom nobody counted; None where nobody can say.
    """

    code: str
    title: LazyText
    steps: tuple[Step, ...]
    root: str
    caption: LazyText
    first: LazyText
    share: LazyText
    notes: tuple[LazyText, ...] = ()
    estimate: Estimate | None = None


_FUNNEL: Final = Way(
    "funnel",
    _l("From birth to visit"),
    BIRTH_TO_VISIT,
    "born",
    _l("Dark bars are the steps of the way, light ones those who have not come further. Each "
       "share is of the step before. Families followed up by Sammen på vei (NFP) instead are in no "
       "bar, neither as a yes nor as a no; the last line of the table says how many they are."),
    _l("Step"),
    _l("Share of the step before"),
    (_l("“Later” and no answer yet are not a no. A family that moves away or loses the child "
        "stays in the numbers of its year."),),
)  # fmt: skip
_DOSE: Final = Way(
    "dose",
    _l("Visits per family"),
    DOSE,
    "accepted",
    _l("Families who said yes and whose child was born in the year, by how many visits they have "
       "had until now. There is no number that is right: families decide how often."),
    _l("Visits"),
    _l("Share"),
)  # fmt: skip


def sections(question: Question, found: Found) -> list[Section]:
    """One section: from birth to visit."""
    estimate = eligible(question.own, question.year)
    way = replace(_FUNNEL, estimate=estimate)
    return [_section(way, question, found, _come_so_far, _followed_by_nfp(question, found))]


def dose_section(question: Question, found: Found) -> Section:
    """How many visits the families have had."""
    return _section(_DOSE, question, found, _most)


def _section(
    way: Way,
    question: Question,
    found: Found,
    finding: Callable[[str, Way, Mapping[str, Shown]], str],
    beside: Row | None = None,
) -> Section:
    code, title, sheets = way.code, str(way.title), found.get(way.code, ())
    if not sheets:
        return unreleased(code, title, question)
    sheet = sheets[-1]
    line = sheet.lines.get(question.own or AREA, {})
    if line.get(way.root, Shown(0)).value == 0:
        told = _("%(area)s: no families yet.", area=question.area)
        elsewhere = beside is not None and beside.cells[0] != Shown(0)
        table = _table(way, line, None, beside) if elsewhere else None
        return Section(code, title, told, table=table, sheet=sheet)
    # Of a year that is under way, a part of the families would be a share of a whole year's.
    visited = line.get("visited", Shown(0)) if question.year < question.today.year else Shown(None)
    share = reach(visited.value, way.estimate)
    return Section(
        code,
        title,
        finding(question.area, way, line),
        str(way.caption),
        partial(_figure, way, line),
        (*(str(one) for one in way.notes), *_of_estimate(way.estimate, share)),
        _table(way, line, share, beside),
        sheet,
    )


def _of_estimate(estimate: Estimate | None, share: Share | None) -> tuple[str, ...]:
    if estimate is None:
        return ()
    told = [spread(estimate), *([] if share is None else [reach_words(share)])]
    return (" ".join([*told, str(WHAT_IT_IS)]),)


def _followed_by_nfp(question: Question, found: Found) -> Row | None:
    """The families of the year's children whom the other programme follows; a part of no step."""
    sheets = found.get("followed_by_nfp", ())
    if not sheets:
        return None
    count = sheets[-1].lines.get(question.own or AREA, {}).get("covered_by_nfp", Shown(0))
    return Row("covered_by_nfp", _("Followed by Sammen på vei (NFP) instead"), (count, "–"))


def _come_so_far(area: str, way: Way, line: Mapping[str, Shown]) -> str:
    """How far the families have come, as far as it is shown."""
    whole = line.get("born", Shown(0)).value
    ways = [one for one in way.steps if not one.is_part and one.column != "born"]
    if whole is None or any(line.get(one.column, Shown(0)).value is None for one in ways):
        return _("%(area)s: some of the steps are hidden, so that no small number can be told.",
                 area=area)  # fmt: skip
    offered, accepted, visited = (number(line.get(one.column, Shown(0)).value) for one in ways)
    return _(
        "%(area)s: of %(born)s families with a child born in the year, %(offered)s were offered "
        "the programme, %(accepted)s said yes, and %(visited)s have been visited.",
        area=area,
        born=number(whole),
        offered=offered,
        accepted=accepted,
        visited=visited,
    )


def _most(area: str, way: Way, line: Mapping[str, Shown]) -> str:
    """Which number of visits is the most frequent, if all numbers are shown."""
    counts = [line.get(one.column, Shown(0)).value for one in way.steps]
    known = [one for one in counts if one is not None]
    if len(known) < len(counts):
        return _("%(area)s: some of the numbers are hidden, so that no small number can be told.",
                 area=area)  # fmt: skip
    most = way.steps[known.index(max(known))]
    return _(
        "%(area)s: most families have had: %(visits)s (%(count)s of %(whole)s).",
        area=area,
        visits=str(most.words).lower(),
        count=number(max(known)),
        whole=number(sum(known)),
    )


def _share(step: Step, line: Mapping[str, Shown]) -> Share | None:
    return reading(line, Ratio((step.column,), (step.of,))).share


def _figure(way: Way, line: Mapping[str, Shown]) -> Figure | None:
    whole = line.get(way.root, Shown(0)).value
    if not whole:
        return None
    if way.estimate is not None:
        line = {_ESTIMATED.column: Shown(way.estimate.value), **line}
        whole = max(whole, way.estimate.value)
    rows = [_bar(step, line, whole) for step in _steps(way)]
    what = _("bar")
    return drawn(charts.bars(rows, what, WIDE_BARS), charts.bars(rows, what, NARROW_BARS))


def _bar(step: Step, line: Mapping[str, Shown], whole: int) -> Bar:
    name, count = str(step.words), line.get(step.column, Shown(0)).value
    if count is None:
        return Bar(name, f"{name}: {_('hidden')}", None, _("hidden"), step.is_part)
    share = None if step.column == step.of else _share(step, line)
    label = number(count) if share is None else f"{number(count)} ({percent(share.value)})"
    return Bar(name, f"{name}: {label}", count / whole, label, step.is_part)


def _steps(way: Way) -> tuple[Step, ...]:
    return way.steps if way.estimate is None else (_ESTIMATED, *way.steps)


def _table(
    way: Way, line: Mapping[str, Shown], share: Share | None, beside: Row | None = None
) -> Table:
    columns = (
        Column("families", _("Families"), Kind.COUNT),
        Column("share", str(way.share), Kind.SHARE),
    )
    rows = [Row(one.column, str(one.words), _cells(one, line)) for one in way.steps]
    if way.estimate is not None:
        whole = (Shown(way.estimate.value), "–")
        rows.insert(0, Row(_ESTIMATED.column, str(TARGET_GROUP), whole, spread(way.estimate)))
    if share is not None:
        cells = (line.get("visited", Shown(0)), share)
        rows.append(Row("estimated_reach", str(REACH), cells, reach_words(share)))
    return Table(str(way.first), columns, (*rows, *([] if beside is None else [beside])))


def _cells(step: Step, line: Mapping[str, Shown]) -> tuple[Value, ...]:
    """The count and its share; nothing is a share of itself."""
    share = "–" if step.column == step.of else _share(step, line)
    return line.get(step.column, Shown(0)), share
