"""Lives of two phones on one family: drawn from a seed, lived in Chromium, judged by the server."""

from __future__ import annotations

import contextlib
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from playwright.sync_api import BrowserContext, Frame, Page

from tests.e2e.served import Served
from tests.fieldapp.test_store import kill

NURSE = "grunerlokka2"
SCRIPT = Path(__file__).with_name("lives.js").read_text(encoding="utf-8")
# A document made from a text is served by the worker of the one it lies in.
FRAME = """() => new Promise((go) => {
  const made = document.createElement("iframe");
  made.srcdoc = "<p>";
  made.onload = () => go();
  document.body.append(made);
})"""
WRITES = ["note", "need", "visit", "number", "number", "correct", "review", "close"]
STATES = ["met", "no_longer_wished"]
ROUTES = ["/push", "/push", "/pull", "/ack", "/escrow", "/lease"]
MISHAPS = ["away", "away", "back", "lost-ask", "lost-answer", "lost-answer", "hotel", "year"]
MISHAPS += ["year-before", "clock", "tab", "both"]

Step = dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """What one phone lives through before the other one does; its page may end by it."""

    phone: int
    steps: list[Step]
    ends: bool


class Draws:
    """A life, drawn."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)  # noqa: S311 - a life repeats itself by its seed
        self._seed, self._number = seed, 0
        self._note, self._need = self.write("note"), self.write("need")

    def life(self) -> list[Turn]:
        """Both know the same note and the same need; then things happen."""
        begun = [Turn(0, [self._note, self._need, {"what": "round"}], ends=False)]
        begun.append(Turn(1, [{"what": "round"}], ends=False))
        return begun + [self._turn() for _ in range(self._draw.randrange(3, 7))]

    def _turn(self) -> Turn:
        steps = [self._step() for _ in range(self._draw.randrange(1, 5))]
        ends = self._draw.random() < 0.3
        return Turn(self._draw.randrange(2), [*steps, *([self._end()] if ends else [])], ends)

    def _step(self) -> Step:
        lot = self._draw.random()
        if lot < 0.5:
            return self.write(self._draw.choice(WRITES))
        what = "round" if lot < 0.7 else self._draw.choice(MISHAPS)
        step: Step = {"what": what}
        if what in {"lost-ask", "lost-answer"}:
            step["of"] = self._draw.choice(ROUTES)
        if what == "both":
            step["saves"] = [self.write("note"), self.write("need")]
        return step

    def _end(self) -> Step:
        """In good order, or in the middle of a save, of a round, or of both."""
        if self._draw.random() < 0.2:
            return {"what": "reload"}
        amid, count = self._draw.choice([(True, 0), (True, 0), (True, 1), (False, 1), (False, 2)])
        of = WRITES if count == 1 else ["note", "visit"]
        step: Step = {"what": "dies", "amid": amid}
        step["saves"] = [self.write(self._draw.choice(of)) for _ in range(count)]
        if self._draw.random() < 0.75:
            step["moments"] = self._draw.randrange(18 if amid else 4 * count)
        else:
            step["breath"] = self._draw.choice([0, 2, 5, 20, 60])
        return step

    def write(self, what: str) -> Step:
        """Something that she writes, which is found again by its id or its words."""
        self._number += 1
        words = f"{what} {self._number} of life {self._seed}, {self._draw.getrandbits(32):08x}"
        step: Step = {"what": what, "id": self._id(), "words": words}
        if what == "number":
            step["words"] = f"4{self._draw.randrange(10**7):07}"
        if what == "correct":
            step["of"] = self._note["id"]
        if what in {"review", "close"}:
            step |= {"of": self._need["id"], "state": self._draw.choice(STATES)}
        return step

    def _id(self) -> str:
        # New in each run, as the server keeps what an earlier one wrote.
        made = uuid4().int & ~(0xF << 76) | 7 << 76
        return str(UUID(int=made & (1 << 80) - 1 | 0x019A_0000_0000 << 80))


@dataclass
class Pocket:
    """One phone: its browser, the secret that unlocks it, and how it stands."""

    served: Served
    starts: Callable[[], BrowserContext]
    profile: Path | None = None
    secret: str = ""
    device: str = ""
    seq: int = 1
    mothers: list[dict[str, str]] = field(default_factory=list)
    away: bool = False
    skew: int = 0
    kills: int = 0
    _page: Page | None = None
    _frame: Frame | None = None

    def begin(self) -> None:
        """The first day: enrolled, with all of her families."""
        told = self._life("begin()")
        assert (told["stopped"], told["alarms"]) == (None, [])
        self.secret, self.device = told["secret"], told["device"]
        self.mothers = sorted(told["mothers"], key=lambda one: one["family"])
        self._ends(hard=False)

    def live(self, home: dict[str, str], turn: Turn, *, hard: bool) -> list[Step]:
        """A turn, and what she saved in it."""
        told = self._life("live(given)", home=home, steps=turn.steps)
        self.away, self.skew = told["away"], told["skew"]
        if turn.ends:
            self._ends(hard=hard)
        return [one | {"device": self.device} for one in told["saves"]]

    def settle(self, home: dict[str, str]) -> dict[str, Any]:
        """The network is there and stays: rounds, until there is nothing to do."""
        self.away = False
        told = dict(self._life("settle(given)", home=home))
        return told | {"all": json.loads(told["all"])}

    def close(self) -> None:
        """It is put away."""
        if self._page is not None:
            self._page.context.close()

    def _life(self, what: str, **given: object) -> Any:
        if self._frame is None:
            self._frame = self._start()
            sign_in = {"username": NURSE, "password": self.served.passwords[NURSE]}
            stands = {"secret": self.secret, "away": self.away, "skew": self.skew}
            self._frame.evaluate(SCRIPT, sign_in | stands)
        return self._frame.evaluate(f"(given) => life.{what}", given)

    def _start(self) -> Frame:
        """A document of its own within the app's page, whose worker has all modules at hand."""
        if self._page is None:
            self._page = self.starts().new_page()
            self._page.goto(f"{self.served.address}/felt/")
            self._page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            self._page.reload()
        self._page.evaluate(FRAME)
        return self._page.frames[-1]

    def _ends(self, *, hard: bool) -> None:
        assert self._page is not None
        self._frame = None
        if not (hard and self.profile):
            self._page.evaluate("document.querySelector('iframe').remove()")
            return
        self.kills += 1
        kill(self.profile)
        with contextlib.suppress(Exception):
            self._page.context.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)
        self._page = None


