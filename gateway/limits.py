"""How much one conversation or one client address may ask for: token buckets, kept in memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from gateway.problems import ApiError, ProblemKind


class RateLimit:
    """So many calls a minute per key: that many at once, then one more as each share of the minute passes.

    At most `most_keys` keys are remembered; the one unused for longest is forgotten first, so a flood of
    addresses costs a bounded amount of memory.
    """

    def __init__(
        self, per_minute: int, *, most_keys: int = 20_000, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._capacity = float(per_minute)
        self._refill = per_minute / 60
        self._most_keys = most_keys
        self._seconds = seconds
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: str) -> None:
        """Count one call of `key`.

        Raises:
            ApiError: too many requests, with the seconds until the next one is taken.
        """
        now = self._seconds()
        left, then = self._buckets.pop(key, (self._capacity, now))
        left = min(self._capacity, left + (now - then) * self._refill)
        taken = left >= 1
        self._buckets[key] = (left - 1 if taken else left, now)
        if len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
        if not taken:
            wait = (1 - left) / self._refill
            raise ApiError(
                ProblemKind.TOO_MANY_REQUESTS,
                "wait as long as Retry-After says, then send it again",
                retry_after=wait,
            )
