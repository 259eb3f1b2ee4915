"""The shops this gateway answers for, and which pages each of them lets in."""

from __future__ import annotations

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from gateway.origins import admit, is_own_page
from gateway.parts import Parts
from order_store import Database, Shop


async def all_shops(database: Database) -> dict[str, Shop]:
    """Every shop by its key, in the order of their names."""
    return await run_in_threadpool(_read_shops, database)


def _read_shops(database: Database) -> dict[str, Shop]:
    with database.read() as session:
        return {shop.key: shop for shop in session.scalars(select(Shop).order_by(Shop.name, Shop.key))}


async def admit_page_of_any(request: Request, parts: Parts) -> None:
    """Before it is known which shop a call is about: let in the pages some shop lets in.

    Raises:
        ApiError: 403, a page no shop knows.
    """
    trusted = parts.settings.trusted_proxies
    if not is_own_page(request, trusted):
        shops = await all_shops(parts.database)
        admit(request, [origin for shop in shops.values() for origin in shop.allowed_origins], trusted)


async def admit_page_of(request: Request, parts: Parts, shop_key: str) -> None:
    """Once it is known: let in the pages of that shop alone.

    Raises:
        ApiError: 403, a page of somebody else.
    """
    trusted = parts.settings.trusted_proxies
    if not is_own_page(request, trusted):
        shop = (await all_shops(parts.database)).get(shop_key)
        admit(request, shop.allowed_origins if shop else [], trusted)
