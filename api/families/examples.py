"""Examples for the OpenAPI document. The people are synthetic: month + 80."""

from __future__ import annotations

from typing import Any, Final

Example = dict[str, Any]

MOTHER: Final[Example] = {
    "role": "mor",
    "name": "Rask Bjørk",
    "national_id": "17859058213",
    "phone": "40000001",
    "language": "urdu",
    "interpreter": {"language": "urdu"},
}
FATHER: Final[Example] = {"role": "far", "name": "Stille Fjell"}
ADDRESS: Final[Example] = {
    "delbydel": "0301111101",
    "valid_from": "2026-03-02",
    "lines": "Prøveveien 1",
    "postal_code": "0980",
    "directions": "Ring på hos naboen.",
}
PREGNANCY: Final[Example] = {"term": "2026-05-11", "basis": "forste_barn"}
FAMILY: Final[Example] = {
    "members": [MOTHER, FATHER],
    "address": ADDRESS,
    "pregnancy": PREGNANCY,
}
MEMBER: Final[Example] = {"role": "barn", "name": "Større Sten", "born_on": "2022-08-14"}
MEMBER_CHANGE: Final[Example] = {"phone": "40000002", "interpreter": None}
DEATH: Final[Example] = {"on": "2026-05-20"}
LOOKUP: Final[Example] = {"national_id": "178590 58213"}
BIRTH: Final[Example] = {
    "born_on": "2026-05-09",
    "homecoming_on": "2026-05-11",
    "children": [{"name": "Liten Sten"}],
}
HOMECOMING: Final[Example] = {"homecoming_on": "2026-05-11"}
TERM: Final[Example] = {"term": "2026-05-19"}
BIRTH_DAY: Final[Example] = {"born_on": "2026-05-10"}
LOSS: Final[Example] = {"outcome": "tapt", "on": "2026-03-20"}
ASSIGNMENT: Final[Example] = {"nurse_id": "01970f3a-5c00-7000-8000-00000000000a"}
COVER: Final[Example] = ASSIGNMENT | {"until": "2026-07-31"}
MOVE: Final[Example] = {
    "address": ADDRESS | {"delbydel": "0301121207", "valid_from": "2026-06-01"},
    "summary": "Amming går godt. Ønsker neste besøk om to uker.",
}
