"""The day of arrival told in passing: "it came on 5 March and I want to send it back"."""

import re
from collections.abc import Iterable

_CAME = re.compile(
    r"\b(?:arrived?|came|delivered|received|got)(?P<what>(?:\s+(?:it|them|mine|here|to|me|only|just|my|the|a|parcel|package|order)){0,3}"
    r"|\s+(?:my|the|this|that|our|a|an)(?:\s+[^\W\d_][\w'\u2019-]*){1,4})"
    r"\s*,?\s+(?:(?:on|only|already)\s+)?(?:the\s+)?$",
    re.I,
)
_NOT_SO = re.compile(
    r"\b(?:not|never|nothing|if|whether|when|should|would|could|will|shall|can|may|might|do|does|did|going|gonna)\b"
    r"|\b(?:until|supposed|expected|promised|meant|due|to be|(?:was|were|is|are|had|ought) to)\b|n['\u2019]?t\b"
    r"|\b(?:e-?mail|mail|letter|invoice|message|answer|reply|confirmation|notice|note|call|code|label|number|rma|quote|offer|slip|news|text|sms|link|"
    r"ticket|update|receipt|voucher|discount|coupon)\b"
    r"|\b(?:refund|money|payment|voucher|technician|engineer|mechanic|courier|driver|postman|messenger|somebody|someone)\b"
    r"|\b(?:other|others|another|first|second|previous|last|earlier|former|old|older|replacement|spare|new one)\b"
    r"|\b(?:says|said|saying|shows|showing|marked|claims|status|tracking|apparently|allegedly)\b"
    r"|\b(?:according to|has (?:it|my|the))\b",
    re.I,
)
_ANOTHER_DAY = re.compile(
    r"\s(?:i|we|you|he|she|they|which|that|who|bought|ordered|purchased|placed|paid|sent|shipped|dispatched|made|dated"
    r"|broke\w*|stopped|died|failed|repaired|fixed|replaced|returned|back|before|after|since|until|till|from"
    r"|days?|weeks?|months?)\b|\s(?:of|for|by)$",
    re.I,
)
"""Behind the first word of what came: the day is that of buying, shipping or breaking, or is only counted from."""
_NOT_HERE = re.compile(
    r"\b(?:has|have|had|did|does|is|was|were)\s*(?:n['\u2019]?t|not)\s+(?:(?:even|yet|actually|been)\s+)*"
    r"(?:arrived?|come|came|delivered|here|shown? up|turned? up|received)\b"
    r"|\b(?:never|not|nothing)\s+(?:(?:has|have|yet|even|been|ever)\s+)*"
    r"(?:arrived|came|come|delivered|here|received|turned up|showed up)\b"
    r"|\bstill\s+(?:waiting|not here|nothing|on (?:its|the) way|in transit)\b|^\W*not yet\W*$"
    r"|\b(?:waiting for|awaiting)\s+(?:it|them|the|my)\b|\b(?:nothing|no parcel|no package)\s+(?:yet|so far)\b"
    r"|\bhave\s*(?:n['\u2019]?t|not)\s+(?:got|had|seen)\s+(?:it|them|anything)\b"
    r"|\bnever\s+(?:\w+ly\s+)?(?:got|had|saw|seen|reached)\s+(?:it|them|anything|me|us|here|the|my)\b"
    r"|\b(?:nothing|no parcel|no package)\s+(?:is|was)\s+here\b"
    r"|\b(?:to|at)\s+(?:the|a|an|my|some)\s+(?:wrong|different|old|other)\s+(?:address|house|door|street|place|flat)\b",
    re.I,
)
_CLAUSE_ENDS = re.compile(r"[.!?;,]|\b(?:and|but)\b", re.I)


def days_of_arrival(text: str, days: Iterable[str]) -> list[str]:
    """Those of `days`, written as in `text`, that are said to be the day the item came.

    Only what directly follows such words counts; what is denied, supposed, or about a letter, another parcel or a
    person does not. Nothing counts beside words that the item is not here, whatever the carrier says.
    """
    if says_it_has_not_come(text):
        return []
    return [day for day in days if any(_is_arrival(text[: found.start()]) for found in _places(day, text))]


def says_it_has_not_come(text: str) -> bool:
    """Whether it is said that there was no arrival: "still waiting", "nothing came", "at the wrong address"."""
    return _NOT_HERE.search(text) is not None


def _places(day: str, text: str) -> Iterable[re.Match[str]]:
    return re.finditer(re.escape(day), text, re.I)


def _is_arrival(before: str) -> bool:
    came = _CAME.search(before)
    if came is None or _NOT_SO.search(came["what"]) or _CLAUSE_ENDS.search(came["what"]):
        return False
    if _ANOTHER_DAY.search(came["what"].strip()):
        return False
    return _NOT_SO.search(_CLAUSE_ENDS.split(before[: came.start()])[-1]) is None
