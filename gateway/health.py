"""Whether the system is up: `GET /healthz` for this process, `GET /readyz` for every part behind it."""

from __future__ import annotations

import asyncio

import httpx
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.parts import Parts, parts_of
from order_store import Database, StoreUnavailable

SECONDS_TO_ANSWER = 2.0


def add_to(app: FastAPI) -> None:
    app.add_api_route("/healthz", healthz, methods=["GET", "HEAD"])
    app.add_api_route("/readyz", readyz, methods=["GET", "HEAD"])
    app.state.asking = None


async def healthz() -> Response:
    """200: this process answers. It says nothing of the parts behind it."""
    return JSONResponse({"status": "alive"})


async def readyz(request: Request) -> Response:
    """200 when every part answers, else 503; the body tells of each part "ok" or what is wrong with it."""
    # Whoever asks while the parts are being asked gets that answer: no flood of questions reaches them.
    state = request.app.state
    if state.asking is None or state.asking.done():
        state.asking = asyncio.create_task(readiness(parts_of(request)))
    found: dict[str, str] = await asyncio.shield(state.asking)
    ready = all(state == "ok" for state in found.values())
    return JSONResponse({"ready": ready, "parts": found}, status_code=200 if ready else 503)


async def readiness(parts: Parts) -> dict[str, str]:
    """By part: "ok", "unreachable", "not migrated" (the database) or "status NNN"."""
    settings = parts.settings
    database, rasa, actions = await asyncio.gather(
        _database(parts.database),
        _server(parts.http, f"{settings.rasa_url}/"),
        _server(parts.http, f"{settings.actions_url.removesuffix('/webhook')}/health"),
    )
    return {"database": database, "rasa": rasa, "actions": actions}


async def _database(database: Database) -> str:
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            current = await run_in_threadpool(database.is_current)
    except (StoreUnavailable, TimeoutError):
        return "unreachable"
    return "ok" if current else "not migrated"


async def _server(http: httpx.AsyncClient, address: str) -> str:
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            response = await http.get(address)
    except (httpx.HTTPError, TimeoutError):
        return "unreachable"
    return "ok" if response.status_code == 200 else f"status {response.status_code}"
