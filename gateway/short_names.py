"""The widget's own names for things, made short where nobody outside a file can tell.

A name is the file's own where it is declared in it, and is never a property's, a key's, a template's or an export's as
well: whatever can be reached from elsewhere by its name keeps it. All that is called so gets the same new name, which
nothing else in the file has, so that scopes need not be told apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|/(?![*/ ])(?:[^/\\\n\[]|\\.|\[[^\]]*\])+/[a-z]*(?=[.,);])'
    r"|[A-Za-z_$][\w$]*|\d[\w.]*|=>|\?\.|\.{3}|\s+|.",
    re.DOTALL,
)
_IMPORTED = re.compile(r"\bimport ?\{([^}]*)\}")
_PARAMETERS = re.compile(r"(?<!\bif)(?<!\bwhile)(?<!\bswitch)\(((?:[\w$]+,)*[\w$]+)\)(?:=>|\{)|(?<![\w$.])([\w$]+)=>")
_LETTERS = "etaoinsrhldcumfpgwybvkxjqzETAOINSRHLDCUMFPGWYBVKXJQZ"
"""Those first that texts are full of: what is alike is packed small."""

_DECLARING = {"let", "const", "class", "function"}
_WORDS = {"do", "if", "in", "of", "as"}
"""What a new name of two letters must not be."""


@dataclass(frozen=True)
class _Token:
    text: str
    before: str
    after: str
    inside: str
    """The bracket it stands in."""

    @property
    def is_reachable(self) -> bool:
        """Whether it is a property's name, a key, short for both, or a method's."""
        if self.before in (".", "?.", "get", "set", "static") or (self.after == ":" and self.before != "?"):
            return True
        if self.inside != "{":
            return False
        is_short = self.before in ("{", ",") and self.after in (",", "}", "=", "(")
        return is_short or (self.after == "(" and self.before in ("}", ";", "async"))


def shortened(source: str) -> str:
    """`source`, a packed module, with short names for what is its own."""
    tokens = _TOKEN.findall(source)
    read = list(_read(tokens))
    names = [each for each in read if _NAME.fullmatch(each.text)]
    in_templates = {name for text in tokens if text[0] == "`" for name in _NAME.findall(text)}
    kept = {each.text for each in names if each.is_reachable} | in_templates
    kept |= {each.text for each in names if each.before == "export"}
    kept |= {name for found in _IMPORTED.findall(source) for name in _NAME.findall(found)}
    own = {each.text for each in names if each.before in _DECLARING}
    own |= {name for many, one in _PARAMETERS.findall(source) for name in _NAME.findall(many or one)}
    own -= kept | _exported(read)
    counted = Counter(each.text for each in names)
    taken = {*counted, *in_templates, *_WORDS}
    often_first = sorted(own, key=lambda name: (-counted[name], name))
    short = dict(zip(often_first, (name for name in _short_names() if name not in taken), strict=False))
    return "".join(short.get(text, text) for text in tokens)


def _read(tokens: list[str]) -> Iterator[_Token]:
    solid = [text for text in tokens if not text.isspace()]
    open_brackets = [""]
    for place, text in enumerate(solid):
        if text in ")]}":
            open_brackets.pop()
        yield _Token(text, solid[place - 1] if place else "", "".join(solid[place + 1 : place + 2]), open_brackets[-1])
        if text in "([{":
            open_brackets.append(text)


def _exported(read: list[_Token]) -> set[str]:
    """`export let x`, `export class X`, `export async function x`."""
    texts = [each.text for each in read]
    declaring = [
        place for place, text in enumerate(texts) if text in _DECLARING and "export" in texts[max(0, place - 2) : place]
    ]
    return {texts[place + 1] for place in declaring}


def _short_names() -> Iterator[str]:
    for length in (1, 2):
        for letters in product(_LETTERS, repeat=length):
            yield "".join(letters)
