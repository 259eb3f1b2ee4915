"""The two tokens of the chat: the one a page talks with, and the one a shop vouches for its customer with.

Both are JWTs signed with HS256. Whether one has expired is told by the `now` given, not the machine's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options

from gateway.problems import ApiError, ProblemKind

LONGEST_CUSTOMER_TOKEN = timedelta(minutes=10)
MOST_ORDERS = 100
LONGEST_EMAIL = 254
LONGEST_ORDER_NUMBER = 64

_ALGORITHM = "HS256"
_TIMES_UNCHECKED = Options(verify_exp=False, verify_iat=False, verify_nbf=False, verify_aud=False)


@dataclass(frozen=True)
class ChatToken:
    """What a chat token says: which conversation, of which shop (its key), until when (UTC).

    It was given after the conversation had gone on elsewhere `moves` times, and holds until it does so once more.
    `since` is the number of the last message that was said for others' eyes, before it came there.
    """

    conversation_id: str
    shop: str
    expires_at: datetime
    moves: int = 0
    since: int = 0

    def signed(self, key: bytes) -> str:
        claims = {
            "conversation": self.conversation_id,
            "shop": self.shop,
            "exp": int(self.expires_at.timestamp()),
            **({"moves": self.moves, "since": self.since} if self.moves else {}),
        }
        return jwt.encode(claims, key, algorithm=_ALGORITHM)


def read_chat_token(token: str, key: bytes, now: datetime) -> tuple[ChatToken, bool]:
    """What `token` says, and whether it still holds at `now` (an expired one still says which shop it was for).

    Raises:
        ApiError: 401, the token is not one of ours or was changed.
    """
    try:
        claims = jwt.decode(token, key, algorithms=[_ALGORITHM], options=_TIMES_UNCHECKED)
        conversation_id, shop, expires_at = claims["conversation"], claims["shop"], _instant(claims["exp"])
        moves, since = int(claims.get("moves", 0)), int(claims.get("since", 0))
    except (jwt.InvalidTokenError, ValueError, KeyError):
        raise token_refused() from None
    return ChatToken(conversation_id, shop, expires_at, moves, since), now < expires_at


def token_refused() -> ApiError:
    """The answer to a token that is missing, not ours, or for a conversation kept no more or gone on elsewhere."""
    return ApiError(
        ProblemKind.TOKEN_REFUSED,
        "open a conversation with POST /api/v1/sessions and send its token: Authorization: Bearer <token>",
    )


@dataclass(frozen=True)
class VerifiedCustomer:
    """Whom a shop vouches for; `orders` (numbers) narrows what they may ask about, None: all of theirs."""

    email: str
    orders: tuple[str, ...] | None


def read_customer_token(token: str, secret: str, shop: str, now: datetime) -> VerifiedCustomer:
    """The customer `shop` (its key) vouches for in a token signed with its `secret`.

    Raises:
        ApiError: 401, with what the shop's developer has to change; it says nothing a stranger could use.
    """
    try:
        claims = jwt.decode(token, secret, algorithms=[_ALGORITHM], options=_TIMES_UNCHECKED)
    except jwt.InvalidAlgorithmError:
        raise _refused("sign it with HS256") from None
    except jwt.InvalidSignatureError:
        raise _refused("the signature does not fit: sign it with this shop's secret") from None
    except (jwt.InvalidTokenError, ValueError):
        raise _refused("it is not a JSON web token with an object of claims") from None
    if claims.get("iss") != shop:
        raise _refused("`iss` must be the key of the shop the session is opened for")
    _check_times(claims, now)
    return VerifiedCustomer(_email(claims.get("sub")), _orders(claims.get("orders")))


def _check_times(claims: dict[str, Any], now: datetime) -> None:
    try:
        expires_at = _instant(claims.get("exp"))
        begins_at = _instant(claims["nbf"]) if "nbf" in claims else None
    except ValueError:
        raise _refused("`exp` is required: a number of seconds since 1970, at most 10 minutes ahead") from None
    if now >= expires_at:
        raise _refused("it has expired: make a new one for each page")
    if expires_at > now + LONGEST_CUSTOMER_TOKEN:
        raise _refused("`exp` lies more than 10 minutes ahead: make it shorter")
    if begins_at is not None and now < begins_at:
        raise _refused("`nbf` lies in the future")


def _email(subject: object) -> str:
    if isinstance(subject, str):
        email = subject.strip()
        name, at, domain = email.rpartition("@")
        if at and name and domain and len(email) <= LONGEST_EMAIL and email.isprintable() and " " not in email:
            return email
    raise _refused("`sub` must be the customer's e-mail address")


def _orders(orders: object) -> tuple[str, ...] | None:
    if orders is None:
        return None
    if isinstance(orders, list) and len(orders) <= MOST_ORDERS and all(_is_order_number(one) for one in orders):
        return tuple(orders)
    raise _refused(f"`orders` must be a list of at most {MOST_ORDERS} order numbers, each a text")


def _is_order_number(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_ORDER_NUMBER and value.isprintable()


def _instant(seconds: object) -> datetime:
    """Raises ValueError for anything but seconds since 1970 within the years a date can have."""
    match seconds:
        case bool():
            raise ValueError("not a number of seconds")
        case int() | float():
            try:
                return datetime.fromtimestamp(seconds, UTC)
            except (OverflowError, OSError) as error:
                raise ValueError("not an instant") from error
        case _:
            raise ValueError("not a number of seconds")


def _refused(detail: str) -> ApiError:
    return ApiError(ProblemKind.CUSTOMER_TOKEN_REFUSED, detail)
