"""What the gateway counts and times, for Prometheus: `GET /metrics`, for whoever may see it.

Nothing here is of one customer: labels are codes out of fixed sets.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import Request
from starlette.responses import Response

from gateway.problems import ApiError, ProblemKind
from gateway.settings import Environment, Settings
from order_store import Message

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)
HANDOFF = "ticket"
"""The kind of reply by which a person has it."""


class Metrics:
    """The numbers of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._turns = Counter("aftercare_turns", "Turns, by how they ended.", ["outcome"], registry=registry)
        self._late = Counter("aftercare_late_answers", "Answers that came later.", ["outcome"], registry=registry)
        self._replies = Counter("aftercare_replies", "Replies, by their kind.", ["kind"], registry=registry)
        self._verdicts = Counter(
            "aftercare_verdicts", "Verdicts told, by the outcome of their first remedy.", ["outcome"], registry=registry
        )
        self._fallbacks = Counter("aftercare_fallbacks", "Messages that were not understood.", registry=registry)
        self._handoffs = Counter("aftercare_handoffs", "Replies by which a person has it.", registry=registry)
        self._answers = Counter(
            "aftercare_http_answers", "Answers over HTTP, by route and status.", ["route", "status"], registry=registry
        )
        self._turn_seconds = Histogram(
            "aftercare_turn_seconds", "A turn, from its turn to its answer.", buckets=SECONDS, registry=registry
        )
        self._part_seconds = Histogram(
            "aftercare_part_seconds",
            "What a part took of it; rasa includes the actions.",
            ["part"],
            buckets=SECONDS,
            registry=registry,
        )

    def watch(self, name: str, meaning: str, number: Callable[[], float]) -> None:
        """A number that is looked up each time it is asked for."""
        Gauge(f"aftercare_{name}", meaning, registry=self.registry).set_function(number)

    @contextmanager
    def timing(self, part: str) -> Iterator[None]:
        """Times `part` (rasa, store) of a turn."""
        began = monotonic()
        try:
            yield
        finally:
            self._part_seconds.labels(part).observe(monotonic() - began)

    def turn(self, outcome: str, seconds: float, told: Iterable[Message]) -> None:
        self._turns.labels(outcome).inc()
        self._turn_seconds.observe(seconds)
        self._told(told)

    def late_answer(self, outcome: str, told: Iterable[Message]) -> None:
        self._late.labels(outcome).inc()
        self._told(told)

    def answered(self, route: str, status: int) -> None:
        self._answers.labels(route, str(status)).inc()

    def _told(self, messages: Iterable[Message]) -> None:
        for message in messages:
            custom = message.custom or {}
            kind = str(custom.get("kind", "text"))
            self._replies.labels(kind).inc()
            if kind == HANDOFF:
                self._handoffs.inc()
            if custom.get("understood") is False:
                self._fallbacks.inc()
            if kind == "verdict" and custom.get("remedies"):
                self._verdicts.labels(str(custom["remedies"][0].get("outcome"))).inc()

    def shown(self) -> Response:
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def admit_reader(request: Request, settings: Settings, address: str) -> None:
    """Let in who sends AFTERCARE_METRICS_TOKEN; where none is set, in demo and test, who is on this machine.

    Raises:
        ApiError: 401, anybody else.
    """
    token = settings.metrics_token
    if token:
        given = request.headers.get("authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return
        raise _refused("send Authorization: Bearer with the token that AFTERCARE_METRICS_TOKEN holds")
    if settings.environment is Environment.PRODUCTION:
        raise _refused("set AFTERCARE_METRICS_TOKEN, and send it as Authorization: Bearer")
    if not _is_this_machine(address):
        raise _refused("ask from this machine, or set AFTERCARE_METRICS_TOKEN")


def _is_this_machine(address: str) -> bool:
    try:
        network = ipaddress.ip_network(address)
    except ValueError:
        return address == "local"
    # An IPv6 client is counted as its /64.
    return network.is_loopback or network == ipaddress.ip_network("::/64")


def _refused(detail: str) -> ApiError:
    return ApiError(ProblemKind.METRICS_REFUSED, detail)
