"""The audit trail takes ids and codes, and nothing personal."""

from typing import Any

import pytest

from order_store import AuditEntry, Database, record
from tests.store.conftest import NOW

ENTRY: dict[str, Any] = {
    "at": NOW,
    "who": "customer",
    "what": "rma_issued",
    "subject": "rma:17",
    "why": "AS-R2: within the return window",
}


def test_an_entry_is_kept_with_ids_and_codes(database: Database) -> None:
    details = {"order": 5, "number": "RMA-7K4P-9XQ-M3C", "clauses": ["AS-R2"], "manual": False, "ticket": None}
    with database.write() as session:
        record(session, **ENTRY, details=details)
    with database.read() as session:
        entry = session.get_one(AuditEntry, 1)
    assert (entry.at, entry.subject, entry.details) == (NOW, "rma:17", details)


@pytest.mark.parametrize(
    "details",
    [
        {"email": "ada@example.com"},
        {"name": "Ada Fenn"},
        {"nested": {"list": ["AS-R2", "Ada Fenn"]}},
        {"price": 1.5},
        {"said": "x" * 129},
    ],
)
def test_anything_that_may_be_personal_is_refused(database: Database, details: dict[str, Any]) -> None:
    with database.read() as session, pytest.raises(ValueError, match="audit: details"):
        record(session, **ENTRY, details=details)


@pytest.mark.parametrize("change", [{"who": "Ada Fenn"}, {"what": ""}, {"subject": "a b"}, {"why": "a@example.com"}])
def test_who_what_and_subject_are_words_and_why_names_nobody(database: Database, change: dict[str, str]) -> None:
    with database.read() as session, pytest.raises(ValueError, match="audit: "):
        record(session, **(ENTRY | change))
