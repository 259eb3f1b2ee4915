"""Calling a provider: what passes is told from what does not, and no more is read than is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from casework.evidence import MOST_BYTES
from gateway.channels.errors import NotNow, Refused

SECONDS = 20
MOST_REDIRECTS = 3
LONGEST_PAUSE = 3600.0


def new_client() -> httpx.Client:
    return httpx.Client(timeout=SECONDS, follow_redirects=False)


def call(http: httpx.Client, method: str, url: str, **arguments: Any) -> httpx.Response:
    """The provider's answer, be it a refusal. Raises NotNow where it is away, in trouble, or asks us to wait."""
    try:
        response = http.request(method, url, **arguments)
    except httpx.HTTPError as error:
        raise NotNow(type(error).__name__) from None
    except httpx.InvalidURL:
        raise Refused("not an address") from None
    if response.status_code == 429:
        raise NotNow("status 429", pause_asked(response), everybody=True)
    if response.status_code >= 500:
        raise NotNow(f"status {response.status_code}", pause_asked(response))
    return response


def pause_asked(response: httpx.Response) -> float | None:
    """The seconds to wait, as Retry-After tells them, or (Telegram) the body."""
    told = response.headers.get("retry-after", "").strip()
    if not told and response.is_closed:
        match json_of(response):
            case {"parameters": {"retry_after": int(asked)}}:
                told = str(asked)
    return min(float(told), LONGEST_PAUSE) if told.isascii() and told.isdigit() else None


def json_of(response: httpx.Response) -> dict[str, Any]:
    """The object a provider answered; an empty one where it is none."""
    try:
        data = response.json()
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def download(http: httpx.Client, url: str, hosts: tuple[str, ...], headers: Mapping[str, str] | None = None) -> bytes:
    """A file of a provider's, at most one byte more than a picture may have.

    It has to lie at one of `hosts` or below it; only there the `headers` go, which prove who we are. A redirect to
    elsewhere is followed without them. Raises NotNow or Refused.
    """
    for redirects in range(MOST_REDIRECTS + 1):
        parts = urlsplit(url)
        ours = any(parts.netloc == host or (parts.hostname or "").endswith(f".{host}") for host in hosts)
        if not ours and (redirects == 0 or parts.scheme != "https"):
            raise Refused("the file lies at an address that is not the provider's")
        try:
            with http.stream("GET", url, headers=dict(headers or {}) if ours else {}) as response:
                if response.is_redirect:
                    url = str(response.url.join(response.headers["location"]))
                    continue
                if response.status_code == 429 or response.status_code >= 500:
                    raise NotNow(f"status {response.status_code}", pause_asked(response))
                if response.status_code != 200:
                    raise Refused(f"status {response.status_code}")
                return _bounded(response)
        except httpx.HTTPError as error:
            raise NotNow(type(error).__name__) from None
        except httpx.InvalidURL:
            raise Refused("not an address") from None
    raise Refused("too many redirects")


def _bounded(response: httpx.Response) -> bytes:
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > MOST_BYTES:
            return bytes(data[: MOST_BYTES + 1])
    return bytes(data)
