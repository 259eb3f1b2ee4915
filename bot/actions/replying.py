"""Replies that need no case: small talk, help, and what to do when a message was not understood."""

from collections.abc import Sequence

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet

from casework.goals import GOALS
from casework.later import queued, something_waits
from casework.listening import takes_up_again

from . import elsewhere, policy_questions
from .base import CaseAction, Choice, Say, database, goal_choices
from .other_language import in_another_language
from .turn import Turn, answered_before, message_of, said_so_far

MOST_CHOICES = 3
CHOICES_OF = {
    "greet": ("return_item", "warranty", "missing_order", "out_of_stock"),
    "help": ("return_item", "warranty", "missing_order", "out_of_stock"),
}
"""The goals offered as buttons after a reply; elsewhere none but a person, where one is due."""
NEEDS_PERSON = frozenset(
    {
        "help",
        "complaint",
    }
)
ANSWERS = {
    "refund_policy": policy_questions.tell_the_policy,
    "shipping_cost": policy_questions.tell_the_carriage,
}
"""Questions that take more than a sentence."""
SMALL_TALK = frozenset({"greet", "help", "bot_challenge", "out_of_scope"})
"""What foreign words are mostly heard as."""
ANSWERS_A_QUESTION = frozenset({"affirm", "deny", "correct_that"})
"""What a message is heard as that answers, where nothing was asked."""
SOMETHING_TO_GO_ON = ("order_number", "email", "reason")
"""What opens a matter wherever it is found, however little was understood of the rest."""


class Reply(CaseAction):
    """Answers the newest intent with its own sentence; a running matter then asks its question again.

    A greeting or a call for help that holds an order number, an address or a reason opens the matter instead.
    """

    def name(self) -> str:
        return "action_reply"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        intent = (tracker.latest_message.get("intent") or {}).get("name", "").partition("/")[0]
        running = _matter_runs(tracker)
        later = queued(tracker.slots, message_of(tracker).requests)
        if not running and not later and _tells_something(tracker):
            return [FollowupAction("case_form")]
        goes_on = bool(later) and not running
        more = running or goes_on
        if intent in SMALL_TALK and (foreign := in_another_language(tracker, say, more)):
            events = foreign
        elif intent == "out_of_scope":
            events = elsewhere.tell_who_can_help(turn, tracker, say, more)
        else:
            say_aside(intent, turn, tracker, say, () if more else goal_choices(CHOICES_OF.get(intent, ())), more)
            events = [SlotSet("misses", None)]
        if intent == "complaint":
            events.append(SlotSet("complained", True))
        if later:
            events.append(SlotSet("later", later))
        return [*events, FollowupAction("action_next")] if goes_on else events


def say_aside(
    intent: str, turn: Turn, tracker: Tracker, say: Say, choices: Sequence[Choice] = (), more: bool = False
) -> None:
    """The intent's own answer; under a mere sentence stand `choices`, and a person where one is due."""
    if intent in ANSWERS:
        ANSWERS[intent](turn, tracker, say, more)
    else:
        say(intent, choices=[*choices, *(say.person() if intent in NEEDS_PERSON else ())], more=more)


class NotUnderstood(CaseAction):
    """First a request to put it differently, then the likely meanings, then a person; never a guess.

    A message that holds an order number, an address or a reason opens the matter instead.

    Not so where a part of the system went down meanwhile. A message that comes a second time, since its answer got
    lost, is answered as it was the first time; and a yes that was never carried out is asked for again.
    """

    def name(self) -> str:
        return "action_not_understood"

    def act(self, turn: Turn, tracker: Tracker, say: Say) -> list[EventType]:
        if tracker.latest_action_name == self.name():
            # No rule knows what follows, and Rasa falls back on this action again: it would do so until it gives the
            # conversation up for good.
            return [FollowupAction("action_listen")]
        misses = int(tracker.get_slot("misses") or 0) + 1
        running = _matter_runs(tracker)
        if not running and message_of(tracker).intent == "stop" and not something_waits(tracker.slots):
            say("nothing_open", choices=goal_choices(CHOICES_OF["help"]))
            return [SlotSet("misses", None)]
        if not running:
            if takes_up_again(database(), message_of(tracker), tracker.slots, turn.asker, turn.now):
                return [FollowupAction("case_form")]
            if told := answered_before(turn, tracker):
                say.again(told)
                return []
            if tracker.get_slot("confirm") and not tracker.get_slot("settled"):
                return [SlotSet("confirm", None), FollowupAction("case_form")]
            if _tells_something(tracker):
                return [FollowupAction("case_form")]
            if tracker.get_slot("settled") and something_waits(tracker.slots):
                if message_of(tracker).intent == "stop":
                    say("stopped_all")
                    return [SlotSet("lines", None), SlotSet("later", None)]
                # The turn broke off before what waited could be taken up.
                say.again(said_so_far(turn, tracker))
                return [FollowupAction("action_next")]
        if foreign := in_another_language(tracker, say, running):
            return foreign
        if misses == 1:
            say("rephrase", more=running, understood=False)
        elif misses == 2 and not running:
            likely = [each["name"] for each in tracker.latest_message.get("intent_ranking") or ()]
            goals = [name for name in likely if name in GOALS and name != "human_handoff"][:MOST_CHOICES]
            say("likely", choices=goal_choices(goals) + say.person(), understood=False)
        else:
            say("offer_person", choices=say.person(), more=running, understood=False)
        return [SlotSet("misses", misses)]


def _matter_runs(tracker: Tracker) -> bool:
    return bool(tracker.active_loop_name)


def _tells_something(tracker: Tracker) -> bool:
    """Whether a message that asks for nothing certain holds something to go on: that is used, the rest is asked."""
    message = message_of(tracker)
    asks_nothing = message.intent in ("nlu_fallback", *CHOICES_OF, *ANSWERS_A_QUESTION)
    return asks_nothing and any(message.values(label) for label in SOMETHING_TO_GO_ON)
