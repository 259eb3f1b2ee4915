"""Where a customer opens a conversation with a code: on the page, and in each channel of the shop."""

from __future__ import annotations

from urllib.parse import quote

from gateway.channels.accounts import Accounts
from order_store.codes import CHANNELS


def links_to(accounts: Accounts, public_url: str, shop: str, code: str) -> dict[str, str]:
    """By the name of the channel, "page" among them; only those whose address is known.

    Slack is not among them: it has no link that brings words along, so the code is typed there.
    """
    found = {"page": f"{public_url}/?shop={quote(shop)}#continue={code}"} if public_url else {}
    for channel in CHANNELS:
        account = accounts.get((channel, shop))
        match channel, account.values if account is not None else {}:
            case "telegram", {"username": name}:
                found[channel] = f"https://t.me/{quote(name)}?start={code}"
            case "messenger", {"username": name}:
                found[channel] = f"https://m.me/{quote(name)}?ref={code}"
            case "whatsapp", {"number": number}:
                found[channel] = f"https://wa.me/{number.lstrip('+')}?text={code}"
            case "sms", {"number": number}:
                found[channel] = f"sms:{number}?body={code}"
            case "email", {"address": address}:
                found[channel] = f"mailto:{quote(address, safe='@')}?subject={code}"
    return found
