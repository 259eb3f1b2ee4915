"""The widget as it is served: `GET /widget.js` and the modules it loads from `/widget/`.

The modules in widget/ are plain ES modules. When the gateway starts they are read once: what a module imports is put
before it in one file, so that a page fetches a handful of files and not a dozen; comments and indentation stay behind;
and every address gets the version of the whole, so that a browser may keep a file for ever and never mixes two.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

WIDGET = Path(__file__).parent / "widget"

ENTRY = "/widget.js"
FOLDER = "/widget"

SERVED = ("widget.js", "panel.js", "dom.js")
"""Files of their own, beside those in words/; every other module is part of one of these."""

SECONDS_ENTRY_KEPT = 300
SECONDS_KEPT = 31_536_000

_IMPORT = re.compile(r'^import \{ ([^}]*) \} from "\./([\w.]+)";\n', re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*[\s\S]*?\*/)\n", re.MULTILINE)
_INDENTATION = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


@dataclass(frozen=True)
class WidgetFile:
    """A module as it is served, plain and compressed."""

    plain: bytes
    compressed: bytes
    etag: str


def add_to(app: FastAPI) -> None:
    app.state.widget = read_widget()
    app.add_api_route(ENTRY, entry, methods=["GET", "HEAD"])
    app.add_api_route(FOLDER + "/{path:path}", module, methods=["GET", "HEAD"])


async def entry(request: Request) -> Response:
    """What a shop's page names in its script element."""
    return _answer(request, request.app.state.widget["widget.js"], SECONDS_ENTRY_KEPT)


async def module(request: Request, path: str) -> Response:
    """A module or the words of a language; under its version it never changes."""
    file = request.app.state.widget.get(path)
    if file is None:
        return Response(status_code=404)
    return _answer(request, file, SECONDS_KEPT if "v" in request.query_params else SECONDS_ENTRY_KEPT)


def _answer(request: Request, file: WidgetFile, seconds: int) -> Response:
    headers = {
        "Cache-Control": f"public, max-age={seconds}" + (", immutable" if seconds == SECONDS_KEPT else ""),
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
        # Any page may show the widget; which of them it answers is told by the shop's allowed origins.
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    compressed = "gzip" in request.headers.get("accept-encoding", "")
    if compressed:
        headers["Content-Encoding"] = "gzip"
    body = file.compressed if compressed else file.plain
    return Response(body, headers=headers, media_type="text/javascript; charset=utf-8")


def read_widget(folder: Path = WIDGET) -> dict[str, WidgetFile]:
    """Every file that is served, by its path below `/widget/`."""
    words = [f"words/{file.name}" for file in sorted((folder / "words").glob("*.js"))]
    texts = {path: _joined(folder, path) for path in (*SERVED, *words)}
    version = hashlib.sha256("".join(texts.values()).encode()).hexdigest()[:10]
    return {path: _served(text, version) for path, text in texts.items()}


def _joined(folder: Path, root: str) -> str:
    """`root` with all it imports before it, but for the files that are served on their own."""
    bodies: dict[str, str] = {}
    apart: dict[str, set[str]] = {}

    def visit(path: str) -> None:
        if path in bodies:
            return
        source = (folder / path).read_text(encoding="utf-8")
        bodies[path] = ""
        for found in _IMPORT.finditer(source):
            names, imported = found.groups()
            if imported in SERVED:
                apart.setdefault(imported, set()).update(names.split(", "))
            else:
                visit(imported)
        del bodies[path]  # after what it imports
        bodies[path] = _INDENTATION.sub("", _COMMENT.sub("", _IMPORT.sub("", source)))

    visit(root)
    imports = [f'import {{ {", ".join(sorted(names))} }} from "./{path}";\n' for path, names in apart.items()]
    return "".join(imports) + "".join(bodies.values())


def _served(text: str, version: str) -> WidgetFile:
    for quote in '"`':
        text = re.sub(rf"([( ]){quote}\./([^{quote}\n]+\.js){quote}", rf"\1{quote}{FOLDER}/\2?v={version}{quote}", text)
    plain = text.encode()
    digest = hashlib.sha256(plain).hexdigest()[:20]
    return WidgetFile(plain, gzip.compress(plain, 9, mtime=0), f'"{digest}"')
