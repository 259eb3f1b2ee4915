"""A conversation with the actions alone: the rules of bot/data/rules are followed here, without a Rasa process.

Every turn is held to what holds for all: each reply but the last says that another follows, no text holds a
blank line, and nothing of an order leaves before it is proven to be the customer's.
"""

import asyncio
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.asking import AskConfirm, AskDeliveredOn, AskHasFault, AskLine, AskRemedy, AskTogether
from bot.actions.case_form import ValidateCaseForm
from bot.actions.finishing import FinishCase
from bot.actions.going_on import Next
from bot.actions.quoting import AskQuote
from bot.actions.replying import NotUnderstood, Reply
from casework.goals import GOALS
from casework.words import DOMAIN_FILE
from tests.casework.orders import EMAIL, NOW

DOMAIN = yaml.safe_load(DOMAIN_FILE.read_text(encoding="utf-8"))
ASKING: dict[str, Action] = {
    each.name(): each
    for each in (*(AskLine(), AskRemedy(), AskConfirm(), AskHasFault(), AskDeliveredOn(), AskTogether(), AskQuote()),)
}
RULES = yaml.safe_load((DOMAIN_FILE.parent / "bot" / "data" / "rules" / "aside.yml").read_text(encoding="utf-8"))[
    "rules"
]
ASIDES = frozenset(
    step["intent"]
    for rule in RULES
    for step in rule["steps"][0].get("or", rule["steps"][:1])
    if rule["steps"][1]["action"] == "action_reply"
)
OF_THE_ORDER = ("kettle", "lamp", "Parcel Post", "PP5519", "Ada", "39.90", "warranty until")


def tracker_of(
    slots: dict[str, Any],
    text: str = "",
    intent: str = "inform",
    confidence: float = 0.9,
    entities: Iterable[dict[str, Any]] = (),
    metadata: dict[str, Any] | None = None,
    in_form: bool = False,
    language: str | None = None,
    events: Iterable[dict[str, Any]] = (),
) -> Tracker:
    message = {
        **({"language": language} if language else {}),
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": list(entities),
        "metadata": metadata,
        "intent_ranking": [{"name": intent}, {"name": "warranty"}, {"name": "greet"}, {"name": "return_item"}],
    }
    return Tracker("c1", slots, message, list(events), False, None, {"name": "case_form"} if in_form else {}, None)


def run(action: Action, tracker: Tracker) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The events an action returns, and the messages it says."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, tracker, DOMAIN))
    return events, dispatcher.messages


