"""Where a message falls: what was asked for, what can be chosen, and what a yes would be to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

import order_store

from .asking_next import announced, listed
from .cases import shop_zone
from .dossier import Dossier
from .hearing_answers import WRITES
from .identity import Asker
from .messages import Setting
from .together import SLOT as TOGETHER


def setting_of(
    session: Session,
    known: Mapping[str, Any],
    asker: Asker,
    requested: str | None,
    now: datetime,
    *,
    typed: bool = True,
) -> Setting:
    """What the slots in `known` and the customer's own order say of it, as of `now`; `typed`: no button was pressed."""
    dossier = Dossier.from_slots(known, asker)
    order = dossier.order(session)
    shop = order.shop if order is not None else order_store.find_shop(session, asker.shop_key)
    titles = tuple(line.title for line in order.lines) if order is not None else ()
    remedies: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    line = dossier.line_of(order) if order is not None else None
    if requested == "remedy" and line is not None:
        remedies = tuple(each.remedy for each in dossier.judge(session, line, now).offers)
    elif requested == TOGETHER and line is not None:
        facts = listed(dossier, dossier.judge(session, line, now))
    of_a_yes = announced(session, dossier, line, now) if typed and requested in WRITES else None
    item = line.title if line is not None else ""
    return Setting(requested, now, shop_zone(shop), titles, remedies, facts, of_a_yes, item)
