"""Which command lets which event happen: what is possible next, in the words people type."""

from collections.abc import Iterable, Mapping
from typing import Final

COMMANDS: Final[Mapping[str, Mapping[str, str | None]]] = {
    "rma": {
        "approve": "rma approve",
        "cancel": "rma cancel",
        "expire": None,
        "send": "rma sent",
        "receive_in_part": "rma receive",
        "receive": "rma receive",
        "lose": "rma lost",
        "inspect": "rma inspect",
        "accept": "rma accept",
        "accept_in_part": "rma accept",
        "reject": "rma reject",
        "refund": "rma refunded",
        "exchange": "rma exchanged",
        "repair": "rma repaired",
        "waive": "rma waive",
        "send_back": "rma sent-back",
        "keep": "rma keep",
        "close": None,
        "revive": "rma sent",
    },
    "dispute": {
        "answer": "dispute answered",
        "decide_for_buyer": "dispute decide",
        "decide_for_seller": "dispute decide",
        "withdraw": "dispute withdraw",
        "waive": "dispute waive",
        "refund": "dispute refunded",
        "close": "dispute close",
    },
    "backorder": {
        "wait": "stock chose",
        "refund": "stock chose",
        "release": None,
        "pay": "refund paid",
        "ship": "stock shipped",
    },
    "refund": {"pay": "refund paid", "drop": None},
    "repair": {
        "confirm": "repair confirm",
        "quote": "repair quote",
        "agree": "repair agree",
        "decline": "repair decline",
        "lapse": None,
        "pay": "repair paid",
        "repair": "repair done",
        "give_up": "repair give-up",
        "return_fee": "repair fee-returned",
        "send_back": "repair sent-back",
        "leave": "repair keep",
    },
    "privacy": {"verify": "privacy verify", "answer": "privacy answer", "refuse": "privacy refuse", "close": None},
    "ticket": {"approve": "rma approve", "decline": "rma reject", "answer": "ticket close"},
    "line": {"run_out": "stock out", "restock": "stock restock"},
}
"""By lifecycle and event, `aftercare` left out. None: it happens by itself, with another step or in the chat."""


def commands_of(kind: str, events: Iterable[str]) -> str:
    """The commands that let these events of a lifecycle happen, each once; "nothing" where no command does."""
    named = (COMMANDS[kind].get(event) for event in events)
    return ", ".join(dict.fromkeys(each for each in named if each is not None)) or "nothing"
