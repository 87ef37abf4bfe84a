"""The field app's texts: found in its modules, translated by the pages' own catalogue.

Babel's reader of JavaScript loses its way in a template within a template, of which the app's
screens are made. So a text is found by its shape: a literal in double quotes, first in a call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from gettext import GNUTranslations
from pathlib import Path
from typing import IO, Any, Final

from flask import json

LANGUAGES: Final = ("nb", "en")
CATALOGUE: Final = Path(__file__).parents[1] / "translations" / "nb" / "LC_MESSAGES" / "messages.mo"
_LITERAL = r'"(?:[^"\\\n]|\\.)*"'
_TEXT = re.compile(
    rf"\b(?:(gettext)\(\s*({_LITERAL})|(ngettext)\(\s*({_LITERAL})\s*,\s*({_LITERAL}))"
)


def texts_in(code: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The line, the function and the English of each text that a module says."""
    for found in _TEXT.finditer(code):
        line = code.count("\n", 0, found.start()) + 1
        literals = [json.loads(one) for one in found.group(2, 4, 5) if one is not None]
        yield line, found[1] or found[3], tuple(literals)


def extract(file: IO[bytes], *_: object, **__: object) -> Iterator[tuple[int, str, Any, list[str]]]:
    """The same, for Babel: see ``[extractors]`` in api/translations/babel.cfg."""
    for line, function, texts in texts_in(file.read().decode()):
        yield line, function, texts if len(texts) > 1 else texts[0], []


def catalogue(modules: Iterable[str], language: str) -> dict[str, Any]:
    """What these modules say, in *language*; a text that has no translation stays English."""
    if language != "nb":
        return {"language": language, "texts": {}}
    said = {texts for code in modules for _, _, texts in texts_in(code)}
    with CATALOGUE.open("rb") as file:
        translations = GNUTranslations(file)
    return {"language": language, "texts": dict(_translated(translations, sorted(said)))}


def _translated(
    translations: GNUTranslations, said: list[tuple[str, ...]]
) -> Iterator[tuple[str, str | list[str]]]:
    for texts in said:
        if len(texts) == 1:
            yield texts[0], translations.gettext(texts[0])
        else:
            one, many = texts
            yield one, [translations.ngettext(one, many, number) for number in (1, 2)]
