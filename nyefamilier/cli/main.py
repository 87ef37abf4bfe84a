"""The ``nyefamilier`` command.

Exit codes: 0 done; 1 refused or away (the message says why); 2 the command's words are off;
3 done in part (an import with bad rows).
"""

from __future__ import annotations

import sys

import click
from rich.console import Console

from nyefamilier.cli.audit import audit
from nyefamilier.cli.checking import check
from nyefamilier.cli.demo import demo
from nyefamilier.cli.device import device
from nyefamilier.cli.importing import import_
from nyefamilier.cli.jobs import jobs
from nyefamilier.cli.keys import keys
from nyefamilier.cli.log import log
from nyefamilier.cli.migrate import migrate
from nyefamilier.cli.protocols import protocol
from nyefamilier.cli.rollout import rollout
from nyefamilier.cli.serve import serve
from nyefamilier.cli.syncing import sync
from nyefamilier.cli.user import user
from nyefamilier.kernel.errors import Refusal


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def nyefamilier() -> None:
    """Home visits for new families: the programme's server and its tools."""


for command in (
    *(serve, demo, migrate, import_, user, protocol),
    *(keys, device, sync, audit, check, log, jobs, rollout),
):
    nyefamilier.add_command(command)


def main() -> None:
    """Run the command; a refusal is told in words, never as a stack."""
    try:
        nyefamilier(prog_name="nyefamilier")
    except Refusal as refusal:
        Console(stderr=True, highlight=False).print(f"[bold]{refusal.code}[/]: {refusal.detail}")
        sys.exit(1)
