"""Whether the system is up, and how it fares: `GET /healthz`, `GET /readyz` and `GET /metrics`."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import httpx
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway.metrics import admit_reader
from gateway.parts import Parts, parts_of
from order_store import Database, StoreUnavailable, last_beat

SECONDS_TO_ANSWER = 2.0

WORKER_SILENT_AFTER = timedelta(seconds=90)
"""It says every few seconds that it is at work, unless a mail server holds it up."""


def add_to(app: FastAPI) -> None:
    app.add_api_route("/healthz", healthz, methods=["GET", "HEAD"])
    app.add_api_route("/readyz", readyz, methods=["GET", "HEAD"])
    app.add_api_route("/metrics", metrics, methods=["GET", "HEAD"])
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


async def metrics(request: Request) -> Response:
    """200 with the numbers, as Prometheus reads them; 401 for who may not see them."""
    parts = parts_of(request)
    admit_reader(request, parts.settings, parts.address(request))
    return parts.metrics.shown()


async def readiness(parts: Parts) -> dict[str, str]:
    """By part: "ok", "unreachable", "not migrated" (the database), "silent" (the worker) or "status NNN"."""
    settings = parts.settings
    (database, worker), rasa, actions = await asyncio.gather(
        _database(parts.database, parts.machine()),
        _server(parts.http, f"{settings.rasa_url}/"),
        _server(parts.http, f"{settings.actions_url.removesuffix('/webhook')}/health"),
    )
    return {"database": database, "rasa": rasa, "actions": actions, "worker": worker}


async def _database(database: Database, now: datetime) -> tuple[str, str]:
    """How the database fares, and the worker, which says so in it."""
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            if not await run_in_threadpool(database.is_current):
                return "not migrated", "silent"
            beat = await run_in_threadpool(_last_beat, database)
    except (StoreUnavailable, TimeoutError):
        return "unreachable", "unreachable"
    return "ok", "ok" if beat is not None and now - beat < WORKER_SILENT_AFTER else "silent"


def _last_beat(database: Database) -> datetime | None:
    with database.read() as session:
        return last_beat(session, "worker")


async def _server(http: httpx.AsyncClient, address: str) -> str:
    try:
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            response = await http.get(address)
    except (httpx.HTTPError, TimeoutError):
        return "unreachable"
    return "ok" if response.status_code == 200 else f"status {response.status_code}"
