"""Draw the field app's icons from their SVG, to be committed: `python -m api.vendoring.icons`."""

from __future__ import annotations

from pathlib import Path

import vl_convert

ICONS = Path(__file__).parents[2] / "fieldapp" / "icons"
DRAWN = {
    "icon-192.png": ("icon", 192),
    "icon-512.png": ("icon", 512),
    "maskable-512.png": ("maskable", 512),
}
_SIDE = 512


def main() -> None:
    """Draw each of them in its size."""
    for name, (drawing, side) in DRAWN.items():
        svg = (ICONS / f"{drawing}.svg").read_text(encoding="utf-8")
        (ICONS / name).write_bytes(vl_convert.svg_to_png(svg, scale=side / _SIDE))


if __name__ == "__main__":
    main()
