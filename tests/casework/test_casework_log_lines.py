"""What a log holds, and what it does not."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest

from casework.log_lines import JsonLines, LogFormatError, TextLines, fields, start_logging


def record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger("gateway").makeRecord(
        "gateway", logging.WARNING, "turns.py", 1, message, arguments, None, extra=fields(**extra)
    )


@pytest.fixture
def restored() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_is_one_json_object_with_its_fields() -> None:
    told = json.loads(JsonLines().format(record("turn\n%s", "é", conversation="c1", rasa_ms=12)))
    assert {key: told[key] for key in told if key != "at"} == {
        "level": "WARNING",
        "logger": "gateway",
        "message": "turn\né",
        "conversation": "c1",
        "rasa_ms": 12,
    }
    assert told["at"].endswith("+00:00")


def test_a_line_for_people_says_the_same() -> None:
    assert TextLines().format(record("turn", rasa_ms=12)).endswith("WARNING gateway turn rasa_ms=12")


@pytest.mark.parametrize("lines", [JsonLines, TextLines])
def test_of_an_error_its_kind_and_place_are_told_and_not_its_words(lines: Callable[[], logging.Formatter]) -> None:
    failed, said = record("failed"), "ada@example.com wrote: it is broken"
    try:
        raise ValueError(said)
    except ValueError as error:
        failed.exc_info = (type(error), error, error.__traceback__)
    told = lines().format(failed)
    assert "ValueError" in told
    assert "test_casework_log_lines" in told
    assert "wrote" not in told


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        ({}, JsonLines),
        ({"AFTERCARE_ENV": "demo"}, TextLines),
        ({"AFTERCARE_ENV": "demo", "AFTERCARE_LOG": "json"}, JsonLines),
        ({"AFTERCARE_LOG": "text"}, TextLines),
    ],
)
@pytest.mark.usefixtures("restored")
def test_production_writes_json_unasked(variables: dict[str, str], kind: type) -> None:
    start_logging(variables)
    (handler,) = logging.getLogger().handlers
    assert isinstance(handler.formatter, kind)


def test_another_format_is_refused() -> None:
    with pytest.raises(LogFormatError, match="json or text"):
        start_logging({"AFTERCARE_LOG": "xml"})
