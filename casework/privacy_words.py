"""What people write when they ask something of their own data: which kind of request it is (BP-8)."""

import re

from order_store.states import PrivacyKind

_ERASE = re.compile(
    r"\b(?:delet|eras|wip|destroy|anonymi[sz]|terminat|deactivat|remov|forget|forgotten|clos|cancel|gone|get rid)", re.I
)
_ALL = re.compile(
    r"\b(?:datas?|details|infos?|informations?|everything|accounts?|acct|profile|history|particulars)\b"
    r"|\bforget me\b|\bforgotten\b|\b(?:erase|delete|remove) me\b|\b(?:my|a) user\b|\baccount\b",
    re.I,
)
_CORRECT = re.compile(
    r"\b(?:correct|chang|updat|amend|alter|modif|fix|rectif|replac|wrong|misspel|spelled|spelt|mistake|incorrect"
    r"|outdated|is now|moved)",
    re.I,
)
_ACCESS = re.compile(
    r"\b(?:copy|export|download|access|see|show|view|send me|disclos|stored?|know|have (?:on|about)|saved?|keep|kept"
    r"|hold)\b",
    re.I,
)
_ONE_FIELD = re.compile(
    r"\b(?:name|surname|e-?mail|mail|phone|mobile|telephone|number|address|birthday|birth|dob|cards?|bank|passport"
    r"|photos?|pictures?|company)\b",
    re.I,
)
_SAYS_WHAT = re.compile(
    r"@|\d|\b(?:into|is now|now|should (?:be|read|now)|correct is|with an?|remove|delete|wipe|erase|forget)\b"
    r"|\bto (?-i:[A-Z])",
    re.I,
)
_NOT = re.compile(r"\b(?:do not|not agree|stop|object)\b|n't (?:keep|save|store|hold)", re.I)
_FEWEST_WORDS = 5


def kind_in(text: str) -> PrivacyKind | None:
    """What is asked for; None where the words leave it open. To erase one field is to correct what is stored."""
    erase, correct = _ERASE.search(text), _CORRECT.search(text)
    if erase is not None:
        if _ONE_FIELD.search(text):
            return "correction"
        return "erasure" if _ALL.search(text) and correct is None and not _asks_to_see(text) else None
    if correct is not None:
        return "correction"
    return "access" if _ACCESS.search(text) and _NOT.search(text) is None else None


def says_what_to_correct(text: str) -> bool:
    """Whether `text` already tells which detail is wrong and what it should be, so that nothing has to be asked."""
    return bool(_ONE_FIELD.search(text) and _SAYS_WHAT.search(text)) and len(text.split()) >= _FEWEST_WORDS


def _asks_to_see(text: str) -> bool:
    return re.search(r"\b(?:copy|export|download|show me|send me)\b", text, re.I) is not None
