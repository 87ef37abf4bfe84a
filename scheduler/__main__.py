"""``python -m scheduler``."""

from scheduler.commands import main

main()
