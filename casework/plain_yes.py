"""A yes and nothing but a yes: what is written on one was announced, and is done so or not at all.

A list of conditions never ends ("on condition that", "but just one", "when I am back"), so it is the other way round:
a yes counts where each of its words says yes, is polite, or names the very thing that was announced.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from policy_core import RemedyName


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _words(
    "y ya ye yes yess yep yup yea yeh yeah yh yas yessir aye sure surely ok okay okey okie k kk alright aight "
    "right fine ofc ofcourse naturally obviously obvs duh definitely deffo defs absolutely certainly assuredly "
    "totally precisely perfect perfectly cool awesome nice super "
    "indeed exactly affirmative granted approve approved agree agreed accept "
    "accepted consent confirm confirmed correct correctly true accurate good great lovely wonderful well mhm mmhm "
    "fr gladly proceed continue si sí sì oui ja jawohl genau gern gerne sehr passt stimmt das claro que vale sim "
    "evet tamam doğru haan ji jee bilkul theek thik hai h inshallah"
)
_POLITE = _words(
    "please pls plz kindly thanks thx ty cheers very much sir madam maam ma'am dear mate friend bitte danke merci "
    "gracias grazie obrigado obrigada señor senor bhai lütfen oh so and then now"
)
_SMALL = _words(
    "i i'm i'd i'll am me my you your you're we us it its it's that that's thats that'd this them these those is "
    "are was be will would should shall can do does did done have has want like love wish glad happy to the a an "
    "permission understood"
)
_PHRASES = re.compile(
    r"\b(?:(?:agree|agreed|accept|accepted|ok|okay|fine)(?: to| with)? (?:the|your|these|those) (?:terms|conditions)"
    r"(?: and conditions)?|"
    r"(?:proceed|continue|agree|agreed|happy|ok|okay|fine|good) with(?= (?:it|that|this|the|what)\b)|"
    r"start(?= (?:the|my|it)\b)|"
    r"all right|all good|of course|by all means|without a doubt|why not\b\??|might as well|"
    r"(?:sounds|looks) (?:good|great|fine)|quite (?:so|right)|sure thing|for sure|you bet(?:cha)?|uh huh|spot on|"
    r"right on|with pleasure|hundred percent|100 ?%|"
    r"(?:i have )?no (?:objections?|problem)(?: (?:to|with) (?:it|that|this))?|i don'?t mind(?: at all)?|you may|"
    r"i (?:guess|think|believe|suppose) so|i'?d say yes|my answer is|okey dokey|"
    r"(?:go (?:ahead|for it|on)|carry on)(?: with(?: (?:it|that|this)|(?= the\b)))?|(?:just )?(?:get on with it|do it)|"
    r"do so|make it happen|(?:let'?s|let us) (?:do|proceed|continue|go ahead|go)|"
    r"(?:do )?the (?:same|needful)|that way|(?:that )?works for me|"
    r"that works|suits me|(?:fine|okay|ok|confirmed) (?:by|for|with|from) me|be so kind(?: as)?|"
    r"(?:you can |and )?submit it|(?:as|what) you (?:said|say|wrote|proposed?|suggest(?:ed)?)|"
    r"as (?:announced|described|proposed|suggested)|"
    r"(?:that|this|it)(?:'?s| is) (?:exactly )?what i want(?:ed)?|for (?:me|us)(?! to)|"
    r"if (?:possible|necessary|so|i (?:may|must|have to)|you (?:can|could|please|would|like|want|wish|must|"
    r"say so|don'?t mind))|"
    r"(?:thank (?:you|u)|thanks)(?: (?:so|very) much)?(?: for (?:your|the|all your) help)?|many thanks|"
    r"thanks a lot|what are you waiting for\W*|how many times|"
    r"for the third time|damn it|por favor|de acuerdo|d'accord|vas-y|allez-y|va bene|pode ser|kar do|hao de|shi de|"
    r"na'am|machen sie|le faire|"
    r"(?:and )?(?:how|where) (?:do|should|can|must|shall) i (?:send|return|post|ship) (?:it|that|this)"
    r"(?: to| back)?\s*\?)(?!\w)",
    re.I,
)
"""Among them the question that what the yes brings answers: how to send it."""
_SEND_IN = _words("send sending in rma number issue get give process create open make arrange request")
_NAMED: Mapping[str, frozenset[str]] = {
    RemedyName.RETURN_REFUND: _SEND_IN | {"return", "returning", "back", "refund", "refunded", "money"},
    RemedyName.EXCHANGE: _SEND_IN | {"exchange", "exchanged", "replace", "replaced", "replacement", "swap", "swapped"},
    RemedyName.WARRANTY_REPAIR: _SEND_IN | {"repair", "repaired", "fix", "fixed", "under", "warranty"},
    RemedyName.PAID_REPAIR: _words("quote prepare ask get person"),
    RemedyName.SOFTWARE_UPGRADE: _words("upgrade upgraded update updated software arrange ask person"),
    RemedyName.ONE_YEAR_SERVICE: _words("service claim person use"),
    RemedyName.DISPUTE: _words("dispute open raise start file make"),
    RemedyName.CANCEL: _words("cancel cancelled canceled order"),
    RemedyName.WAIT_BACKORDER: _words("wait for note"),
    RemedyName.REFUND_NOW: _words("refund refunded money back ask give get"),
    "invoice": _words("invoice bill send email e-mail"),
    "rma": _words("note sent parcel"),
    "privacy_access": _words("data copy see send get request"),
    "privacy_correction": _words("data correct corrected change request"),
    "privacy_erasure": _words("data delete deleted erase erased remove removed request"),
    "quote": _words("quote quotation price offer repair repaired fix fixed pay ok"),
}
"""How people name what is written on a yes: a remedy, a wish that is none, a repair's quote."""
_ASKS = re.compile(
    r"\b(?:(?:do|does|did|will|should|shall|am|are|is|was|have|has) (?:i|we|you|they)"
    r"|(?:can|would) (?:i|we|they)|(?:does|did|will|would|should|shall|can|has) (?:it|this|that)"
    r"|(?<!that )(?<!this )(?<!it )(?:is|was) (?:it|this|that))\b"
)
"""A question, its mark forgotten: "yes, do i have to pay". A request is none: "yes, can you send it"."""
_WORD = re.compile(r"[\w'-]*\w")
_LIST = _words("all both everything every each of above points point one applies apply holds they they're")
_NOT_OF_A_LIST = _words("to have has want like love wish was did done will would should shall be now then so")
_ALIKE = tuple(word for word in sorted(_YES | {"please", "thanks", "thank", "ahead", "course"}) if len(word) > 4)
"""Words taken for what they are although a letter of them is wrong."""
LONGEST = 200
"""A text with more characters says more than yes."""
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "`": "'"})


