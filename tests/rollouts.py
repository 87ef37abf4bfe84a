"""Plans as planners write them, for tests that keep them."""

from __future__ import annotations

from uuid import uuid4

from nyefamilier.kernel.actors import Actor, Role
from nyefamilier.kernel.ids import UserId

PLAN = """\
schema = 1
name = "{name}"
first_month = "2027-01"
months = 12

[policy]
eligible = ["forste_barn"]
hiring_lead_months = 2
longest_wait_months = 2
price_level = 2027

[births]
source = "test"
estimate = true
city = {{ 2027 = 9000 }}

[[waves]]
bydel = "11"
programme = "nye_familier"
start = "2027-06"
preparation_months = 1
ramp_months = 3
source = "test"

[[staffing]]
bydel = "11"
decided = "2027-01"
arsverk = {arsverk}
position_percentage = 80
source = "test"

[[budget]]
line = "Nye familier"
year = 2027
nok = 5000000
kind = "level"
price_level = 2027
source = "test"
"""


def document(name: str = "Stovner first", arsverk: float = 4.5) -> str:
    """A small plan in TOML."""
    return PLAN.format(name=name, arsverk=arsverk)


def past_document(name: str = "Two bydeler since 2024") -> str:
    """A plan of 2024 to 2026: Stovner and Alna have started, Østensjø starts in December 2026."""
    told = document(name, 12).replace("months = 12", "months = 36", 1)
    told = told.replace("2027 = 9000", "2024 = 9000, 2025 = 9000, 2026 = 9000")
    told = told.replace("2027-", "2024-").replace("= 2027\n", "= 2024\n")
    wave, posts = told[told.index("[[waves]]") : told.index("[[budget]]")].split("[[staffing]]")
    others = []
    for bydel, start in (("12", "2025-01"), ("13", "2026-12")):
        parts = (wave, f"[[staffing]]{posts}")
        others += [one.replace('"11"', f'"{bydel}"').replace("2024-06", start) for one in parts]
    return told + "\n" + "\n".join(others)


def planner() -> Actor:
    """Somebody who plans for the city."""
    return Actor(UserId(uuid4()), Role.PLANNER)
