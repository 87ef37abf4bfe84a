"""APScheduler's job store on our own table.

A job's time goes on when its run is done, and not when it is handed out. So whoever leads next
finds every time that nobody settled, and does it at once. Nothing is pickled: whatever a row could
be made to hold, nobody would carry it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from apscheduler.job import Job as Entry
from apscheduler.jobstores.base import BaseJobStore, JobLookupError


class Timetable(BaseJobStore):  # type: ignore[misc]  # APScheduler ships no types
    """The jobs of one leader, for as long as it leads; it alone changes their times meanwhile.

    Args:
        due: When each job is due, as the database has it.
    """

    def __init__(self, due: Mapping[str, datetime]) -> None:
        super().__init__()
        self._due = dict(due)
        self._not_before: dict[str, datetime] = {}
        self._entries: dict[str, Entry] = {}
        self._handed: set[str] = set()

    def due_at(self, name: str) -> datetime:
        """The time that a job's next run is for."""
        return self._due[name]

    def give_back(self, name: str, due_at: datetime, not_before: datetime) -> None:
        """Its run has ended; the scheduler must be woken up, to look when it is due again.

        Args:
            name: The job's.
            due_at: The first of its times that is not settled now.
            not_before: When it may be handed out again, if that is later.
        """
        self._due[name], self._not_before[name] = due_at, not_before
        self._handed.discard(name)

    def get_due_jobs(self, now: datetime) -> list[Entry]:
        """What is due and not at work, handed out."""
        found = [entry for entry in self.get_all_jobs() if entry.next_run_time <= now]
        # Before the run can begin: it may have ended when APScheduler tells us that it was begun.
        self._handed.update(entry.id for entry in found)
        return found

    def get_next_run_time(self) -> datetime | None:
        """When the next one is due."""
        return min((entry.next_run_time for entry in self.get_all_jobs()), default=None)

    def get_all_jobs(self) -> list[Entry]:
        """All that is not at work, in the order of their times."""
        waiting = [entry for name, entry in self._entries.items() if name not in self._handed]
        for entry in waiting:
            due_at = self._due[entry.id]
            entry.next_run_time = max(due_at, self._not_before.get(entry.id, due_at))
        return sorted(waiting, key=lambda entry: entry.next_run_time)

    def lookup_job(self, job_id: str) -> Entry | None:
        """The job of this name."""
        return self._entries.get(job_id)

    def add_job(self, job: Entry) -> None:
        """Take in a job; its time is the database's."""
        self._entries[job.id] = job

    def update_job(self, job: Entry) -> None:
        """Nothing: the time that APScheduler would go on with comes when the run is done."""

    def remove_job(self, job_id: str) -> None:
        """Let go of a job, in this process only."""
        if self._entries.pop(job_id, None) is None:
            raise JobLookupError(job_id)

    def remove_all_jobs(self) -> None:
        """Let go of all jobs, in this process only."""
        self._entries.clear()
