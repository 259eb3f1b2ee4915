"""Calling a provider: what passes is told from what does not, and no more is read than is wanted."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from casework.evidence import MOST_BYTES
from gateway.channels.errors import NotNow, Refused

SECONDS = 20
SECONDS_FOR_A_FILE = 60
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
    """The seconds to wait, as Retry-After tells them, or (Telegram) the body; None where that is none or 0."""
    told = response.headers.get("retry-after", "").strip()
    if not told and response.is_closed:
        match json_of(response):
            case {"parameters": {"retry_after": int(asked)}}:
                told = str(asked)
    return min(float(told), LONGEST_PAUSE) or None if told.isascii() and told.isdigit() else None


def json_of(response: httpx.Response) -> dict[str, Any]:
    """The object a provider answered; an empty one where it is none."""
    try:
        data = response.json()
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


@dataclass(frozen=True)
class Files:
    """Where a provider's files lie: at `api`, the address it is called at, and at or below `hosts`, over TLS.

    `beyond` are the hosts its redirects may lead to: any other, the machine's own network above all, is not asked.
    """

    api: str
    hosts: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()

    def hold(self, url: str) -> bool:
        api, parts = urlsplit(self.api), urlsplit(url)
        return (parts.scheme, parts.netloc) == (api.scheme, api.netloc) or _lies_at(url, self.hosts)

    def lead_to(self, url: str) -> bool:
        return _lies_at(url, self.beyond)


def _lies_at(url: str, hosts: tuple[str, ...]) -> bool:
    parts = urlsplit(url)
    name = parts.hostname or ""
    usual = parts.scheme == "https" and parts.netloc.lower() == name
    return usual and any(name == host or name.endswith(f".{host}") for host in hosts)


def download(http: httpx.Client, url: str, files: Files, headers: Mapping[str, str] | None = None) -> bytes:
    """A file of a provider's, at most one byte more than a picture may have.

    Only where its `files` lie the `headers` go, which prove who we are. Raises NotNow or Refused.
    """
    for redirects in range(MOST_REDIRECTS + 1):
        try:
            ours, known = files.hold(url), redirects > 0 and files.lead_to(url)
        except ValueError:
            raise Refused("not an address") from None
        if not ours and not known:
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
    data, until = bytearray(), time.monotonic() + SECONDS_FOR_A_FILE
    for chunk in response.iter_bytes():
        data += chunk
        if time.monotonic() > until:
            raise NotNow("the file comes too slowly")
        if len(data) > MOST_BYTES:
            return bytes(data[: MOST_BYTES + 1])
    return bytes(data)
