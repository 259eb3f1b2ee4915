"""`python -m cli.actions_server PORT`: the action server, on loopback only.

rasa-sdk's own command listens on every interface and lets any web page's script call it. What stands behind
it trusts the tracker it is sent, so it must be reached by Rasa alone.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

from casework.log_lines import LogFormatError, start_logging

PACKAGE = "bot.actions"
LOOPBACK = "127.0.0.1"


class Executor(ActionExecutor):
    """Runs actions without a domain: endpoints.yml lets Rasa send none, since none of ours reads it."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """Nothing, where rasa-sdk would ask for the domain once more."""
        return {}


def made() -> Sanic[Any, Any]:
    """The action server with every action of `bot.actions`; calls from web pages are refused."""
    executor = Executor()
    executor.register_package(PACKAGE)
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])

    async def refuse_pages(request: Request[Any, Any]) -> HTTPResponse | None:
        # A browser puts Origin on whatever a page's script posts; Rasa never does.
        return json({"error": "not for web pages"}, status=403) if "origin" in request.headers else None

    app.register_middleware(refuse_pages, "request")
    return app


def main(arguments: list[str]) -> int:
    """Serves until told to stop; 2 when the settings cannot be used."""
    try:
        start_logging(os.environ)
    except LogFormatError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    # A line for each registered action, each call, each look at the tables.
    for chatty in ("rasa_sdk", "sanic.root", "sanic.server", "sanic.access", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    made().run(host=LOOPBACK, port=int(arguments[0]), single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
