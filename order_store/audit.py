"""Writing the audit trail."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from order_store.tables import AuditEntry

# Codes, ids, numbers, instants: one word without "@", so that no name and no address slips in.
_CODE: Final = re.compile(r"[\w.:+/#-]{0,128}")


def record(
    session: Session,
    *,
    at: datetime,
    who: str,
    what: str,
    subject: str,
    why: str,
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Adds one row to the audit trail, in the transaction of what it tells of.

    `who`, `what` and `subject` ("rma:17") are single words, `details` holds ids and codes: words, numbers,
    true, false, null, and lists or objects of these. Raises ValueError for anything else, since the trail
    can never be corrected: personal data has no place in it.
    """
    for name, word in (("who", who), ("what", what), ("subject", subject)):
        if not word or not _CODE.fullmatch(word):
            raise ValueError(f"audit: {name} must be one word of at most 128 characters, no {word!r}")
    if "@" in why:
        raise ValueError("audit: why must hold no e-mail address")
    told = dict(details or {})
    _refuse_personal_data("details", told)
    entry = AuditEntry(at=at, who=who, what=what, subject=subject, why=why, details=told)
    session.add(entry)
    return entry


def _refuse_personal_data(path: str, value: Any) -> None:
    if value is None or isinstance(value, bool | int):
        return
    if isinstance(value, str):
        if not _CODE.fullmatch(value):
            raise ValueError(f"audit: {path} must be an id or a code: one word of at most 128 characters")
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _refuse_personal_data(f"{path}.{key}", part)
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            _refuse_personal_data(f"{path}[{index}]", part)
    else:
        raise ValueError(f"audit: {path} must be a word, a whole number, true, false or null")
