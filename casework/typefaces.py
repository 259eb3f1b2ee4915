"""The typefaces of what is printed, and which of them can print a text.

Roboto (embedded, so that it looks the same on every printer) has Latin, Greek and Cyrillic letters with all
their marks. Chinese, Japanese and Korean are named, not embedded: every reader of PDF brings its own face for
them, and one file more would weigh megabytes. What none of them holds is printed without its marks, or as a
question mark where it has none to lose.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "Roboto", "Roboto-Bold"

_FOLDER = Path(__file__).with_name("fonts")
_SIMPLIFIED, _TRADITIONAL, _JAPANESE, _KOREAN = "STSong-Light", "MSung-Light", "HeiseiMin-W3", "HYSMyeongJo-Medium"
_IDEOGRAPHS = {"JP": _JAPANESE, "KR": _KOREAN, "TW": _TRADITIONAL, "HK": _TRADITIONAL, "MO": _TRADITIONAL}


@cache
def register() -> None:
    """Make the faces known to reportlab; once a process."""
    for name in (REGULAR, BOLD):
        file = "Roboto-Regular.ttf" if name == REGULAR else f"{name}.ttf"
        pdfmetrics.registerFont(TTFont(name, _FOLDER / file))
    # Paragraphs find the bold face of a text through its family.
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    for name in (_SIMPLIFIED, _TRADITIONAL, _JAPANESE, _KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def marked_up(text: str, country: str) -> str:
    """`text` as a reportlab paragraph takes it, each stretch of it in a face that can print it.

    `country` (ISO 3166) says how the ideographs that Chinese, Japanese and Korean share are drawn.
    """
    register()
    runs = groupby(_printable(text), key=lambda character: _face(character, country))
    return "".join(_run(face, "".join(characters)) for face, characters in runs)


def has_ideographs(text: str) -> bool:
    """Whether lines of `text` may break between any two characters."""
    return any(_is_east_asian(character) for character in text)


def _run(face: str, text: str) -> str:
    return escape(text) if face == REGULAR else f'<font name="{face}">{escape(text)}</font>'


def _printable(text: str) -> Iterator[str]:
    for character in unicodedata.normalize("NFC", " ".join(text.split())):
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            continue
        if _has_glyph(character) or _is_east_asian(character):
            yield character
        else:
            bare = [part for part in unicodedata.normalize("NFKD", character) if _has_glyph(part)]
            yield from bare or "?"


def _face(character: str, country: str) -> str:
    if _has_glyph(character):
        return REGULAR
    name = unicodedata.name(character, "")
    if "HANGUL" in name:
        return _KOREAN
    if "HIRAGANA" in name or "KATAKANA" in name:
        return _JAPANESE
    return _IDEOGRAPHS.get(country, _SIMPLIFIED)


def _is_east_asian(character: str) -> bool:
    """Whether one of the named faces can print it; pictographs are as wide, but in none of them."""
    return (
        unicodedata.east_asian_width(character) in "WF"
        and ord(character) <= 0xFFFF
        and (unicodedata.category(character) != "So" or ord(character) >= 0x3000)
    )


def _has_glyph(character: str) -> bool:
    register()
    return ord(character) in pdfmetrics.getFont(REGULAR).face.charToGlyph
