"""The token of a customer whom the shop has logged in, for scripts that say `vouched`."""

from datetime import datetime, timedelta
from typing import Any

import jwt

from tests.running import SHOP_SECRETS

LASTS = timedelta(minutes=5)


def customer_token(script: dict[str, Any]) -> str | None:
    """Signed as the shop would, as of the script's beginning: `vouched` names the e-mail and may name the orders."""
    vouched = script.get("vouched")
    if vouched is None:
        return None
    ends = datetime.fromisoformat(script["now"]) + LASTS
    claims = {"iss": script["shop"], "sub": vouched["email"], "exp": int(ends.timestamp())}
    if "orders" in vouched:
        claims["orders"] = vouched["orders"]
    return jwt.encode(claims, SHOP_SECRETS["QUILL_TOKEN_SECRET"], algorithm="HS256")
