"""Tasks that take turns on one thread: each pauses where it likes, and the hub says who goes on.

A server's request and a phone's round are tasks. One thread and one chooser make every interleaving
of them repeatable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import greenlet


class Killed(BaseException):
    """The process that a task belongs to died. No handler of the code under test catches it."""


def _always() -> bool:
    return True


@dataclass(eq=False, slots=True)
class Task:
    """One thing that goes on. ``where`` says at what it paused."""

    name: str
    kind: str
    run: Callable[[], None]
    where: str = "start"
    ready: Callable[[], bool] = _always
    let: greenlet.greenlet | None = None
    pauses: int = 0
    done: bool = False
    dying: bool = False
    defect: BaseException | None = None
    """What the task raised and nobody caught; a kill is none."""
    notes: dict[str, object] = field(default_factory=dict)
    """What the world wants to remember of it."""


class Scheduler:
    """All tasks, and the hub from which they are resumed."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.ended: list[Task] = []
        """Those that raised what nobody caught."""
        self.dies: Callable[[Task], bool] = lambda _task: False
        """Whether a task that has come to a pause dies there."""
        self._hub = greenlet.getcurrent()
        self._current: Task | None = None

    @property
    def current(self) -> Task | None:
        """The task that runs now; None in the hub."""
        return self._current

    def spawn(self, kind: str, name: str, run: Callable[[], None]) -> Task:
        """Put a new task beside the others; it begins when it is first resumed."""
        task = Task(name, kind, run)
        task.let = greenlet.greenlet(lambda: self._live(task), parent=self._hub)
        self.tasks.append(task)
        return task

    def runnable(self) -> list[Task]:
        """The tasks that could go on now, oldest first."""
        return [task for task in self.tasks if task.ready()]

    def resume(self, task: Task, turns: int = 1) -> None:
        """Let *task* go on for up to *turns* pauses, or until it has to wait."""
        for _ in range(turns):
            if task.done or not task.ready():
                return
            self._switch(task)

    def finish(self, task: Task) -> None:
        """Let *task* go on until it is done or waits for something that is not here."""
        while not task.done and task.ready():
            self._switch(task)

    def pause(self, where: str) -> None:
        """Give the others a chance. In the hub, and in a task that is dying, nothing happens."""
        self.wait(where, _always)

    def wait(self, where: str, ready: Callable[[], bool]) -> None:
        """Give the others a chance until *ready*."""
        task = self._current
        if task is None or task.dying:
            return
        task.where, task.ready, task.pauses = where, ready, task.pauses + 1
        if self.dies(task):
            task.dying = True
            raise Killed
        self._current = None
        self._hub.switch()
        task.ready = _always

    def kill(self, task: Task) -> None:
        """End *task* where it paused: what it holds falls away, and it is not asked."""
        if task.done or task.let is None:
            return
        task.dying = True
        if task.let:
            before, self._current = self._current, task
            task.let.throw(Killed())
            self._current = before
        self._leave(task)

    def _switch(self, task: Task) -> None:
        assert task.let is not None
        self._current = task
        task.let.switch()
        self._current = None

    def _live(self, task: Task) -> None:
        try:
            task.run()
        except Killed:
            pass
        except (KeyboardInterrupt, SystemExit):
            raise  # the whole simulation is stopped, and this world never ended
        except BaseException as defect:  # noqa: BLE001 - a defect of any kind is shown at the end
            task.defect = defect
        self._leave(task)

    def _leave(self, task: Task) -> None:
        task.done = True
        if task in self.tasks:
            self.tasks.remove(task)
            if task.defect is not None:
                self.ended.append(task)
