"""``python -m nyefamilier.cli``."""

import gc

# An import makes nothing that could be collected; looking for it took a fifth of every start.
gc.disable()

from nyefamilier.cli.main import main  # noqa: E402

gc.freeze()
gc.enable()
main()
