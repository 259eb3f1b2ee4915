"""Which language a message is written in, where it is surely not English: what is understood is English."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.nlu.bare_words import ADDRESS, NUMBER

ENGLISH = "en"
TOLD_APART = ("ar", "de", ENGLISH, "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "tr", "uk", "zh")
"""ISO 639-1 codes. The fewer there are, the surer a short message's is."""
SCRIPTS: dict[str, tuple[str, ...]] = {
    "ar": ("ARABIC",),
    "hi": ("DEVANAGARI",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "ko": ("HANGUL",),
    "ru": ("CYRILLIC",),
    "uk": ("CYRILLIC",),
    "zh": ("CJK",),
}
"""What the Unicode names of their letters begin with, where that is not LATIN."""
UNDETERMINED = "und"
SURE = 0.9
MOST_KNOWN = 0.4
"""The share of words known from English sentences from which a message is English, whatever it looks like."""
FEWEST_EXAMPLES = 8
"""A word of fewer sentences may be one of the foreign words customers put into English ones."""
FEWEST_LETTERS = 8
"""In Latin letters anything shorter may be a name, an abbreviation or a slip."""

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")


def english_words(sentences: Iterable[str]) -> frozenset[str]:
    """The words that occur in several of the `sentences`, in small letters."""
    counts = Counter(word for sentence in sentences for word in set(_WORD.findall(sentence.lower())))
    return frozenset(word for word, count in counts.items() if count >= FEWEST_EXAMPLES)


def foreign_language(text: str, english: frozenset[str]) -> str | None:
    """The code of the language of `text`, `und` for one that is none of these; None: English, or not to be said.

    Precision comes first: English with mistakes or foreign words in it is English. `english` are words known to be.
    """
    # Capitals are another alphabet to the identifier.
    told = NUMBER.sub(" ", ADDRESS.sub(" ", text)).lower()
    words = _WORD.findall(told)
    letters = "".join(words)
    is_latin = 2 * sum(map(_is_latin, letters)) >= len(letters)
    if is_latin and (len(words) < 2 or len(letters) < FEWEST_LETTERS or _are_known(words, english)):
        return None
    language, sure = _identifier().classify(told)
    if is_latin:
        return str(language) if language != ENGLISH and sure >= SURE else None
    return str(language) if sure >= SURE and _is_written_in(letters, SCRIPTS.get(language, ())) else UNDETERMINED


def _are_known(words: list[str], english: frozenset[str]) -> bool:
    return sum(word in english for word in words) >= MOST_KNOWN * len(words)


def _is_latin(letter: str) -> bool:
    return letter.isascii() or _is_written_in(letter, ("LATIN",))


def _is_written_in(letters: str, script: tuple[str, ...]) -> bool:
    return any(unicodedata.name(letter, "").startswith(script) for letter in letters)


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(TOLD_APART))
    return identifier
