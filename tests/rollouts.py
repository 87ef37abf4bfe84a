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


def planner() -> Actor:
    """Somebody who plans for the city."""
    return Actor(UserId(uuid4()), Role.PLANNER)
