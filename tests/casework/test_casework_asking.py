"""What is asked for an order as it stands, and what nobody could answer."""

from datetime import timedelta

from casework.asking_next import next_slots
from order_store import Database
from tests.casework.orders import NOW, ON_ITS_WAY, a_dossier, line_of, tell, told

UNSENT = told(number="DB-1", shop="double", shipments=[])
SENT = told(number="DB-2", shop="double", shipments=[ON_ITS_WAY])


def test_nobody_is_asked_when_something_came_that_has_not_been_shipped(sqlite_shops: Database) -> None:
    tell(sqlite_shops, UNSENT, SENT)
    with sqlite_shops.read() as session:
        assert next_slots(session, a_dossier("cancel_order", "DB-1", "double"), NOW) == ["confirm"]
        assert "delivered_on" in next_slots(
            session, a_dossier("return_item", "DB-2", "double", reason="defective"), NOW
        )
        before_it_left = NOW - timedelta(days=9)
        assert next_slots(session, a_dossier("return_item", "DB-1", "double", reason="change_of_mind"), NOW) == [
            "confirm"
        ]
        assert next_slots(session, a_dossier("cancel_order", "DB-2", "double"), before_it_left) == ["confirm"]


def test_who_cancels_what_is_on_its_way_is_not_asked_when_it_came(sqlite_shops: Database) -> None:
    tell(sqlite_shops, SENT)
    with sqlite_shops.read() as session:
        dossier = a_dossier("cancel_order", "DB-2", "double")
        judged = dossier.judge(session, line_of(session, dossier), NOW)
        assert [each.remedy for each in judged.open] == ["refuse_delivery"]
        assert next_slots(session, dossier, NOW) == []


def test_where_there_is_no_other_way_out_the_day_is_asked_for_all_the_same(sqlite_shops: Database) -> None:
    tell(sqlite_shops, UNSENT)
    faulty = {"reason": "defective"}
    with sqlite_shops.read() as session:
        assert "delivered_on" in next_slots(session, a_dossier("report_defect", "DB-1", "double", **faulty), NOW)
