"""The widget's modules as browsers get them: few files, and without what only we read.

A module of PACKED comes with the modules it imports, put before it in one file, so that a page fetches a handful of
files and not a dozen. A minifier leaves out what browsers do not need; to it the style sheets are texts, in which it
changes nothing, so their spaces are left out here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import minify

PACKED = ("widget.js", "panel.js", "elsewhere.js")
"""Files of their own: what imports one of these goes on importing it."""

_IMPORT = re.compile(r'^import \{ ([^}]*) \} from "\./(?:widget/)?([\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=class |const |function |async )", re.MULTILINE)
_STYLE = re.compile(r"(?<=^export const STYLE_)[A-Z]+ = `[^`]*", re.MULTILINE)
_AROUND_MARKS = re.compile(r"\s*([{};:,>])\s*")


def pack(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files by the same names, the modules among them packed.

    The names modules export and declare have to differ from each other's: the browser says so when they do not.
    """
    sources = {name: _STYLE.sub(_tight, each.decode()) for name, each in files.items() if name.endswith(".js")}
    return {**files, **{name: _packed(name, sources).encode() for name in sources}}


def _packed(root: str, sources: Mapping[str, str]) -> str:
    packed: str = minify.string("application/javascript", _joined(root, sources))
    return packed


def _joined(root: str, sources: Mapping[str, str]) -> str:
    if root not in PACKED:
        return sources[root]
    bodies: list[str] = []
    apart: dict[str, set[str]] = {}
    seen = set()

    def visit(name: str) -> None:
        seen.add(name)
        for names, imported in _IMPORT.findall(sources[name]):
            if imported in PACKED:
                apart.setdefault(imported, set()).update(names.split(", "))
            elif imported not in seen:
                visit(imported)
        body = _IMPORT.sub("", sources[name])
        bodies.append(body if name == root else _EXPORT.sub("", body))

    visit(root)
    folder = "./widget/" if root == "widget.js" else "./"
    imports = [f'import {{ {", ".join(sorted(names))} }} from "{folder}{name}";\n' for name, names in apart.items()]
    return "".join([*imports, *bodies])


def _tight(style: re.Match[str]) -> str:
    return _AROUND_MARKS.sub(r"\1", style[0]).replace(";}", "}")
