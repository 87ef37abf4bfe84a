"""``python -m nyefamilier.cli``."""

from nyefamilier.cli.main import main

main()
