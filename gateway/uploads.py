"""Reading a picture out of a multipart body: bounded while it arrives, and on disk, not in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from casework.evidence import MOST_BYTES
from gateway.problems import ApiError, FieldError, ProblemKind

FIELD = "picture"

LARGEST_UPLOAD = MOST_BYTES + 16 * 1024
"""Bytes of the body: a picture, and what a form writes around it."""

MOST_SECONDS = 120
"""Seconds a picture may take to arrive: ten megabytes over a telephone."""


async def read_picture(request: Request) -> bytes:
    """The bytes of the one file of the body, its part named `picture`.

    Raises:
        ApiError: 400 if it is not multipart/form-data, 408 after `MOST_SECONDS`, 413 beyond `LARGEST_UPLOAD`,
            422 if it holds anything but one picture.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > LARGEST_UPLOAD:
        raise _too_large()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise ApiError(ProblemKind.NOT_MULTIPART, f"send multipart/form-data with one file in a part named `{FIELD}`")
    parser = MultiPartParser(request.headers, _bounded(request), max_files=1, max_fields=0, max_part_size=1024)
    try:
        async with asyncio.timeout(MOST_SECONDS):
            form = await parser.parse()
    except TimeoutError:
        raise ApiError(ProblemKind.BODY_TOO_SLOW, f"send it within {MOST_SECONDS} seconds") from None
    except MultiPartException as error:
        raise ApiError(ProblemKind.NOT_MULTIPART, f"{error.message} Send one file in a part named `{FIELD}`.") from None
    try:
        return await _only_file(form).read()
    finally:
        await form.close()


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_UPLOAD:
            raise _too_large()
        yield chunk


def _only_file(form: FormData) -> UploadFile:
    match form.multi_items():
        case [(name, UploadFile() as file)] if name == FIELD:
            return file
    error = FieldError(FIELD, f"expected one file in a part named {FIELD}")
    raise ApiError(ProblemKind.FIELDS_REFUSED, f"{error.path}: {error.message}", [error])


def _too_large() -> ApiError:
    detail = f"send a picture of at most {MOST_BYTES} bytes"
    return ApiError(ProblemKind.BODY_TOO_LARGE, detail, headers={"Connection": "close"})
