"""Reading a JSON body: bounded, strict, and refused with the path of what is wrong."""

from __future__ import annotations

import asyncio
import json
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from gateway.problems import ApiError, FieldError, ProblemKind

LARGEST_JSON = 64 * 1024
"""Bytes of a JSON body."""

MOST_SECONDS = 20
"""Seconds a body may take to arrive."""

MOST_ERRORS = 20
"""Fields complained about in one answer."""


class Body(BaseModel):
    """What a call takes: no unknown keys, no conversion from one type to another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


B = TypeVar("B", bound=Body)


async def read_body(request: Request, model: type[B]) -> B:
    """The request's body as `model`.

    Raises:
        ApiError: 408 after `MOST_SECONDS`, 413 beyond `LARGEST_JSON`, 400 if it is not JSON, 422 with the
            fields that are not as expected.
    """
    try:
        async with asyncio.timeout(MOST_SECONDS):
            body = await read_bounded(request, LARGEST_JSON)
    except TimeoutError:
        raise ApiError(ProblemKind.BODY_TOO_SLOW, f"send it within {MOST_SECONDS} seconds") from None
    data = _parsed(body)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _refusal(error, model) from None


async def read_bounded(request: Request, largest: int) -> bytes:
    """The raw body. Raises ApiError 413 beyond `largest` bytes."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > largest:
        _refuse_size(largest)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            _refuse_size(largest)
    return bytes(body)


def _refuse_size(largest: int) -> NoReturn:
    raise ApiError(ProblemKind.BODY_TOO_LARGE, f"send at most {largest} bytes", headers={"Connection": "close"})


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body, object_pairs_hook=_object_told_once, parse_constant=_refuse_constant)
    except RecursionError:
        raise ApiError(ProblemKind.NOT_JSON, "the body is nested too deep") from None
    except UnicodeDecodeError:
        raise ApiError(ProblemKind.NOT_JSON, "the body is not UTF-8") from None
    except json.JSONDecodeError as error:
        detail = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise ApiError(ProblemKind.NOT_JSON, detail) from None
    except ValueError:
        raise ApiError(ProblemKind.NOT_JSON, "a number in the body has too many digits") from None


def _object_told_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key, value in pairs:
        if key in told:
            raise _fields_refused([FieldError(_path((key,)), "told twice; tell it once")])
        told[key] = value
    return told


def _refuse_constant(name: str) -> NoReturn:
    raise ApiError(ProblemKind.NOT_JSON, f"{name} is not a JSON number")


def _refusal(error: ValidationError, model: type[Body]) -> ApiError:
    known = ", ".join(model.model_fields)
    errors = []
    for wrong in error.errors(include_url=False, include_context=False, include_input=False)[:MOST_ERRORS]:
        path = _path(wrong["loc"])
        match wrong["type"]:
            case "extra_forbidden":
                message = f"unknown key; expected {known}"
            case "missing":
                message = "missing; it is required"
            case "model_type" | "model_attributes_type":
                message = f"expected an object with {known}"
            case _:
                message = wrong["msg"].removeprefix("Value error, ")
        errors.append(FieldError(path, message))
    return _fields_refused(errors)


def _fields_refused(errors: list[FieldError]) -> ApiError:
    detail = "; ".join(f"{error.path or 'the body'}: {error.message}" for error in errors[:5])
    return ApiError(ProblemKind.FIELDS_REFUSED, detail, errors)


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{step}" if path else step
    # A key may hold half of a surrogate pair, which no UTF-8 answer can carry.
    return path[:200].encode("utf-8", "replace").decode()
