"""How every process of the system writes its log: one JSON object a line, or lines for people to read.

A line holds ids, codes and durations. What an error says may hold what a customer wrote, so of an error its kind and
place are told, and not its words.
"""

import json
import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FORMATS = ("json", "text")


class LogFormatError(ValueError):
    """AFTERCARE_LOG cannot be used; the message says what it may hold."""


def start_logging(variables: Mapping[str, str]) -> None:
    """Writes the log to standard error, as AFTERCARE_LOG says: json (what production does unasked) or text.

    Raises LogFormatError.
    """
    unasked = "json" if variables.get("AFTERCARE_ENV", "production") == "production" else "text"
    wanted = variables.get("AFTERCARE_LOG") or unasked
    if wanted not in FORMATS:
        raise LogFormatError(f"AFTERCARE_LOG is {wanted!r}; it may be {' or '.join(FORMATS)}")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if wanted == "json" else TextLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def fields(**values: Any) -> dict[str, Any]:
    """For `extra=`: what a line tells beside its message, each under a name of its own."""
    return {"fields": values}


class JsonLines(logging.Formatter):
    """{"at": ISO 8601 in UTC, "level", "logger", "message", …fields, "error", "where"}."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_fields_of(record),
        }
        return json.dumps(told, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """The same for people: time, level, logger, message, then name=value."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        told = [f"{name}={value}" for name, value in _fields_of(record).items()]
        return " ".join([at, record.levelname, record.name, record.getMessage(), *told])


def _fields_of(record: logging.LogRecord) -> dict[str, Any]:
    told: dict[str, Any] = dict(getattr(record, "fields", {}))
    if record.exc_info and record.exc_info[0] is not None:
        told["error"] = record.exc_info[0].__qualname__
        told["where"] = "".join(traceback.format_tb(record.exc_info[2]))
    return told
