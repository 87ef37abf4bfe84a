"""What a phone does when the server refuses it: it gives way, hands over, or asks again later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nyefamilier.client import leasing, outbox
from nyefamilier.client.clocks import Clocks
from nyefamilier.client.escrowing import ask_what_to_do, send_to_escrow
from nyefamilier.client.pace import UNKNOWN_WAIT, Pace
from nyefamilier.client.report import Report
from nyefamilier.client.standing import State
from nyefamilier.client.store import Store
from nyefamilier.client.talking import Line, Refused
from nyefamilier.client.transport import Unreachable
from nyefamilier.wire import limits
from nyefamilier.wire.messages import WipeReceipt
from nyefamilier.wire.verdicts import Command

_STOPPED: Final = {"device-locked": State.LOCKED, "device-wipe": State.WIPE}
_COMMANDED: Final = {Command.LOCK: State.LOCKED, Command.WIPE: State.WIPE}


@dataclass(slots=True)
class Stopping:
    """Heeds refusals for one phone; it remembers from one to the next what must be remembered."""

    store: Store
    line: Line
    clocks: Clocks
    pace: Pace
    name: str
    _called_back: bool = False

    def is_active(self) -> None:
        """The phone is in use: if it is stopped again, everything is handed over again."""
        self._called_back = False

    def heed(self, refused: Refused, report: Report) -> None:
        """Do what a refusal asks for."""
        report.stopped = refused.code
        if refused.code in _STOPPED:
            self._stopped(_STOPPED[refused.code], report)
        elif refused.code == "wrong-device":
            self._lost_by_server(report)
        elif refused.code == "signature":
            self._ask_who_we_are(report)
        elif refused.code == "lease-lapsed":
            leasing.close(self.store)  # the next round begins with asking for another share
        elif refused.is_for_later or refused.code == "content-digest":
            self.pace.failed(refused.after)
        elif refused.status == 401:
            self._ask_what_to_do(report)
        else:
            self.pace.failed(UNKNOWN_WAIT)

    def _stopped(self, state: State, report: Report) -> None:
        leasing.close(self.store, state)
        try:
            self.give_way(report, state)
        except (Unreachable, Refused) as failed:
            self.pace.failed(failed.after)

    def give_way(self, report: Report, state: State) -> None:
        """The phone is locked or to be wiped: first what is unsent goes where it is safe."""
        report.stopped = f"device-{state}"
        self._call_back()
        if state is State.WIPE:
            leasing.begin_wipe(self.store)
        send_to_escrow(self.store, self.line, report)
        if state is State.WIPE and all(one.is_escrowed for one in outbox.unsent(self.store)):
            self._erase(report)

    def _call_back(self) -> None:
        """Hand over what the server has named too, as far as no verified backup has it yet.

        A stopped phone pushes and pulls no more, so it cannot hear that the server was restored;
        of what comes again, the server keeps nothing twice. Once a start is often enough.
        """
        if not self._called_back:
            outbox.offer_again(self.store, [one.seq for one in outbox.unsent(self.store)])
            outbox.bring_back(self.store, outbox.standing_of(self.store).durable_seq)
            self._called_back = True

    def _erase(self, report: Report) -> None:
        left = [(one.seq, one.id) for one in outbox.unsent(self.store)]
        receipt = WipeReceipt(
            device_id=outbox.standing_of(self.store).device_id,
            handed_over=[one for _, one in left[-limits.HANDED_OVER :]],
        )
        try:
            self.line.post("/wipe-receipt", receipt, dict[str, object], signed=True)
        except Refused as refused:
            if refused.status == 409:  # it was restored, and is not as it was when it took them
                outbox.offer_again(self.store, [seq for seq, _ in left])
            raise
        # What is left goes now that the server has said that it has it, and the key last.
        leasing.end_wipe(self.store)
        self.store.erase()
        report.erased = True

    def _ask_what_to_do(self, report: Report) -> None:
        """Nobody is signed in: by the device's own key the phone still hears of lock and wipe."""
        try:
            commands = ask_what_to_do(self.store, self.line)
        except (Unreachable, Refused) as failed:
            self.pace.failed(failed.after)
            return
        for command, state in _COMMANDED.items():
            if command in commands:
                self._stopped(state, report)

    def _ask_who_we_are(self, report: Report) -> None:
        """The server knows no such key: who is signed in is told whether it knows the device."""
        try:
            leasing.renew(self.store, self.line, self.clocks)
        except Refused as refused:
            if refused.code == "wrong-device":
                self._lost_by_server(report)
            else:
                self.pace.failed(refused.after)
        except Unreachable as away:
            self.pace.failed(away.after)
        else:
            self.pace.failed(UNKNOWN_WAIT)

    def _lost_by_server(self, report: Report) -> None:
        """The server does not know the device: it was restored from before, or another signed in.

        `enrol` tells the two apart by asking who is signed in.
        """
        try:
            leasing.enrol(self.store, self.line, self.clocks, self.name)
        except (leasing.OtherNurse, Unreachable, Refused) as failed:
            self.pace.failed(getattr(failed, "after", None))
        else:
            report.enrolled_anew = True
            report.alarms.append("device-unknown")