class Office:
    """The server as the nurse reads it by REST."""

    def __init__(self, served: Served) -> None:
        self._line = httpx.Client(base_url=f"{served.address}/api/v1", timeout=60)
        told = {"username": NURSE, "password": served.passwords[NURSE]}
        token = self._line.post("/tokens", json=told).raise_for_status().json()["token"]
        self._line.headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def verdicts(self, device: str, first: int, last: int) -> list[dict[str, Any]]:
        """What has become of a phone's mutations."""
        if last < first:
            return []
        where = {"device_id": device, "from": first, "to": last}
        return list(self._get("/sync/ack", where)["results"])

    def family(self, home: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
        """What it has of a family, and what waits there for a decision."""
        family = home["family"]
        kinds = {kind: self._get(f"/families/{family}/{kind}s") for kind in KINDS}
        assert all(found.get("next") is None for found in kinds.values())
        inbox = self._get("/sync/reviews", {"limit": 100})["items"]
        told = {kind: found["items"] for kind, found in kinds.items()}
        told["member"] = self._get(f"/families/{family}")["members"]
        return told | {"inbox": [one for one in inbox if one["family_id"] == family]}

    def dismiss(self, inbox: list[dict[str, Any]]) -> None:
        """What a life left in the inbox is set aside: the next one begins with an empty one."""
        for one in inbox:
            told = {"review_id": one["id"], "choose": "dismiss", "reason": "Prøvd."}
            key = {"Idempotency-Key": str(uuid4())}
            self._line.post("/sync/reviews", json=told, headers=key).raise_for_status()

    def _get(self, path: str, where: dict[str, Any] | None = None) -> Any:
        return self._line.get(path, params=where).raise_for_status().json()


KINDS = ["note", "need", "visit"]
# What the same record says on a phone and by REST.
ALIKE = {
    "note": ("text", "corrects"),
    "need": ("words", "state"),
    "visit": ("state", "minutes"),
    "member": ("phone", "name"),
}


@dataclass
class Lives:
    """Two phones of one nurse, and what the server says of them."""

    pockets: list[Pocket]
    office: Office
    tally: Counter[str] = field(default_factory=Counter)

    def live(self, seed: int) -> list[str]:
        """One life; what is wrong after it."""
        turns = Draws(seed).life()
        mothers = self.pockets[0].mothers
        home = mothers[seed % len(mothers)]
        hard = random.Random(seed)  # noqa: S311 - as the life itself
        saves: list[Step] = []
        for turn in turns:
            pocket = self.pockets[turn.phone]
            saves += pocket.live(home, turn, hard=hard.random() < 0.5)
        self.tally.update(step["what"] for turn in turns for step in turn.steps)
        ended = [pocket.settle(home) for pocket in self.pockets]
        # What the second one has sent is with the first by now.
        before, ended[0] = ended[0]["reports"], self.pockets[0].settle(home)
        ended[0]["reports"] = [*before, *ended[0]["reports"]]
        return self._judged(home, saves, ended)

    def _judged(self, home: Step, saves: list[Step], ended: list[Step]) -> list[str]:
        server = self.office.family(home)
        named = self._named(ended)
        wrong = [*settled(ended), *same(ended, server), *once(saves, named)]
        # What speaks of something that waits in the inbox itself comes when that is decided.
        later = following(saves, named, server)
        here = [one for one in saves if one.get("mutation") not in later]
        wrong += [f"{one} is {how}" for one in here if (how := where(one, server)) is not None]
        undone = [one for one in named if one["id"] not in later]
        wrong += [*waits(undone, server), *last_number(saves, named, server)]
        self.tally.update(one["status"] for one in named)
        self.tally.update(one["reason"] for one in named if one.get("reason"))
        self.office.dismiss(server["inbox"])
        return wrong

    def _named(self, ended: list[Step]) -> list[Step]:
        """Every verdict of this life."""
        named = []
        for pocket, end in zip(self.pockets, ended, strict=True):
            first, pocket.seq = pocket.seq, end["nextSeq"]
            named += self.office.verdicts(end["device"], first, pocket.seq - 1)
        return named


def settled(ended: list[Step]) -> list[str]:
    """Each phone has sent all, and nothing was found that must never be."""
    wrong = []
    for number, end in enumerate(ended):
        last = end["reports"][-1]
        left = [last["stopped"], last["stuck"], last["unsent"], end["pending"], end["resets"]]
        alarms = [one for report in end["reports"] for one in report["alarms"]]
        if left != [None, None, 0, 0, 0] or alarms:
            wrong.append(f"phone {number} ends with {left} {alarms}")
    return wrong


def same(ended: list[Step], server: dict[str, list[Step]]) -> list[str]:
    """Both phones have the same, and it is what the server says."""
    wrong = [] if ended[0]["all"] == ended[1]["all"] else ["the phones differ"]
    for number, end in enumerate(ended):
        for kind, fields in ALIKE.items():
            here = {
                one["id"]: [one["body"].get(name) for name in fields]
                for one in end["all"]
                if one["kind"] == kind
            }
            there = {one["id"]: [one.get(name) for name in fields] for one in server[kind]}
            if here != there or len(there) != len(server[kind]):
                wrong.append(f"phone {number} has other {kind}s: {differing(here, there)}")
        inbox = [one for one in end["all"] if one["kind"] == "inbox"]
        waiting = {one["id"] for one in inbox if not one["body"].get("decided_at")}
        if waiting != {one["id"] for one in server["inbox"]}:
            wrong.append(f"phone {number} has another inbox than the server")
    return wrong


def differing(here: Step, there: Step) -> list[Any]:
    """What only one has, or has otherwise."""
    ids = here.keys() | there.keys()
    return [(one, here.get(one), there.get(one)) for one in ids if here.get(one) != there.get(one)]


def once(saves: list[Step], named: list[Step]) -> list[str]:
    """What she was told is saved, the server has named, each under a seq of its own."""
    times = Counter(one["id"] for one in named)
    wrong = [
        f"{one} is named {times[one['mutation']]} times"
        for one in saves
        if one.get("mutation") and times[one["mutation"]] != 1
    ]
    if not sum(one["sure"] for one in saves) <= len(named) <= len(saves):
        wrong.append(f"{len(named)} named of {len(saves)} saved")
    return wrong


def following(saves: list[Step], named: list[Step], server: dict[str, list[Step]]) -> set[str]:
    """Mutations that are parked until the inbox is decided on what they speak of."""
    parked = {one["id"] for one in named if one["status"] == "parked"}
    waiting = json.dumps(server["inbox"])
    return parked & {one.get("mutation") for one in saves if "of" in one and one["of"] in waiting}


def where(one: Step, server: dict[str, list[Step]]) -> str | None:
    """How it is with what she saved, if it is neither in its place, once, nor in the inbox."""
    if one["what"] == "number":
        return None  # another one may have taken its place: see last_number
    reviews = [review for need in server["need"] for review in need["reviews"]]
    places = server | {"correct": server["note"], "review": reviews, "close": reviews}
    found = [record for record in places[one["what"]] if record["id"] == one["id"]]
    waiting = [item for item in server["inbox"] if one["id"] in json.dumps(item)]
    if not found and not waiting:
        return "lost" if one["sure"] else None
    said = [record.get("text") or record.get("words") for record in found]
    if len(found) > 1 or (found and one["what"] != "visit" and said != [one["words"]]):
        return f"there as {found}"
    return None


def waits(named: list[Step], server: dict[str, list[Step]]) -> list[str]:
    """What was not carried out lies in the inbox, for the mutation that said it."""
    waiting = {one["mutation_id"] for one in server["inbox"]}
    undone = [one for one in named if one["status"] not in {"applied", "noop"}]
    return [f"{one} is in no inbox" for one in undone if one["id"] not in waiting]


def last_number(saves: list[Step], named: list[Step], server: dict[str, list[Step]]) -> list[str]:
    """The number is the one that was carried out last; one that lost lies in the inbox."""
    numbers = [one for one in saves if one["what"] == "number"]
    words = {one.get("mutation"): one["words"] for one in numbers}
    ours = [one for one in named if one["id"] in words]
    lost = [words[one["id"]] for one in ours if one["status"] == "conflict"]
    wrong = [f"number {one} is nowhere" for one in lost if one not in json.dumps(server["inbox"])]
    done = [(one["rev"], words[one["id"]]) for one in ours if one["status"] == "applied"]
    # One whose saving nobody was told of may have come later.
    untold = {one["words"] for one in numbers if "mutation" not in one}
    stands = {one["phone"] for one in server["member"]}
    if done and not ({max(done)[1]} | untold) & stands:
        wrong.append(f"number {max(done)[1]} was carried out last, and is not there")
    return wrong
