"""Until when an item is covered: its periods, and why it has none where somebody asks for the cover itself."""

from dataclasses import replace

from policy_core import Outcome, Programme, RemedyName

from .judged import Judged
from .telling import Teller, Telling

_NO_COVER = frozenset({"send_by", "rma_return_by", "refund_due"})
_WARRANTY_PERIODS = frozenset({"warranty_ends", "one_year_service_opens", "one_year_service_ends"})


def tell_cover(teller: Teller, judged: Judged) -> Telling:
    """The line's periods; and of a warranty or a one-year service (OW-1, OW-2) that there is none, or none yet."""
    telling = teller.dates(judged)
    cover = replace(judged.verdict, dates=tuple(each for each in judged.verdict.dates if each.code not in _NO_COVER))
    sentences = teller.dates(replace(judged, verdict=cover)).text.splitlines() if cover.dates else []
    service = judged.verdict.remedy(RemedyName.ONE_YEAR_SERVICE)
    named = {period.code for period in judged.verdict.dates} & _WARRANTY_PERIODS
    if service is not None and not named and service.outcome in (Outcome.NOT_ELIGIBLE, Outcome.NOT_YET):
        sentences += [f"{teller.words(f'reason_{each.code}')} ({each.clause})" for each in service.reasons]
    elif not named and Programme.STORE_POLICY in judged.case.shop.programmes:
        sentences.append(teller.words("no_warranty_named", item=teller.line.title))
    return Telling("\n".join(sentences) or telling.text, telling.custom)
