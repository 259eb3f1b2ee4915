"""`python -m gateway`: the gateway on its own, as AFTERCARE_HOST and AFTERCARE_PORT say."""

from __future__ import annotations

import logging
import os
import sys

import uvicorn

from casework.clock import ClockError
from casework.log_lines import LogFormatError, start_logging
from casework.words import MissingWordsError
from gateway.app import create_app
from gateway.serving import Server
from gateway.settings import Settings, SettingsError


def main() -> int:
    """Serve until told to stop; 2 when the settings cannot be used."""
    # Its lines name every address that is called, Rasa's included, and say nothing the turn's line does not.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # It speaks at every look at the tables, and readiness looks often.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        start_logging(os.environ)
        settings = Settings.from_environment(os.environ)
        app = create_app(settings)
    except (SettingsError, LogFormatError, ClockError, MissingWordsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        # Forwarded addresses are read by the gateway itself, and only from AFTERCARE_TRUSTED_PROXIES.
        proxy_headers=False,
        # An access log would hold the customers' addresses.
        access_log=False,
        server_header=False,
        date_header=True,
        log_config=None,
        # Longer than a turn, so that stopping lets the turns under way end.
        timeout_graceful_shutdown=int(settings.turn_timeout.total_seconds()) + 5,
    )
    Server(app, config).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
