"""Privacy requests (BP-8): announced with the day of the answer, taken down on a yes, told again when asked again."""

from datetime import date

from rasa_sdk import Tracker

from casework.acting import Acting
from casework.deadlines import day_in_words
from casework.erasing import cases_open
from casework.privacy_wishes import Subject, due_on, is_taken_down, open_request, subject_of, take_down
from casework.telling import VERSION, Telling
from casework.whose import orders_of
from order_store import PrivacyRequest

from .announcing import Announced, was_said_yes_to
from .base import Say, words
from .matter import Matter, UnsettledError
from .turn import Turn


def announce(matter: Matter) -> Announced | None:
    """What a yes will take down, what comes of it and by which day; None while nobody knows whose data it is."""
    subject, wish = _subject(matter), matter.dossier.wish
    if subject is None or wish.kind is None:
        return None
    found = open_request(matter.session, subject, wish)
    day = due_on(matter.session, subject, wish, matter.turn.now)
    key = f"announce_privacy_{wish.kind}" if found is None else "announce_privacy_added"
    number = found.number if found is not None else None
    sentences = [words()(key, wish=wish.correction, number=number)]
    if wish.kind == "erasure":
        sentences += _what_erasing_does(matter, subject)
    sentences.append(words()("announce_privacy_answer", day=day_in_words(day, words())))
    return Announced("\n".join(sentences), f"privacy:{wish.kind}:{wish.correction}:{day}:{number}")


def settle(matter: Matter, turn: Turn, tracker: Tracker, say: Say) -> None:
    """Take the request down on a yes to what was announced; tell the one there is where all of it stands already."""
    subject, wish = _subject(matter), matter.dossier.wish
    announced = announce(matter)
    if subject is None or announced is None:
        raise UnsettledError("no privacy request to settle")
    found = open_request(matter.session, subject, wish)
    if found is not None and is_taken_down(found, wish):
        _tell(say, found, again=True)
    elif matter.dossier.confirmed is False:
        say("nothing_done")
    elif not was_said_yes_to(tracker, announced):
        say("privacy_changed", choices=say.person())
    else:
        acting = Acting(matter.session, turn.now, "customer")
        request = take_down(acting, subject, wish, turn.key, turn.asker.conversation)
        _tell(say, request, again=False)


def _subject(matter: Matter) -> Subject | None:
    dossier = matter.dossier
    return subject_of(matter.session, dossier.asker, dossier.order(matter.session))


def _what_erasing_does(matter: Matter, subject: Subject) -> list[str]:
    """What goes, what stays and why; and the cases that have to be settled before anything can go."""
    sentences = [words()("erasure_empties"), words()("erasure_keeps")]
    orders = orders_of(matter.session, subject.customer) if subject.customer is not None else []
    cases = cases_open(matter.session, [line.id for order in orders for line in order.lines])
    if cases:
        sentences.append(words()("erasure_waits", cases=", ".join(cases)))
    return sentences


def _tell(say: Say, request: PrivacyRequest, again: bool) -> None:
    day: date = request.due_on
    key = "privacy_again" if again else f"privacy_{request.kind}"
    text = words()(key, number=request.number, day=day_in_words(day, words()))
    payload = {"v": VERSION, "kind": "privacy", "number": request.number, "asks_for": request.kind}
    say.telling(Telling(text, {**payload, "due_on": day.isoformat()}))
