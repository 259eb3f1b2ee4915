"""The application: `create_app`, a factory for uvicorn (`uvicorn gateway.app:create_app --factory`).

Run by uvicorn directly it needs `--no-proxy-headers`: the gateway reads forwarded addresses itself.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from casework.log_lines import fields
from gateway import attachments, clock, embedding, events, health, messages, order_page, pages, paper, sessions
from gateway.channels import handovers, receiving
from gateway.parts import Parts
from gateway.problems import ApiError, ProblemKind, answer_problems
from gateway.security import Door, route_of
from gateway.settings import Environment, Settings
from order_store import StoreUnavailable

log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The gateway as `settings` describe it; without them, as the environment does.

    Raises:
        SettingsError, ClockError: a variable of the environment cannot be used.
        MissingWordsError: the domain file lacks a sentence the gateway says itself.
    """
    settings = settings or Settings.from_environment(os.environ)
    parts = Parts.made(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        parts.channels.start()
        taking_up = asyncio.create_task(parts.owed.take_up())
        yield
        taking_up.cancel()
        await parts.close()

    app = FastAPI(
        title="Aftercare",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.parts = parts
    app.add_middleware(Door)
    answer_problems(app)
    _answer_store_failures(app)
    for part in (sessions, messages, events, attachments, paper, health, pages, embedding, receiving, handovers):
        part.add_to(app)
    if settings.environment is not Environment.PRODUCTION:
        order_page.add_to(app)
    if settings.environment is Environment.TEST:
        clock.add_to(app)
    return app


def _answer_store_failures(app: FastAPI) -> None:
    @app.exception_handler(StoreUnavailable)
    async def answer_store_unavailable(request: Request, error: StoreUnavailable) -> Response:
        log.error("store unavailable", extra=fields(path=route_of(request.scope), reason=str(error)))
        detail = "nothing was lost: send the same again in a moment"
        return ApiError(ProblemKind.STORE_UNREACHABLE, detail, retry_after=5).response()
