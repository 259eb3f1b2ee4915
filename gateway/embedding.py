"""The widget that shops embed: `GET /widget.js` and the modules and languages it loads from `/widget/`.

The files are read, packed and fingerprinted once. The entry is asked for anew every few minutes; what it imports has
an address that holds the fingerprint of all of them, and so is kept for good: no page ever runs the entry of one
version with the modules of another.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from gateway.packing import pack
from gateway.problems import ApiError, ProblemKind

FOLDER = Path(__file__).parent / "widget"
ENTRY = "widget.js"
ENTRY_CACHE = "public, max-age=300, stale-while-revalidate=86400"
CACHE_FOR_GOOD = "public, max-age=31536000, immutable"

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_PACKED_ALREADY = {".png", ".webp", ".woff2"}
# Any page may load them, and they say nothing of any customer.
_ANYBODY = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
_IMPORTS = b'"./widget/'


@dataclass(frozen=True)
class File:
    """A file as it is served: plain and, where that is smaller, packed."""

    kind: str
    plain: bytes
    packed: bytes | None
    tag: str

    @classmethod
    def of(cls, suffix: str, content: bytes) -> File:
        packed = None if suffix in _PACKED_ALREADY else gzip.compress(content, 9, mtime=0)
        if packed is not None and len(packed) >= len(content):
            packed = None
        return cls(_TYPES[suffix], content, packed, sha256(content).hexdigest()[:32])

    def answer(self, request: Request, cache: str) -> Response:
        """200 with the file, packed for a reader that can unpack it; 304 for one that has it already."""
        packed = self.packed if _takes_gzip(request) else None
        tag = f'"{self.tag}{"-gz" if packed is not None else ""}"'
        headers = {**_ANYBODY, "Cache-Control": cache, "ETag": tag, "Vary": "Accept-Encoding"}
        if tag in [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        headers["Content-Type"] = self.kind
        if packed is not None:
            headers["Content-Encoding"] = "gzip"
        return Response(self.plain if packed is None else packed, headers=headers)


def _takes_gzip(request: Request) -> bool:
    for offer in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, quality = offer.replace(" ", "").partition(";")
        if coding in ("gzip", "*"):
            return quality not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


class Files:
    """The files below `folder`, packed, by their paths in it; `version` is the fingerprint of them all."""

    def __init__(self, folder: Path) -> None:
        found = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix in _TYPES
        }
        found = pack(found)
        digest = sha256()
        for name, content in found.items():
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        self.version = digest.hexdigest()[:16]
        self.modules: Mapping[str, File] = {
            name: File.of(Path(name).suffix, content) for name, content in found.items() if name != ENTRY
        }
        entry = found.get(ENTRY)
        self.entry = (
            None if entry is None else File.of(".js", entry.replace(_IMPORTS, _IMPORTS + self.version.encode() + b"/"))
        )


Route = Callable[..., Coroutine[Any, Any, Response]]


def add_to(app: FastAPI, folder: Path = FOLDER) -> None:
    files = Files(folder)
    app.add_api_route("/widget.js", _entry(files), methods=["GET", "HEAD"])
    app.add_api_route("/widget/{path:path}", _module(files), methods=["GET", "HEAD"])


def _entry(files: Files) -> Route:
    async def send_entry(request: Request) -> Response:
        """200 with what a page's script element names."""
        if files.entry is None:
            raise _nothing_at(request)
        return files.entry.answer(request, ENTRY_CACHE)

    return send_entry


def _module(files: Files) -> Route:
    async def send_module(request: Request, path: str) -> Response:
        """200 with a module; under the fingerprint of another version, the one of today, not to be kept."""
        version, _, name = path.partition("/")
        if version == files.version and name in files.modules:
            return files.modules[name].answer(request, CACHE_FOR_GOOD)
        found = files.modules.get(path) or files.modules.get(name)
        if found is None:
            raise _nothing_at(request)
        return found.answer(request, "no-cache")

    return send_module


def _nothing_at(request: Request) -> ApiError:
    return ApiError(ProblemKind.NOT_FOUND, f"there is nothing at {request.url.path}")
