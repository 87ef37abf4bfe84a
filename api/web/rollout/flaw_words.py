"""What is wrong with a plan's document, in the reader's language.

The rollout tells flaws in English sentences with values in them. Here each kind of sentence stands
with names in place of its values: the sentence is recognised, translated, and given its values.
"""

from __future__ import annotations

import re
from typing import Final

from api.web.texts import _


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for a text that is translated later
    """The text itself; it is gathered for translation."""
    return text


_SENTENCES: Final = (
    N_("%(key)s is missing."),
    N_("Add it."),
    N_("%(key)s is not known here."),
    N_("Known are: %(words)s."),
    N_("%(key)s is not a text that can be printed."),
    N_("Remove the control characters."),
    N_("%(key)s is not a text with words in it."),
    N_("Write at most %(count)s characters."),
    N_("%(key)s is not a month."),
    N_('Write it as "2018-07".'),
    N_("%(key)s is not a day."),
    N_("Write it as 2028-01-01."),
    N_("%(key)s is not a whole number."),
    N_("%(key)s is not a number."),
    N_("Write one from %(low)s to %(high)s."),
    N_("%(key)s is not true or false."),
    N_("Write one of the two."),
    N_("%(key)s is not a word that is known here."),
    N_("Write one of: %(words)s."),
    N_("%(key)s is not a list of texts."),
    N_('Write it as ["01", "02"].'),
    N_("%(key)s is not a table."),
    N_("Write it as [[%(key)s]]."),
    N_("Write it as [%(key)s]."),
    N_("%(key)s is not a list of tables."),
    N_("Write [[%(key)s]], at most %(count)s times."),
    N_("%(key)s is %(value)s, a share over 1."),
    N_("%(key)s is a number of too many digits."),
    N_("Write a share as a number up to %(high)s; 83 %% is 0.83."),
    N_("%(value)s is not from %(low)s to %(high)s."),
    N_("Write low, value and high in rising order."),
    N_("A share that is %(shape)s has no end."),
    N_("Write uniform or triangular with low and high."),
    N_("It is counted in %(unit)s."),
    N_("Make it at most %(most)s."),
    N_("Values under %(low)s would occur."),
    N_("Write a number from %(low)s to %(high)s."),
    N_("Add %(year)s with its births."),
    N_("Add [[staffing]] for it."),
    N_("Add a line of %(year)s or earlier."),
    N_("Add the counts together."),
    N_("Bydel %(bydel)s is in unit %(unit)s already."),
    N_("Bydel %(bydel)s is observed twice."),
    N_("Bydel %(bydel)s starts %(programme)s in %(place)s already."),
    N_("Bydel %(bydel)s starts and has no nurses at all."),
    N_("Delbydel %(code)s is in unit %(unit)s already."),
    N_("End them later."),
    N_("Give every delbydel a unit."),
    N_("Give some bydel a weight over 0."),
    N_("Its first nurses are there in %(month)s and prepare themselves until %(until)s."),
    N_("Keep it in one of them."),
    N_("Keep one of the two."),
    N_("Keep one, or name them apart."),
    N_("Leave it out."),
    N_("Plan for bydel %(bydel)s, which serves it."),
    N_("Move the start, or make the plan longer."),
    N_("Name a year that has one."),
    N_("Name them apart."),
    N_("No bydel is known on %(day)s."),
    N_("No unit has %(codes)s."),
    N_("Nurses work in %(year)s, and no budget line covers that year or one before."),
    N_("Start then or later, or decide on the posts earlier."),
    N_("The births fall on no bydel."),
    N_("The plan computes %(year)s and has no births of it."),
    N_("The posts end in %(month)s, before anybody works in them (%(first)s)."),
    N_("There is no bydel %(bydel)s on %(day)s."),
    N_("There is no delbydel %(code)s in use on %(day)s."),
    N_("Write a day on which the city has bydeler."),
    N_("Write a month of the plan."),
    N_("Write its number, as 11."),
    N_("Write its ten digits, as 0301010110."),
    N_("%(line)s has a line of %(year)s already."),
    N_("%(bydel)s has no administration of its own."),
    N_("%(line)s has no line of %(over)s before %(year)s."),
    N_("%(month)s is outside the plan, from %(first)s to %(last)s."),
    N_("%(month)s is outside the plan, which ends before %(last)s."),
    N_("%(unit)s is the name of unit %(other)s already."),
    N_("Mend these, and read the plan again."),
    N_("There are %(count)s flaws; these are the first %(first)s of them."),
    N_("A line of kind above, and no other, has over."),
    N_("It is nested too deeply, or has a number of too many digits."),
    N_("Leave out what is not needed."),
    N_("Mend the text at that place."),
    N_("Name the year with over, or choose another kind than %(kind)s."),
    N_("The document has more than %(count)s characters."),
    N_("This is not TOML: %(problem)s."),
    N_("Write the year's four digits."),
    N_("%(word)s is no basis."),
    N_("%(key)s is no year."),
    N_("Bydel %(bydel)s had not started before %(month)s in the decided version."),
    N_("Bydel %(bydel)s has started %(programme)s in %(start)s, before %(month)s."),
    N_("Bydel %(bydel)s has started in %(start)s, before %(month)s."),
    N_("Keep it in the plan."),
    N_("Let it start in %(month)s or later."),
    N_("Write %(word)s."),
    N_("%(key)s is %(value)s."),
)
"""Those without a word of their own at the end: they would recognise the others, too."""
_NAMED: Final = re.compile(r"%\\\((\w+)\\\)s")


def flaw_words(sentence: str) -> str | None:
    """The sentence in the reader's language; None where it is not known."""
    for pattern, known in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            return _(known, **found.groupdict()) if found.groupdict() else _(known)
    return None


def _pattern(known: str) -> re.Pattern[str]:
    """Recognises a sentence, whatever its values."""
    return re.compile(_NAMED.sub(r"(?P<\1>.*?)", re.escape(known).replace("%%", "%")), re.DOTALL)


_PATTERNS: Final = tuple((_pattern(known), known) for known in _SENTENCES)
