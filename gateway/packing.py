"""The widget's modules as browsers get them: few files, and without what only we read.

A module of PACKED comes with the modules it imports, put before it in one file, so that a page fetches a handful of
files and not a dozen. Comments and indentation stay behind, also inside the style sheets, which are templates; the
properties the style sheets have for themselves get names of one letter, and what is a file's own a short one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import ascii_lowercase

from gateway.short_names import shortened

PACKED = ("widget.js", "panel.js", "elsewhere.js")
"""Files of their own: what imports one of these goes on importing it."""

_IMPORT = re.compile(r'^import \{ ([^}]*) \} from "\./(?:widget/)?([\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"\bexport (?=class |let |function |async )")
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*?[\s\S]*?\*/)\n", re.MULTILINE)
_INDENTATION = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)
_STYLE = re.compile(r"(?<=^export const STYLE_)[A-Z]+ = `[^`]*", re.MULTILINE)
_OWN_PROPERTY = re.compile(r"(?<![\w-])--(?!aftercare-)[a-z-]+(?=:)")
_AROUND_MARKS = re.compile(r"\s*([{};:,>])\s*")
# A text, a template or a pattern stays as it is; what is empty around any other mark goes. Hence every statement has
# to end with its semicolon, and no template may hold another. What nobody writes to twice need not say so.
_SPACED = re.compile(
    r'("(?:[^"\\\n]|\\.)*"|`[^`]*`|/(?![*/ ])(?:[^/\\\n\[]|\\.|\[[^\]]*\])+/[a-z]*(?=[.,);]))'
    r"|\s*([=+*?:,;{}()\[\]<>|&!-]+)\s*"
    r"|\b(const)(?= )"
)


def pack(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files by the same names, the modules among them packed.

    The names modules export and declare have to differ from each other's: the browser says so when they do not.
    """
    sources = {name: content.decode() for name, content in files.items() if name.endswith(".js")}
    own = sorted({found for source in sources.values() for found in _OWN_PROPERTY.findall(source)})
    letters = dict(zip(own, ascii_lowercase, strict=False))
    packed = {name: shortened(_named_shortly(source, letters)) for name, source in join(sources).items()}
    return {**files, **{name: source.encode() for name, source in packed.items()}}


def join(sources: Mapping[str, str]) -> dict[str, str]:
    """The modules of `sources` without what only we read, each of PACKED together with those it imports."""
    return {name: _packed(name, sources) for name in sources}


def _named_shortly(source: str, letters: Mapping[str, str]) -> str:
    for name, letter in letters.items():
        source = re.sub(rf"(?<![\w-]){name}(?![\w-])", f"--{letter}", source)
    return source


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
    return _SPACED.sub(lambda found: found[1] or found[2] or "let", bare).replace(";}", "}").strip("\n") + "\n"


def _tight(style: re.Match[str]) -> str:
    return _AROUND_MARKS.sub(r"\1", style[0]).replace(";}", "}")
