"""A customer who talks to the system until their matter is settled, each in their own way."""

from collections.abc import Callable

from casework.words import Words
from tests.chaos.chat import Chat, Unanswered
from tests.simulation.answering import MOST_TURNS, Answering
from tests.simulation.personas import Persona
from tests.simulation.premises import false_premises
from tests.simulation.talk import LOST, Row, Talk
from tests.simulation.voices import Voices

DONE = frozenset(
    {
        *("rma", "dispute", "cancellation", "backorder", "refund", "ticket", "verdict", "order", "repair", "privacy"),
        *("rma_status", "refund_status"),
    }
)
"""The kinds of reply after which, with no question open, the customer has what there is."""
LAST_WORDS = ("nothing_done", "glad_it_works", "not_in_policy", "stopped", "wait")
FACTS = ("claim.", "order.delivered_at")
ABOUT_THE_PARCEL = ("track_order", "missing_order")


class Customer(Answering):
    """Says what they came for, answers, puts right what was understood wrongly, and knows when it is over."""

    def __init__(
        self, persona: Persona, voices: Voices, words: Words, chat: Chat, rows: Callable[[], tuple[Row, ...]]
    ) -> None:
        super().__init__(persona, voices, words, chat, rows)
        self._insisted = self._told_of_parcel = False
        self._put_right = 0
        self._second_said = False
        self._known_otherwise: dict[str, object] = {}
        self._unsure: set[str] = set()

    def settle(self) -> Talk:
        """Talks to the end; what keeps it from being held is kept in the talk."""
        try:
            if self._persona.temper.greets:
                self._stray("greetings")
            self._open()
            while not self._is_over() and len(self.talk.turns) < MOST_TURNS:
                self._go_on()
        except Unanswered as problem:
            self.talk.broke = str(problem)
        return self.talk

    def _is_over(self) -> bool:
        if self._last.question is not None or self._own_goal_offered() is not None or self._item_to_correct:
            return False
        if self._has_parcel_to_tell() or self._is_misunderstood() or self._second_is_open():
            return False
        kinds = {(reply["custom"] or {}).get("kind") for reply in self._last.replies}
        return bool(kinds & DONE) or any(self._words(name) in self._last.text for name in LAST_WORDS)

    def _go_on(self) -> None:
        question = self._last.question
        if self._last.custom("next"):
            self.talk.wanted = None  # what they chose was for the item before
        if self._item_to_correct and question != "line":
            self._say(self._pick(self._voices.corrections["item"]).format(item=self._item()), None)
            # Who was not understood says it again, once.
            self._item_to_correct = self._last.text.startswith(LOST) and not self._insisted
            self._insisted = self._item_to_correct
            return
        if self._is_misunderstood():
            self._say(self._filled(self._put_right_with()), None)
            self._put_right += 1
            return
        if question is None:
            if self._has_parcel_to_tell():
                self._told_of_parcel = True
                self._say(self._filled(self._pick(self._voices.plain["sent_back"])), None)
                return
            likely = self._own_goal_offered()
            if likely is not None:
                self._press(likely, None)
            elif self._second_is_open():
                self._second_said = True
                self._say(self._pick(self._voices.seconds[self._persona.second or ""]), None)
            else:
                self._open(again=True)
            return
        if self._rng.random() < self._persona.temper.strays and not self._strayed():
            self._stray(self._rng.choice(("side_questions", "side_questions", "thanks", "greetings")))
        elif self._number_to_correct and question in ("order.number", "customer.email", "line"):
            self._correct_number()
        elif question.startswith(FACTS) and question not in self._unsure and self._is_unsure():
            self._unsure.add(question)
            self._say(self._pick(self._voices.plain["dont_know"]), None)
        else:
            self._answer(question)

    def _second_is_open(self) -> bool:
        """Whether what they asked for besides was passed over; they say it once more."""
        second = self._persona.second
        return (
            second is not None
            and not self._second_said
            and second not in [each["goal"] for each in self.talk.told("next")]
        )

    def _has_parcel_to_tell(self) -> bool:
        """Whether the number they were told is of an RMA whose parcel they have sent already."""
        past = self._persona.past
        return past is not None and past.is_untold and not self._told_of_parcel and bool(self._last.custom("rma"))

    def _is_misunderstood(self) -> bool:
        """Whether the newest answer is about something else, as far as it says so itself.

        It is where somebody who did not ask for it reads where their parcel is, or reads that the verdict rests on
        something they know to be otherwise. It is put right once, and once more where no other verdict came of that.
        """
        if self._put_right:
            return self._put_right == 1 and bool(self._known_otherwise) and not self._last.custom("verdict")
        reason = self._persona.reason
        if self._last.custom("order") and self._persona.goal not in ABOUT_THE_PARCEL and reason != "not_received":
            return True
        return any(false_premises(self._persona, each) for each in self._last.custom("verdict"))

    def _put_right_with(self) -> str:
        """What is so, said without being asked: a fact in more than a word or two, the reason, or what was come for."""
        persona, voices = self._persona, self._voices
        for each in self._last.custom("verdict"):
            self._known_otherwise |= false_premises(persona, each)
        facts = [path for path in self._known_otherwise if path in persona.facts and path in voices.answers]
        if facts and "claim.reason" not in self._known_otherwise:
            ways = voices.to(facts[0], bool(persona.facts[facts[0]]))
            return self._pick([way for way in ways if len(way.split()) > 4])
        if persona.reason:
            return self._pick(voices.corrections["misunderstood"])
        return self._pick(voices.to_open(persona.goal, persona.wish))

    def _is_unsure(self) -> bool:
        return self._rng.random() < self._persona.temper.unsure

    def _strayed(self) -> bool:
        """Nobody says two other things on end."""
        return self._last.answers is None and len(self.talk.turns) > 1

    def _stray(self, kind: str) -> None:
        self._say(self._pick(self._voices.plain[kind]), None)

    def _correct_number(self) -> None:
        self._number_to_correct = False
        self._say(self._pick(self._voices.corrections["order"]).format(order=self._persona.number), None)
