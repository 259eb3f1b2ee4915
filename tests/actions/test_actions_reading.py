"""What one message reads of the store: the customer's own order once, however many look at it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from bot.actions.case_form import ValidateCaseForm
from order_store import Database
from tests.actions.conversation import Customer, proven, run, tracker_of
from tests.casework.orders import ANOTHER_LINE, a_line, tell, told


@pytest.fixture
def statements(store: Database) -> Iterator[list[str]]:
    """Everything asked of the store, in order."""
    tell(store, told(lines=[a_line(shipment=0), ANOTHER_LINE | {"shipment": 0}]))
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(store.engine, "before_cursor_execute", note)


def _orders_read(statements: list[str]) -> int:
    return sum("FROM orders" in each for each in statements)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("it came on 5 March, two of them, everything is there", "inform"),
        ("no, the other one", "correct_that"),
        ("where is my parcel?", "inform"),
    ],
)
def test_taking_a_message_in_and_finding_the_next_question_reads_the_order_once(
    statements: list[str], text: str, intent: str
) -> None:
    customer = proven()
    customer.says("the kettle is broken", "report_defect", reason="defective", product="Copper kettle")
    statements.clear()
    said = {"text": text, "intent": intent, "entities": [{"entity": "date", "value": "5 March"}]}
    run(ValidateCaseForm(), tracker_of(dict(customer.slots), **said, metadata=customer.metadata("2"), in_form=True))
    assert _orders_read(statements) == 1
    assert sum(each.startswith("BEGIN") for each in statements) == 1


def test_what_is_not_understood_after_a_matter_reads_the_order_once(statements: list[str]) -> None:
    customer = proven(line=0)
    customer.says("where is it", "track_order")
    statements.clear()
    customer.says("xyzzy", "nlu_fallback")
    assert _orders_read(statements) == 1


def test_an_order_that_is_not_proven_is_not_read(statements: list[str]) -> None:
    statements.clear()
    Customer().says("return the kettle of QC-1001", "return_item", order_number="QC-1001")
    assert _orders_read(statements) == 0
