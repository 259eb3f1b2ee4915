"""What a customer says to each question: what is true, in their own words or by its button."""

from casework.cases import shop_zone
from casework.together import USUAL
from tests.casework.photos import a_picture
from tests.simulation import talk
from tests.simulation.announced import announced_in
from tests.simulation.speaking import Speaker
from tests.simulation.voices import day_as_said

REASON_LABELS = {
    "change_of_mind": "I changed my mind",
    "ordered_wrong": "I ordered the wrong thing",
    "defective": "It does not work",
    "damaged": "It arrived damaged",
    "not_as_described": "It is not as described",
    "wrong_item": "I was sent the wrong item",
    "missing_parts": "Something is missing from it",
    "not_received": "It has not arrived",
    "out_of_stock": "It is out of stock",
}
WISH_LABELS = {"access": "See the data", "correction": "corrected", "erasure": "deleted"}
YES_NO = ("Yes", "No")
MOST_TURNS = 24
GOAL_CHOICES = {"human_handoff": "person"}
"""Goals whose button has another name than theirs."""
WISHES = {"invoice": "invoice", "rma": "sent"}
"""What is written on a yes that is to no remedy, by goal; of personal data it is what is wished."""


class Answering(Speaker):
    """Knows what they want and what is true, and says it when they are asked."""

    def _open(self, again: bool = False) -> None:
        """What they came for; `again` in other words."""
        template = self._persona.opening
        if again:
            others = self._voices.to_open(self._persona.goal, self._persona.wish)
            template = self._rng.choice([each for each in others if "{reason}" not in each and "{date}" not in each])
        self._say(self._filled(template), None)

    def _filled(self, template: str) -> str:
        persona = self._persona
        reason = self._rng.choice(self._voices.reasons.get(persona.reason or "") or ["it is about my order"])
        number, tracking = persona.number, persona.past.tracking if persona.past is not None else None
        if "{order}" in template and self._wrong_number:
            number, self._wrong_number, self._number_to_correct = str(persona.strangers.order["number"]), False, True
        other = self._item(persona.also_line) if persona.also_line is not None else ""
        told = {"order": number, "email": persona.email, "tracking": tracking, "other": other}
        return template.format(item=self._item(), reason=reason, date=self._day(), **told)

    def _item(self, line: int | None = None) -> str:
        title = self._persona.bought.titles[self._persona.line if line is None else line].lower()
        return self._rng.choice((title, title.split()[-1]))

    def _day(self) -> str:
        persona = self._persona
        zone = shop_zone(persona.shop)
        today = persona.now.astimezone(zone).date()
        parcel = next(iter(persona.bought.order["shipments"]), None)
        if persona.goal == "missing_order" and parcel is not None:
            day = parcel["promised_by"] if parcel["delivered_at"] is None else parcel["delivered_at"]
            return day_as_said(type(today).fromisoformat(day[:10]), today, self._rng)
        if persona.past is not None:
            return day_as_said(today, today, self._rng)
        placed = type(persona.now).fromisoformat(persona.bought.order["placed_at"]).astimezone(zone).date()
        return day_as_said(persona.bought.received_on or placed, today, self._rng)

    def _answer(self, question: str) -> None:
        persona, voices = self._persona, self._voices
        match question:
            case "order.number":
                self._say(self._filled(self._pick(voices.to(question))), question)
            case "customer.email":
                self._say(self._pick(voices.to(question)).format(email=persona.email), question)
            case "line":
                self._name_line(question)
            case "goal":
                if (choice := self._own_goal_offered()) is not None and len(self.talk.turns) > 2:
                    self._press(choice, question)
                else:
                    self._open(again=True)
            case "claim.reason":
                self._tell_reason(question)
            case "has_fault":
                self._yes_or_no(persona.reason == "defective", question)
            case "order.delivered_at":
                self._tell_day(question)
            case "claim.photos":
                self._show(question)
            case "remedy":
                self._choose(question)
            case talk.TOGETHER:
                self._answer_the_list(question)
            case "confirm":
                self._confirm(question)
            case "rma.tracking":
                has_one = persona.past is not None and persona.past.tracking is not None
                self._say(self._filled(self._pick(voices.to(question, "given" if has_one else "none"))), question)
            case "privacy.kind":
                self._choose_wish(question)
            case "privacy.correction":
                self._say(self._pick(voices.to(question)), question)
            case _ if question in persona.facts:
                self._yes_or_no(bool(persona.facts[question]), question)
            case _:
                self._say(self._pick(voices.plain["dont_know"]), question)

    def _yes_or_no(self, value: bool, question: str) -> None:
        ways = self._voices.to(question, value)
        if question == "has_fault" and not value:  # some say there why they would rather not keep it, which is a wish
            ways = [way for way in ways if not any(word in way for word in ("just", "only", "simply", "wrong size"))]
        self._press_or(YES_NO[0] if value else YES_NO[1], self._pick(ways), question)

    def _answer_the_list(self, question: str) -> None:
        """Yes where all of it is true, else no; what is not will be asked for."""
        listed = [path for payload in self._last.custom("question") for path in payload.get("all", ())]
        true = all(self._persona.facts[path] is USUAL[path.removeprefix("claim.")] for path in listed)
        said = self._pick(self._voices.plain["yes" if true else "no"])
        self._press_or(self._words("choice_all_true" if true else "choice_not_all"), said, question)

    def _name_line(self, question: str) -> None:
        line = self._persona.line
        if self._wrong_item:
            line = (line + 1) % len(self._persona.bought.titles)
            self._wrong_item, self._item_to_correct = False, True
        said = self._pick(self._voices.to("line")).format(item=self._item(line))
        self._press_or(self._persona.bought.titles[line], said, question)

    def _tell_reason(self, question: str) -> None:
        reason = self._persona.reason
        said = self._pick(self._voices.reasons.get(reason or "") or self._voices.plain["dont_know"])
        self._press_or(REASON_LABELS.get(reason or "", ""), said, question)

    def _tell_day(self, question: str) -> None:
        if self._persona.bought.received_on is None:
            self._say(self._pick(self._voices.reasons["not_received"]), question)
            return
        day = self._persona.bought.received_on
        meant = [label for label in self._offered() if f" {day.day} {day:%B} {day.year}" in label]
        if meant:
            self._press(self._offered()[meant[0]], question)
        else:
            self._say(self._pick(self._voices.to(question)).format(date=self._day()), question)

    def _show(self, question: str) -> None:
        if not self._persona.facts[question]:
            label = next(iter(self._offered()), "")
            self._press_or(label, self._pick(self._voices.to(question, "none")), question)
            return
        turn = self._chat.sends_picture(a_picture(64, 48), "here you are")
        self._keep("(a picture)", turn.replies, question)

    def _choose(self, question: str) -> None:
        offered = {label: name for label, name in self._remedies().items() if label in self._offered()}
        wanted = self._rng.choice(sorted(offered)) if offered and self._rng.random() > 0.07 else None
        self.talk.wanted = offered[wanted] if wanted is not None else "none"
        said = self._voices.remedies.get(self.talk.wanted)
        label = wanted or self._words("choice_none")
        self._press_or(label, self._pick(said) if said else label, question, said_no=wanted is None)

    def _choose_wish(self, question: str) -> None:
        """Presses or says what they want of their data; who has come for something else wants nothing of it."""
        wish = self._persona.wish
        if wish is None:
            self._say(self._pick(self._voices.plain["dont_know"]), question)
        else:
            label = next((each for each in self._offered() if WISH_LABELS[wish] in each), "")
            self._press_or(label, self._pick(self._voices.to(question, wish)), question)

    def _confirm(self, question: str) -> None:
        announced = announced_in(self._last.text, self._persona, self._words, self._remedies().values())
        persona = self._persona
        others = announced is not None and announced.line not in (persona.line, persona.also_line)
        if others and len(self.talk.turns) < MOST_TURNS - 4:
            self._say(self._pick(self._voices.corrections["item"]).format(item=self._item()), None)
            return
        wishes = (persona.wish or WISHES.get(persona.goal), persona.second)
        as_wanted = announced is not None and (announced.wish in wishes or self._is_chosen(announced.wish))
        agrees = as_wanted and not others and not persona.temper.says_no
        if agrees and self._rng.random() < persona.temper.reserved and not self._is_reserved:
            self._is_reserved = True  # said once: asked again, they see that it is a yes or a no
            self._say(self._pick(self._voices.plain["reserved"]), None)
            return
        said = self._pick(self._voices.plain["yes" if agrees else "no"])
        label = YES_NO[0] if agrees else YES_NO[1]
        self._press_or(label, said, question, yes_to=announced if agrees else None, said_no=not agrees)

    def _is_chosen(self, remedy: str) -> bool:
        return remedy in self._remedies().values() and self.talk.wanted in (None, remedy)

    def _remedies(self) -> dict[str, str]:
        """The remedies a yes can bring, by the label of their button."""
        names = [name for name in self._voices.remedies if f"announce_{name}" in self._words]
        return {self._words(f"choice_{name}"): name for name in names}

    def _own_goal_offered(self) -> str | None:
        """The choice that is what the customer came for, where it is offered for the first time."""
        label = self._words(f"choice_{GOAL_CHOICES.get(self._persona.goal, self._persona.goal)}")
        pressed = any(turn.said == f"[{label}]" for turn in self.talk.turns)
        return None if pressed else self._offered().get(label)
