"""Telling signed heads to places that the database's owner does not rule.

Two kinds: a folder (a share that can only be added to, a mailbox's spool), and a witness that
speaks HTTP. A place that was away is told the newest head the next time, with the proof that the
log begins with the one it has.

Sources: C2SP tlog-witness, `add-checkpoint`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import httpx

from nyefamilier.storage.work import Work
from nyefamilier.transparency import store
from nyefamilier.transparency.checkpoints import witness_request
from nyefamilier.transparency.merkle import Tree

_TIMEOUT_S: Final = 10.0
_PLACES: Final = 20
_PASSING: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class AnchorAway(Exception):  # noqa: N818 - an answer, not a defect
    """The place could not be told; the next time it is."""


class AnchorRefused(Exception):  # noqa: N818 - an answer, not a defect
    """The place has been told something else before, or does not believe the proof."""


class AnchorHas(Exception):  # noqa: N818 - an answer, not a defect
    """The place has the head of another size than we thought: a receipt was lost."""

    def __init__(self, size: int) -> None:
        super().__init__(f"it has the head of size {size}")
        self.size = size


@dataclass(frozen=True, slots=True)
class News:
    """The newest head, and what shows that it goes on from the one that the place has."""

    earlier: int
    size: int
    proof: Sequence[bytes]
    note: str


class Anchor(Protocol):
    """A place that keeps checkpoints."""

    @property
    def name(self) -> str:
        """By which we remember what it has."""

    def tell(self, news: News) -> None:
        """Have it keep a checkpoint; to return is a receipt.

        Raises:
            AnchorAway, AnchorRefused, AnchorHas: see there.
        """


Opened: TypeAlias = Callable[[], AbstractContextManager[Work]]


def tell(opened: Opened, anchor: Anchor) -> int:
    """Tell a place the newest head, if it has not got it; to which size it was told, or 0.

    Args:
        opened: Opens a piece of the programme's own work.
        anchor: Whom; no transaction is open while it is told.

    Raises:
        AnchorAway, AnchorRefused: see there.
    """
    with opened() as work:
        news = _news(work, store.anchored(work.session, anchor.name))
    if news is None:
        return 0
    try:
        anchor.tell(news)
    except AnchorHas as other:
        with opened() as work:
            news = _news(work, other.size) or news
        if news.earlier == other.size:
            _tell_again(anchor, news)
    with opened() as work:
        store.set_anchored(work.session, anchor.name, news.size, work.now)
    return news.size


def _tell_again(anchor: Anchor, news: News) -> None:
    try:
        anchor.tell(news)
    except AnchorHas as other:
        raise AnchorAway("it says each time that it has another head") from other


def _news(work: Work, earlier: int) -> News | None:
    newest = store.newest_checkpoint(work.session)
    if newest is None or newest.size == earlier:
        return None
    if newest.size < earlier:
        raise AnchorRefused("it has a head of a larger log than this one")
    tree = Tree(partial(store.kept, work.session))
    proof = tree.consistency(earlier, newest.size) if earlier else ()
    return News(earlier, newest.size, proof, newest.note)


class FolderAnchor:
    """A folder with one file for each checkpoint, named by its size; none is ever replaced."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tell(self, news: News) -> None:
        """See `Anchor`."""
        path = self._folder / f"{news.size:0{_PLACES}}.checkpoint"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            kept = self._keep(path, news.note)
        except OSError as error:
            raise AnchorAway(type(error).__name__) from error
        if kept != news.note:
            raise AnchorRefused("it has another head of a log of the same size")

    def notes(self) -> list[str]:
        """All checkpoints that it has, the smallest log's first.

        Raises:
            AnchorAway: the folder cannot be read.
        """
        try:
            return [
                one.read_text(encoding="utf-8") for one in sorted(self._folder.glob("*.checkpoint"))
            ]
        except OSError as error:
            raise AnchorAway(type(error).__name__) from error

    def _keep(self, path: Path, note: str) -> str:
        """Write the file if there is none of its name; what it holds then."""
        if not path.exists():
            beside = path.with_suffix(f".{os.getpid()}.tmp")
            with beside.open("w", encoding="utf-8") as file:
                file.write(note)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(beside, path)
            except FileExistsError:
                pass
            finally:
                beside.unlink()
        return path.read_text(encoding="utf-8")


class WitnessAnchor:
    """A witness, who checks that the log only grows before it keeps its head."""

    name = "witness"

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url = url.rstrip("/") + "/add-checkpoint"
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def tell(self, news: News) -> None:
        """See `Anchor`."""
        body = witness_request(news.earlier, news.proof, news.note)
        try:
            answer = httpx.post(self._url, content=body, headers=self._headers, timeout=_TIMEOUT_S)
        except httpx.HTTPError as error:
            raise AnchorAway(type(error).__name__) from error
        if answer.is_success:
            return
        if answer.status_code == HTTPStatus.CONFLICT and answer.text.strip().isdecimal():
            raise AnchorHas(int(answer.text))
        told = f"it answered {answer.status_code}"
        if answer.is_client_error and answer.status_code not in _PASSING:
            raise AnchorRefused(told)
        raise AnchorAway(told)