def is_plain_yes(text: str, announced: str | None = None, item: str = "") -> bool:
    """Whether `text`, heard as a yes, says no more than that.

    `announced`: what it is a yes to, a remedy or another key of `_NAMED`, which it may name; so it may the `item`.
    """
    named = _NAMED.get(announced or "", frozenset())
    return _holds_only(text, _YES | _POLITE | _SMALL | named | frozenset(_WORD.findall(_plainly(item))))


def is_yes_to_all_of_it(text: str) -> bool:
    """Whether a yes to a list says nothing of a single fact: "yep, all there" is said of the parts alone."""
    return _holds_only(text, (_YES | _POLITE | _SMALL | _LIST) - _NOT_OF_A_LIST)


def _holds_only(text: str, words: frozenset[str]) -> bool:
    if len(text) > LONGEST:
        return False
    rest = _PHRASES.sub(" ", _spelled(_plainly(text)))
    return "?" not in rest and not _ASKS.search(rest) and all(word in words for word in _WORD.findall(rest))


def _plainly(text: str) -> str:
    return text.translate(_APOSTROPHES).lower()


def _spelled(text: str) -> str:
    return re.sub(r"[^\W\d_]{5,}", _meant, text)


def _meant(word: re.Match[str]) -> str:
    """The first letter of a word is seldom wrong, and "incorrect" is not "correct"."""
    return next((each for each in get_close_matches(word[0], _ALIKE, 3, 0.83) if each[0] == word[0][0]), word[0])
