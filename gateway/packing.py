"""The widget's modules as browsers get them: few files, and without what only we read.

A module of PACKED comes with the modules it imports, put before it in one file, so that a page fetches a handful of
files and not a dozen. Comments and indentation stay behind, also inside the style sheets, which are templates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PACKED = ("widget.js", "panel.js")
"""Files of their own: what imports one of these goes on importing it."""

_IMPORT = re.compile(r'^import \{ ([^}]*) \} from "\./(?:widget/)?([\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"\bexport (?=class |const |function |async )")
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*?[\s\S]*?\*/)\n", re.MULTILINE)
_INDENTATION = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)
_STYLE = re.compile(r"(?<=^export const STYLE_)[A-Z]+ = `[^`]*", re.MULTILINE)
_AROUND_MARKS = re.compile(r"\s*([{};:,>])\s*")
# A text, a template or a pattern stays as it is; what is empty around any other mark goes. Hence every statement has
# to end with its semicolon, and no template may hold another.
_SPACED = re.compile(
    r'("(?:[^"\\\n]|\\.)*"|`[^`]*`|/(?![*/ ])(?:[^/\\\n\[]|\\.|\[[^\]]*\])+/[a-z]*(?=[.,);]))'
    r"|\s*([=+*?:,;{}()\[\]<>|&!-]+)\s*"
)


def pack(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files by the same names, the modules among them packed.

    The names modules export and declare have to differ from each other's: the browser says so when they do not.
    """
    sources = {name: content.decode() for name, content in files.items() if name.endswith(".js")}
    return {**files, **{name: _packed(name, sources).encode() for name in sources}}


def _packed(root: str, sources: Mapping[str, str]) -> str:
    if root not in PACKED:
        return _bare(sources[root])
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
        body = _bare(_IMPORT.sub("", sources[name]))
        bodies.append(body if name == root else _EXPORT.sub("", body))

    visit(root)
    folder = "./widget/" if root == "widget.js" else "./"
    imports = [f'import {{ {", ".join(sorted(names))} }} from "{folder}{name}";\n' for name, names in apart.items()]
    return "".join([*imports, *bodies])


def _bare(source: str) -> str:
    bare = _STYLE.sub(_tight, _INDENTATION.sub("", _COMMENT.sub("", source)))
    return _SPACED.sub(lambda found: found[1] or found[2], bare).replace(";}", "}") + "\n"


def _tight(style: re.Match[str]) -> str:
    return _AROUND_MARKS.sub(r"\1", style[0]).replace(";}", "}")
