"""Sending customers to a running system, a few at a time, and judging what each was told."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx
from sqlalchemy import select

import order_store
from casework.words import Words
from order_store import Base, Database, import_orders, save_shops
from tests.chaos.chat import Chat
from tests.running import System
from tests.simulation.customer import Customer
from tests.simulation.judging import Findings, judge
from tests.simulation.personas import Persona, make_persona, shops
from tests.simulation.talk import Row
from tests.simulation.truth import truth_of
from tests.simulation.voices import Voices

AT_ONCE = 4
"""Customers who share an instant and talk at the same time: the system has one clock."""
REFUNDED = {"cancelled": "cancel", "out_of_stock": "refund_now"}
CHOSEN = {"wait": "wait_backorder", "refund": "refund_now"}


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
    with database.read() as session:
        truth = truth_of(session, persona)
    chat = Chat(client, persona.shop.key, persona.name, address=f"198.18.{number // 250 % 256}.{number % 250 + 1}")
    talk = Customer(persona, voices, words, chat, lambda: rows_of(database, persona)).settle()
    return judge(talk, persona, truth)


def rows_of(database: Database, persona: Persona) -> tuple[Row, ...]:
    """What the store holds of the order's lines: the table of each row, and the remedy it stands for."""
    with database.read() as session:
        order = order_store.find_order(session, persona.shop.key, persona.number)
        lines = [line.id for line in order.lines] if order is not None else []

        def of_lines(table: type[Base]) -> Sequence[Base]:
            return session.scalars(select(table).where(table.line_id.in_(lines))).all()  # type: ignore[attr-defined]

        return (
            *(("rmas", row.remedy) for row in of_lines(order_store.Rma)),
            *(("disputes", "dispute") for _ in of_lines(order_store.Dispute)),
            *(("cancellations", "cancel") for _ in of_lines(order_store.Cancellation)),
            *(("choices", CHOSEN[row.choice]) for row in of_lines(order_store.BackorderChoice)),
            *(("refunds", REFUNDED[row.because]) for row in of_lines(order_store.Refund)),
            *(("tickets", row.remedy) for row in of_lines(order_store.Ticket) if row.remedy is not None),
        )
