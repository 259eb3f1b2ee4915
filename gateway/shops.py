"""Which pages each of the shops lets in."""

from __future__ import annotations

from starlette.requests import Request

from gateway.origins import admit, is_own_page
from gateway.parts import Parts


async def admit_page_of_any(request: Request, parts: Parts) -> None:
    """Before it is known which shop a call is about: let in the pages some shop lets in.

    Raises:
        ApiError: 403, a page no shop knows.
    """
    trusted = parts.settings.trusted_proxies
    if not is_own_page(request, trusted):
        shops = await parts.shops.all()
        admit(request, [origin for shop in shops.values() for origin in shop.allowed_origins], trusted)


async def admit_page_of(request: Request, parts: Parts, shop_key: str) -> None:
    """Once it is known: let in the pages of that shop alone.

    Raises:
        ApiError: 403, a page of somebody else.
    """
    trusted = parts.settings.trusted_proxies
    if not is_own_page(request, trusted):
        shop = (await parts.shops.all()).get(shop_key)
        admit(request, shop.allowed_origins if shop else [], trusted)
