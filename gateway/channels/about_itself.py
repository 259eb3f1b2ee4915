"""What is about the channel itself and answered here, without a turn: moving, asking for more, what nobody can read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gateway.channels.adapter import Heard
from gateway.channels.brief import MORE, is_verdict
from gateway.channels.choosing import since_last_said
from gateway.channels.handover_codes import HandoverCodes
from gateway.channels.telling import say_again, say_words
from order_store import Conversation, Correspondent, Delivery, channels

_MOVE = re.compile(
    r"(?:please )?(?:can (?:i|we) )?(?:continue|go on|move|switch)\b.{0,30}"
    r"\b(?:e-?mail|phone|website|web ?site|page|elsewhere|messenger|whats ?app|telegram|slack|sms)\W*",
    re.I,
)


@dataclass(frozen=True)
class Aside:
    """What was heard, perhaps about the channel; `now` is business time, `at` machine time. Answered once."""

    session: Session
    correspondent: Correspondent
    delivery: Delivery
    heard: Heard
    now: datetime
    at: datetime

    def answered(self, moved: bool, codes: HandoverCodes, *, in_few_words: bool) -> bool:
        """Answers what is about the channel itself; whether that was all.

        `moved`: it brought the conversation here just now. `in_few_words`: this channel says verdicts so.
        """
        if moved:
            self._brought()
        elif codes.read(self.heard.text) is not None:
            self._say("channel_link_over")
        elif self._is_plain and _MOVE.fullmatch(self.heard.text.strip()):
            handover = channels.hand_over(self.session, self.correspondent.conversation_id, self.now)
            self._say("channel_continue", {"handover": handover.id})
        elif self.heard.beyond_us:
            self._say("channel_cannot_read")
        else:
            return in_few_words and self._is_plain and self._said_in_full()
        return True

    @property
    def _is_plain(self) -> bool:
        return self.heard.choice is None and not self.heard.pictures

    def _brought(self) -> None:
        """Nothing that was told of an order is said again before it is proven here whose it is."""
        conversation = self.session.get_one(Conversation, self.correspondent.conversation_id)
        if channels.holds_secrets(self.session, conversation):
            self._say("channel_moved")
            return
        self._say("channel_moved_here")
        open_question = since_last_said(self.session, conversation)
        say_again(self.session, self.correspondent, f"again:{self.delivery.id}", open_question, self.at)

    def _said_in_full(self) -> bool:
        """Says in full what was said in few words, to whom asks for it; whether that was asked."""
        if not MORE.fullmatch(self.heard.text):
            return False
        conversation = self.session.get_one(Conversation, self.correspondent.conversation_id)
        told = since_last_said(self.session, conversation)
        if not any(is_verdict(message.custom) for message in told):
            return False
        say_again(self.session, self.correspondent, f"more:{self.delivery.id}", told, self.at, in_full=True)
        return True

    def _say(self, name: str, values: Mapping[str, Any] | None = None) -> None:
        say_words(self.session, self.correspondent, f"channel:{self.delivery.id}", name, values or {}, self.at)
