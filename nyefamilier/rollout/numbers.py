"""The one kind of array that the model computes with."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""Floating numbers; axes are area, month, draw, in this order, as far as they are there."""