@dataclass
class Customer:
    """One customer's conversation; `replies` are the newest turn's, `slots` what the bot remembers."""

    shop: str = "quill"
    conversation: str = "c1"
    client: str = "k1"
    vouched: dict[str, Any] | None = None
    now: datetime = NOW
    pictures: int = 0
    place: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(DOMAIN["slots"]))
    replies: list[dict[str, Any]] = field(default_factory=list)
    turns: int = 0
    in_form: bool = False

    @property
    def text(self) -> str:
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def asks(self) -> str | None:
        custom = self.replies[-1]["custom"]
        return custom["asks"] if custom.get("kind") == "question" else None

    def custom(self, kind: str) -> dict[str, Any]:
        return next(reply["custom"] for reply in self.replies if reply["custom"].get("kind") == kind)

    def says(
        self,
        text: str,
        intent: str = "inform",
        confidence: float = 0.9,
        requests: dict[str, str] | None = None,
        language: str | None = None,
        **spans: str,
    ) -> str:
        """Say `text`, heard as `intent`; `requests`: the stretches of it that ask for another intent.

        `language` is set where it is found not to be English.
        A span is found where its value stands in the text, if it does.
        """
        entities: list[dict[str, Any]] = [{"entity": label, "value": value} for label, value in spans.items()]
        for each in entities:
            if each["value"] in text:
                each["start"] = text.index(each["value"])
        for stretch, asked in (requests or {}).items():
            start = text.index(stretch)
            entities.append({"entity": "request", "value": asked, "start": start, "end": start + len(stretch)})
        return self._turn(text, intent, confidence, entities, language)

    def chooses(self, label: str) -> str:
        """Press the newest button of this label."""
        payloads = {button["title"]: button["payload"] for reply in self.replies for button in reply["buttons"]}
        return self.sends(payloads[label])

    def sends(self, payload: str) -> str:
        """What a button sends, as Rasa takes it apart."""
        found = re.fullmatch(r"/(\w+)(\{.*\})?", payload)
        assert found is not None
        values = json.loads(found[2] or "{}")
        return self._turn(payload, found[1], 1.0, [{"entity": name, "value": each} for name, each in values.items()])

    def metadata(self, turn: str) -> dict[str, Any]:
        """What the gateway sends with the message of this turn."""
        return {
            "shop": self.shop,
            "now": self.now.isoformat(),
            "conversation": self.conversation,
            "turn": turn,
            "client": self.client,
            "customer": self.vouched,
            "place": self.place,
            "pictures": self.pictures,
        }

    def _turn(
        self, text: str, intent: str, confidence: float, entities: list[dict[str, Any]], language: str | None = None
    ) -> str:
        self.turns += 1
        self.replies = []
        metadata = self.metadata(str(self.turns))
        self.events.append({"event": "user", "metadata": metadata})
        self._said = {
            "text": text,
            "intent": intent,
            "confidence": confidence,
            "entities": entities,
            "metadata": metadata,
            "language": language,
        }
        if self.in_form or intent in GOALS or intent == "inform":
            if not self._form():
                self._run(Reply() if intent in ASIDES else NotUnderstood())
                self._form(again=True)
        else:
            self._follow(self._run(Reply() if intent in ASIDES else NotUnderstood()))
        self._check()
        return self.text

    def _follow(self, events: list[dict[str, Any]]) -> None:
        """Run what an action has asked to run next."""
        for event in events:
            if event["event"] == "followup" and event["name"] == "case_form":
                self._form(again=True)
            elif event["event"] == "followup" and event["name"] == "action_next":
                self._follow(self._run(Next()))

    def _form(self, again: bool = False) -> bool:
        """Validate and ask, or settle; False where the form turns the message away."""
        asked = self.slots["requested_slot"] if self.in_form and "requested_slot" in self.slots else None
        self.in_form = True
        events = self._run(ValidateCaseForm())
        if asked is not None and not again and all(each["name"] == "requested_slot" for each in events):
            return False
        requested = self.slots["requested_slot"]
        if requested is None:
            self.in_form = False
            self._follow(self._run(FinishCase()))
        elif (action := ASKING.get(f"action_ask_{requested}")) is not None:
            self._run(action)
        else:
            self._utter(f"utter_ask_{requested}")
        return True

    def _run(self, action: Action) -> list[dict[str, Any]]:
        tracker = tracker_of(dict(self.slots), in_form=self.in_form, events=self.events, **self._said)
        events, messages = run(action, tracker)
        self.events += events
        self.slots |= {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        self.replies += messages
        return events

    def _utter(self, name: str) -> None:
        for variation in reversed(DOMAIN["responses"][name]):
            conditions = variation.get("condition", ())
            if all(self.slots[each["name"]] == each["value"] for each in conditions):
                buttons = [each | {"payload": each["payload"].format()} for each in variation.get("buttons", ())]
                self.replies.append({"text": variation["text"], "custom": variation["custom"], "buttons": buttons})
                return

    def _check(self) -> None:
        assert self.replies, "a turn without an answer"
        more = [reply["custom"].get("more", False) for reply in self.replies]
        assert more == [True] * (len(self.replies) - 1) + [False], (more, self.text)
        for reply in self.replies:
            assert reply["text"].strip()
            assert all(line.strip() for line in reply["text"].splitlines())
            assert reply["custom"]["v"] == 1
        if self.slots["verified_order"] is None:
            leaving = self.text + json.dumps([reply["custom"] for reply in self.replies])
            assert not [fact for fact in OF_THE_ORDER if fact in leaving], leaving


def proven(shop: str = "quill", number: str = "QC-1001", **known: Any) -> Customer:
    """A customer who has proven the order to be theirs."""
    customer = Customer(shop)
    customer.slots |= {"order_number": number, "verified_order": number, "contact": EMAIL} | known
    return customer
