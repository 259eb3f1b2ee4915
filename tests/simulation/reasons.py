"""Why customers come, as far as it goes with how they begin: nobody contradicts themselves."""

import random
import re

from tests.simulation.orders import weighted

REASONS: dict[str, dict[str, int]] = {
    "return_item": {"change_of_mind": 50, "ordered_wrong": 20, "defective": 15, "damaged": 10, "not_as_described": 5},
    "report_defect": {"defective": 70, "damaged": 30},
    "report_wrong_item": {"wrong_item": 80, "not_as_described": 20},
    "report_missing_parts": {"missing_parts": 100},
    "missing_order": {"not_received": 100},
    "warranty": {"defective": 60, "": 40},
    "out_of_stock": {"out_of_stock": 100},
    "cancel_order": {"change_of_mind": 75, "ordered_wrong": 25},
    "request_refund": {
        "defective": 25,
        "damaged": 15,
        "not_as_described": 15,
        "change_of_mind": 15,
        "not_received": 15,
        "wrong_item": 5,
        "missing_parts": 5,
        "out_of_stock": 5,
    },
    "exchange_item": {"defective": 30, "damaged": 20, "wrong_item": 20, "ordered_wrong": 20, "change_of_mind": 10},
}
"""Why they come, where there is a why to it."""
SAYS_WHY = (
    ("exchange_item", r"size|small|colour|color|larger|bigger|fit|blue|against another", ("ordered_wrong",)),
    ("exchange_item", r"one that works", ("defective", "damaged")),
    (
        "return_item",
        r"dont want|not want|not keep|not wish|suit me|not for me|keen|won't use|present|unused",
        ("change_of_mind",),
    ),
    ("report_wrong_item", r"picture|leather|photo|description", ("not_as_described",)),
    ("report_wrong_item", r"colour|somebody|socks|mix|ordered|version|another", ("wrong_item",)),
    ("report_defect", r"smash|crack|dent|damaged|crushed", ("damaged",)),
    ("report_defect", r"works?\b|working|function|turn|dead|smoke|grinding|cutting out|plugged", ("defective",)),
    ("warranty", r"repair|died|packed|claim|garantie$|reason", ("defective",)),
)
"""Openings that say why, by the words that do; another reason would make the customer contradict themselves."""
SAYS_MORE = ((r"\bunused|brand new\b", "activated", False), (r"still in its box", "complete", True))
"""Facts an opening tells by the way."""
SPEAKS_OF_RECEIPT = re.compile(r"\b(?:received?|came|arrive\w*|got|turned up|delivered|post it)\b", re.I)


def reason_of(rng: random.Random, goal: str, opening: str) -> str | None:
    """Why somebody with this goal comes who begins so; None where there is no why to it."""
    reason = weighted(rng, REASONS[goal]) if goal in REASONS else None
    for about, words, reasons in SAYS_WHY:
        if goal == about and re.search(words, opening.replace("{item}", ""), re.I):
            return reason if reason in reasons else rng.choice(reasons)
    return reason or None
