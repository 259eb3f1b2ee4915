"""Who the customers are: what each of them bought, wants, knows and is like. The same seed makes the same people."""

import random
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from order_store import Shop, read_shops
from tests.running import ROOT
from tests.simulation.orders import BY_CHOICE, Bought, buy, weighted
from tests.simulation.pasts import GRANTED_ON, Past, make_past
from tests.simulation.reasons import SAYS_MORE, SPEAKS_OF_RECEIPT, reason_of
from tests.simulation.voices import Voices

SHOPS = ROOT / "tests" / "simulation" / "shops.yml"
OF_THE_STORE = ("out_of_stock", "cancel_order", "exchange_item", "rma", "refund_status")
"""Goals only a store's own policy knows of, or that begin with an RMA it gives whatever the day."""
BEGIN = datetime(2026, 1, 2, tzinfo=UTC)
PRIVACY_WISHES = ("access", "correction", "erasure")
SIGNED_IN = 0.4
"""The share of customers their shop vouches for, where it does at all."""
NAMES = ("Ada Fenn", "Milo Brandt", "Wen Li", "Sana Okafor", "Jonas Vik", "Petra Lund", "Ravi Menon", "Lucia Sole")

GOALS = {
    "return_item": 13,
    "report_defect": 13,
    "report_wrong_item": 6,
    "report_missing_parts": 4,
    "missing_order": 10,
    "track_order": 6,
    "warranty": 8,
    "out_of_stock": 6,
    "cancel_order": 8,
    "request_refund": 6,
    "exchange_item": 4,
    "ask_deadline": 3,
    "rma": 4,
    "refund_status": 3,
    "invoice": 2,
    "privacy_request": 2,
    "human_handoff": 2,
}
"""What customers come for, out of a hundred."""
WITH_A_SECOND = frozenset({"return_item", "report_defect", "report_wrong_item", "missing_order", "cancel_order"})
"""Goals of customers who may ask for something else in the same message."""
WITH_TWO_ITEMS = frozenset({"return_item", "exchange_item", "cancel_order"})
ASKS_FOR_MORE = 0.2
"""The share of those who do."""
ONE_ITEM = {"wrong_item": False}


@dataclass(frozen=True)
class Temper:
    """What somebody is like. Shares are of one: `slips` of words mistyped, `presses` of questions answered by button,
    `strays` of questions before which something else is said, `unsure` of facts that are not known at once,
    `reserved` of announcements to which they say yes on other terms first.
    """

    slips: float
    presses: float
    strays: float
    unsure: float
    greets: bool
    says_no: bool
    wrong_number: bool
    wrong_item: bool
    reserved: float = 0.0


@dataclass(frozen=True)
class Persona:
    """One customer. `facts` are true of the goods, by fact path; `line` counts from 0; `opening` is a template.

    `second`: what else they ask for at once, a goal; `also_line`: the other item it is about, too.
    `wish`: what they want of their data; `past`: what has happened before they write. `vouched_for` is what the
    shop's token says of their orders: None without a token, else their numbers, or () for all of theirs.
    """

    name: str
    seed: str
    now: datetime
    shop: Shop
    goal: str
    reason: str | None
    bought: Bought
    strangers: Bought
    """Somebody else's order, whose number is a slip away from this customer's."""
    line: int
    facts: dict[str, Any]
    volunteered: tuple[str, ...]
    opening: str
    temper: Temper
    wish: str | None = None
    past: Past | None = None
    vouched_for: tuple[str, ...] | None = None
    second: str | None = None
    also_line: int | None = None

    @property
    def number(self) -> str:
        return str(self.bought.order["number"])

    @property
    def email(self) -> str:
        return str(self.bought.order["customer"]["email"])

    @property
    def title(self) -> str:
        return self.bought.titles[self.line]

    def knows(self, path: str) -> Any:
        """The true value of a fact; None for one this customer cannot know."""
        return self.bought.received_on if path == "order.delivered_at" else self.facts.get(path)


@cache
def shops() -> tuple[Shop, ...]:
    """The shops they buy from, read once."""
    return tuple(read_shops(SHOPS))


