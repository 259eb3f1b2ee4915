"""The golden cases: expected values read from the policy by hand, compared with what the code decides."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from policy_core import decide, read_case, read_yaml

GOLDEN = Path(__file__).parent / "golden"


@cache
def _cases() -> tuple[Any, ...]:
    return tuple(_read_cases())


def _read_cases() -> Iterator[Any]:
    for file in sorted(GOLDEN.glob("*/*.yml")):
        entries = read_yaml(file.read_text(encoding="utf-8"))
        assert isinstance(entries, list), file
        for entry in entries:
            yield pytest.param(entry, id=f"{file.parent.name}/{file.stem}: {entry['name']}")


@pytest.mark.parametrize("golden", _cases())
def test_the_verdict_is_what_the_policy_says(golden: dict[str, Any]) -> None:
    verdict = decide(read_case(golden["case"])).as_dict()
    by_name = {f"{each['programme']}.{each['remedy']}": each for each in verdict["remedies"]}
    expected = golden["expect"]
    for name, expected_remedy in expected.get("remedies", {}).items():
        shown = {key: _comparable(key, by_name[name][key]) for key in expected_remedy}
        assert shown == {key: _comparable(key, value) for key, value in expected_remedy.items()}, name
    if "order" in expected:
        assert list(by_name) == expected["order"]
    dates = sorted(f"{each['code']} {each['clause']} {each['last_day']}" for each in verdict["dates"])
    if "dates" in expected:
        assert dates == sorted(expected["dates"])
    assert set(expected.get("has_dates", [])) <= set(dates)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 7, 8])
def test_every_worked_example_is_among_the_golden_cases(number: int) -> None:
    assert any(param.values[0].get("example") == number for param in _cases())


def _comparable(key: str, value: Any) -> Any:
    if key in ("opens_at", "closes_at") and value is not None:
        return datetime.fromisoformat(value)
    if key in ("reasons", "obligations"):
        return sorted(_written(each) for each in value)
    if key == "questions":
        return sorted(value)
    return value


def _written(item: str | dict[str, Any]) -> str:
    if isinstance(item, str):
        return item
    due = item.get("due")
    return f"{item['code']} {item['clause']}" + (f" due {due}" if due else "")
