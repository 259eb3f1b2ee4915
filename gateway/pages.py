"""The chat page: `GET /?shop=KEY`, and its files under /page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from gateway.order_page import PATH as ORDER_PAGE
from gateway.parts import parts_of
from gateway.security import STATIC_PATH, page_policy
from gateway.settings import Environment
from order_store import Shop

PAGE = Path(__file__).parent / "page"

_CHAT = Template((PAGE / "index.html").read_text(encoding="utf-8"))
_CHOOSE = Template((PAGE / "shops.html").read_text(encoding="utf-8"))


def add_to(app: FastAPI) -> None:
    app.add_api_route("/", page, methods=["GET", "HEAD"])
    app.mount(STATIC_PATH, StaticFiles(directory=PAGE / "static"))


async def page(request: Request) -> Response:
    """The chat with the shop named; without one, the shops to try (demo and test) or how to open the page."""
    parts = parts_of(request)
    shops = await parts.shops.all()
    asked = request.query_params.get("shop")
    shop = shops.get(asked) if asked else None
    if shop is not None:
        return _html(_chat(shop), framed_by=shop.allowed_origins)
    listed = [] if parts.settings.environment is Environment.PRODUCTION else list(shops.values())
    return _html(_without_shop(asked, listed), status=404 if asked else 200)


def _html(text: str, *, framed_by: Iterable[str] = (), status: int = 200) -> Response:
    return HTMLResponse(text, status, {"Content-Security-Policy": page_policy(list(framed_by))})


def _chat(shop: Shop) -> str:
    return _CHAT.substitute(shop_key=escape(shop.key), shop_name=escape(shop.name))


def _without_shop(asked: str | None, listed: list[Shop]) -> str:
    if listed:
        title = "No such shop" if asked else "Choose a shop"
        sentence = "Each of these shops has its own rules. Open one and ask its assistant."
        links = "\n".join(_link(shop) for shop in listed)
        return _CHOOSE.substitute(title=title, sentence=sentence, links=f'<ul class="shops">\n{links}\n</ul>')
    title = "No such shop" if asked else "Which shop?"
    sentence = (
        "Open the chat from your shop&rsquo;s website, "
        "or add the shop&rsquo;s key to the address: <code>/?shop=KEY</code>"
    )
    return _CHOOSE.substitute(title=title, sentence=sentence, links="")


def _link(shop: Shop) -> str:
    return (
        f'<li><a href="/?shop={quote(shop.key, safe="")}"><span class="mark" aria-hidden="true">'
        f"{escape(_initial(shop))}</span>{escape(shop.name)}</a>"
        f'<a class="aside" href="{ORDER_PAGE}?shop={quote(shop.key, safe="")}">An order page of it</a></li>'
    )


def _initial(shop: Shop) -> str:
    return next((character.upper() for character in shop.name if character.isalnum()), "•")
