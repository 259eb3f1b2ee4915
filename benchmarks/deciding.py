"""Cases a second through reading, deciding and writing, on one core."""

import json
import time
from statistics import median
from typing import Any

from policy_core import Programme, decide, read_case, read_json

CASES = 2000
ROUNDS = 5

_CASE: dict[str, Any] = {
    "as_of": "2026-02-17T12:00:00+08:00",
    "shop": {"timezone": "Asia/Shanghai", "country": "CN"},
    "order": {"paid_at": "2026-02-01T10:00:00+08:00", "delivered_at": "2026-02-10T10:00:00+08:00"},
    "claim": {"complete": True, "caused_by_customer": False, "labels_intact": True},
}
_REASONS = ("defective", "change_of_mind", "not_received", "wrong_item", "missing_parts")


def cases_a_second(programmes: list[list[Programme]]) -> float:
    """The median over some rounds; the cases take the programmes and reasons in turn."""
    lines = []
    for index in range(CASES):
        shop = {**_CASE["shop"], "programmes": programmes[index % len(programmes)]}
        claim = {**_CASE["claim"], "reason": _REASONS[index % len(_REASONS)]}
        lines.append(json.dumps({**_CASE, "shop": shop, "claim": claim}))
    return median(_round(lines) for _ in range(ROUNDS))


def _round(lines: list[str]) -> float:
    began = time.perf_counter()
    for line in lines:
        decide(read_case(read_json(line))).to_json()
    return len(lines) / (time.perf_counter() - began)
