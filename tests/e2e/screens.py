"""What keeps a nurse from using a screen: hidden, cut off, covered, too small, unlabelled."""

from __future__ import annotations

from typing import Any

from tests.e2e.felt import SMALL, Phone

SIZES = ((360, 640), (320, 640), (320, 256))
"""A small phone in one hand; a narrower one; and 1280 x 1024 zoomed to four times."""

_UNFOLD = """() => document.querySelectorAll("details").forEach((one) => { one.open = true; })"""

# A control must be where a finger, or the focus, finds it: nothing may lie over its middle.
_COVERED = """() => {
  const controls = [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((one) => one.checkVisibility() && !one.matches(".ff-hidden, .ds-skip-link"));
  const flaws = [];
  for (const one of controls) {
    one.focus();
    const box = one.getBoundingClientRect();
    // A cover is as large as its card; its own words say where it is.
    const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 24)];
    const top = document.elementFromPoint(x, y);
    const is = top && (one.contains(top) || top.contains(one) && top.closest(".ff-target, label"));
    const seen = top ? top.outerHTML.slice(0, 90) : "outside of the screen";
    if (!is) flaws.push(`covered: ${one.outerHTML.slice(0, 90)} by ${seen}`);
  }
  document.activeElement.blur();
  scrollTo(0, 0);
  return flaws;
}"""

# Words must be whole, and lie on nothing else's words.
_CUT_OFF = r"""() => {
  const wide = document.documentElement.clientWidth;
  const flaws = [];
  const lines = [];
  for (const one of document.querySelectorAll("body *")) {
    const said = [...one.childNodes].filter((node) =>
      node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (said.length === 0 || !one.checkVisibility() || one.closest(".ff-hidden")) continue;
    if (one.closest(".ds-skip-link, option, pre")) continue;
    const html = one.outerHTML.slice(0, 90);
    for (const node of said) {
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const found of node.textContent.matchAll(/[^\s\u00ad/·–-]+/g)) {
        range.setStart(node, found.index);
        range.setEnd(node, found.index + found[0].length);
        const tops = [...range.getClientRects()].map((box) => Math.round(box.top));
        if (Math.max(...tops) - Math.min(...tops) > 4) flaws.push(`broken word: ${found[0]}`);
      }
      if (/[^.]\.\.(?!\.)/.test(one.textContent)) flaws.push(`two full stops: ${html}`);
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.left < -1 || box.right > wide + 1) flaws.push(`outside: ${html}`);
        if (!one.closest(".ff-tabs")) lines.push([one, box]);
        for (let above = one; above !== document.body; above = above.parentElement) {
          const clips = getComputedStyle(above).overflowX;
          const edge = above.getBoundingClientRect();
          if (clips !== "visible" && (box.right > edge.right + 1 || box.bottom > edge.bottom + 2))
            flaws.push(`cut off: ${html}`);
        }
      }
    }
  }
  lines.forEach(([one, a], place) => {
    for (const [other, b] of lines.slice(place + 1)) {
      if (one === other || one.contains(other) || other.contains(one)) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > Math.min(a.height, b.height) / 3)
        flaws.push(`lie over each other: ${[one, other].map((it) => it.outerHTML.slice(0, 90))}`);
    }
  });
  return [...new Set(flaws)];
}"""

# With one hand: what stands above a screen leaves it most of the height.
_HEADING_AT = """() => document.querySelector("h1").getBoundingClientRect().top"""
LOWEST_HEADING = 0.5
"""Of a small phone's height: below it, a screen shows little but its frame."""


def flaws(phone: Phone) -> list[str]:
    """What is wrong with the screen that is shown, at each size that it must bear."""
    found: list[str] = []
    phone.page.evaluate(_UNFOLD)
    for width, height in SIZES:
        phone.page.set_viewport_size({"width": width, "height": height})
        here: list[Any] = phone.page.evaluate(_COVERED) + phone.page.evaluate(_CUT_OFF)
        beyond = phone.visitor.width_beyond_screen()
        here += [f"{beyond} px too wide"] if beyond > 0 else []
        found += [f"{width} x {height}: {one}" for one in here]
    phone.page.set_viewport_size(SMALL["viewport"])
    low = phone.page.evaluate(_HEADING_AT)
    if low > LOWEST_HEADING * SMALL["viewport"]["height"]:
        found.append(f"the heading begins at {low} px")
    return found + phone.flaws()
