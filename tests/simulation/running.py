"""Sending customers to a running system, a few at a time, and judging what each was told."""

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import jwt

import order_store
from casework.words import Words
from order_store import Database, import_orders, save_shops
from tests.chaos.chat import Chat
from tests.running import SHOP_SECRETS, System
from tests.simulation.customer import Customer
from tests.simulation.judging import Findings, judge
from tests.simulation.pasts import Standing, happen
from tests.simulation.personas import Persona, make_persona, shops
from tests.simulation.stored import left_of, rows_of
from tests.simulation.talk import Row
from tests.simulation.truth import truth_of
from tests.simulation.voices import Voices

AT_ONCE = 4
"""Customers who share an instant and talk at the same time: the system has one clock."""
TOKEN_LASTS = timedelta(minutes=5)


def simulate(system: System, customers: int, seed: int, mark: str = "") -> Iterator[Findings]:
    """Sends the customers of `seed` and judges their talks, in their order.

    `mark` sets the order numbers apart from those of another run over the same store.
    """
    voices, words = Voices.load(), Words.load()
    with system.database.write() as session:
        save_shops(session, shops())
    with ThreadPoolExecutor(AT_ONCE) as threads, httpx.Client(base_url=system.url) as client:
        for first in range(0, customers, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, customers))
            personas = [make_persona(seed, number, first // AT_ONCE, voices, mark) for number in numbers]
            system.at(personas[0].now.isoformat())
            _sell(system.database, personas)
            served = [
                threads.submit(_serve, persona, number, system.database, client, voices, words)
                for number, persona in zip(numbers, personas, strict=True)
            ]
            for each in served:
                yield each.result()


def _sell(database: Database, personas: Sequence[Persona]) -> None:
    orders = [order for persona in personas for order in (persona.bought.order, persona.strangers.order)]
    report = import_orders(database, orders, personas[0].now)
    assert not report.refused, report.refused


def _serve(
    persona: Persona, number: int, database: Database, client: httpx.Client, voices: Voices, words: Words
) -> Findings:
    standing = _standing(database, persona)
    with database.read() as session:
        truth = truth_of(session, persona, standing)
    before = Counter(rows_of(database, persona))

    def written() -> tuple[Row, ...]:
        return tuple((Counter(rows_of(database, persona)) - before).elements())

    address = f"198.18.{number // 250 % 256}.{number % 250 + 1}"
    chat = Chat(client, persona.shop.key, persona.name, address, customer_token=token_of(persona))
    talk = Customer(persona, voices, words, chat, written).settle()
    return judge(talk, persona, truth, left_of(database, persona))


def _standing(database: Database, persona: Persona) -> Standing | None:
    if persona.past is None:
        return None
    with database.write() as session:
        order = order_store.find_order(session, persona.shop.key, persona.number)
        assert order is not None, persona.number
        return happen(session, persona.past, order, persona.line, persona.now)


def token_of(persona: Persona) -> str | None:
    """The shop's word for the customer, where it gives one: for the orders it names, or for all of theirs."""
    if persona.vouched_for is None:
        return None
    claims = {"iss": persona.shop.key, "sub": persona.email, "exp": int((persona.now + TOKEN_LASTS).timestamp())}
    orders = {"orders": list(persona.vouched_for)} if persona.vouched_for else {}
    return jwt.encode({**claims, **orders}, SHOP_SECRETS[persona.shop.token_secret_name or ""], algorithm="HS256")