def make_persona(seed: int, number: int, moment: int, voices: Voices, mark: str = "") -> Persona:
    """Customer `number` of the run with this seed; all of one `moment` live in the same instant.

    `mark` is put in front of the digits of order numbers, so that the same people can come again.
    """
    now = _moment(seed, moment)
    rng = random.Random(f"{seed}/{number}")
    shop = rng.choice(shops())
    goal = weighted(rng, {each: share for each, share in GOALS.items() if _is_about(each, shop)})
    wish = rng.choice(PRIVACY_WISHES) if goal == "privacy_request" else None
    opening = rng.choice(voices.to_open(goal, wish))
    reason = reason_of(rng, goal, opening)
    customer = {"name": rng.choice(NAMES), "email": f"customer.{number}@example.com", "phone": None}
    order_number = f"{shop.key[:2].upper()}-{mark}{40000 + 10 * number}"
    past = make_past(rng, goal, opening)
    state = "unshipped" if past is not None and past.stage == "cancelled" else None
    bought = buy(rng, shop, goal, reason, order_number, customer, now, state)
    if past is not None:
        for line in bought.order["lines"]:
            line |= {"warranty_until": None, "factory_shipped_on": None}  # after a warranty nothing would be granted
    if bought.received_on is None and SPEAKS_OF_RECEIPT.search(opening) and goal == "return_item":
        opening = "I'd like to return my purchase please."
    stranger = {"name": "Odo Strange", "email": f"stranger.{number}@example.com", "phone": None}
    strangers = buy(rng, shop, "report_defect", None, f"{order_number[:-1]}7", stranger, now)
    facts = _facts(rng, reason)
    if past is not None and past.stage != "cancelled":
        reason, facts = "defective", facts | {f"claim.{name}": value for name, value in GRANTED_ON.items()}
    told = {path: value for pattern, path, value in SAYS_MORE if re.search(pattern, opening, re.I)}
    facts |= {f"claim.{path}": value for path, value in told.items()}
    volunteered = tuple(f"claim.{path}" for path in told)
    if bought.state == "untold" and "{date}" in opening and SPEAKS_OF_RECEIPT.search(opening):
        volunteered += ("order.delivered_at",)
    line = rng.randrange(len(bought.titles))
    more = random.Random(f"{seed}/{number}/more")
    also_line, second = _also(more, goal, opening, line, len(bought.titles))
    if also_line is not None:
        opening = opening.replace("{item}", "{item} and the {other}", 1)
    elif second is not None:
        opening = f"{opening.rstrip('.')}. {more.choice(voices.seconds[second])}"
    return Persona(
        name=f"customer {number}",
        seed=f"{seed}/{number}/talk",
        now=now,
        shop=shop,
        goal=goal,
        reason=reason,
        bought=bought,
        strangers=strangers,
        line=line,
        facts=facts,
        volunteered=volunteered,
        opening=opening,
        temper=replace(_temper(rng), reserved=more.choice((0.0, 0.0, 0.3)), **({} if also_line is None else ONE_ITEM)),
        wish=wish,
        past=past,
        vouched_for=_vouched_for(rng, shop, order_number),
        second=second,
        also_line=also_line,
    )


def _also(rng: random.Random, goal: str, opening: str, line: int, lines: int) -> tuple[int | None, str | None]:
    """The other item it is about, or the other thing that is asked for; most want one thing of one item."""
    if rng.random() > ASKS_FOR_MORE:
        return None, None
    if goal in WITH_TWO_ITEMS and lines > 1 and opening.count("{item}") == 1:
        return (line + 1) % lines, None
    return None, rng.choice(("invoice", "human_handoff")) if goal in WITH_A_SECOND else None


def _vouched_for(rng: random.Random, shop: Shop, number: str) -> tuple[str, ...] | None:
    """A token for all of the customer's orders, or for this one, where the shop makes any and they are signed in."""
    if shop.token_secret_name is None or rng.random() > SIGNED_IN:
        return None
    return rng.choice(((), (number,)))


def _moment(seed: int, moment: int) -> datetime:
    """Some instant of two years, now and then at the very edge of a day somewhere."""
    rng = random.Random(f"{seed}/moment/{moment}")
    edge = rng.choice((0, 59, rng.randrange(60)))
    return BEGIN + timedelta(days=rng.randrange(720), hours=rng.randrange(24), minutes=edge)


def _is_about(goal: str, shop: Shop) -> bool:
    """Whether the shop's policies know of such a matter at all; a few come with it where they do not."""
    return goal not in OF_THE_STORE or "store_policy" in shop.programmes


def _facts(rng: random.Random, reason: str | None) -> dict[str, Any]:
    by_choice = reason in BY_CHOICE
    return {
        "claim.complete": rng.random() < 0.85,
        "claim.activated": rng.random() < (0.3 if by_choice else 0.9),
        "claim.resalable": rng.random() < 0.8,
        "claim.caused_by_customer": not by_choice and rng.random() < 0.15,
        "claim.labels_intact": rng.random() < 0.88,
        "claim.photos": 1 if rng.random() < 0.75 else 0,
    }


def _temper(rng: random.Random) -> Temper:
    return Temper(
        slips=rng.choice((0.0, 0.0, 0.0, 0.04, 0.1)),
        presses=rng.choice((0.0, 0.5, 0.9)),
        strays=rng.choice((0.0, 0.0, 0.1, 0.2)),
        unsure=rng.choice((0.0, 0.0, 0.0, 0.1)),
        greets=rng.random() < 0.1,
        says_no=rng.random() < 0.12,
        wrong_number=rng.random() < 0.1,
        wrong_item=rng.random() < 0.15,
    )
