"""Reminders: offered with a deadline, noted or ended when the customer says so."""

from casework.deadlines import day_in_words
from casework.reminders import PERIODS, can_remind, remind_me, stop_reminding

from .base import Choice, Say, goal_choices, words
from .matter import Matter


def offer(matter: Matter) -> list[Choice]:
    """The button that asks for a reminder; none where there is nothing to remind of in time."""
    remindable = can_remind(matter.session, matter.line, matter.turn.now)
    return goal_choices(["remind_me"]) if remindable else []


def remind(matter: Matter, say: Say) -> None:
    """Note the wish for every deadline the line has, and name the days on which the e-mails go out."""
    noted = {remind_me(matter.session, matter.line, kind, matter.turn.now) for kind in PERIODS}
    days = sorted(day for day in noted if day is not None)
    if days:
        say("reminder_noted", item=matter.line.title, days=", ".join(day_in_words(day, words()) for day in days))
    else:
        say("reminder_none", item=matter.line.title)


def stop(matter: Matter, say: Say) -> None:
    """End every wish for the line."""
    stopped = [stop_reminding(matter.session, matter.line, kind, matter.turn.now) for kind in PERIODS]
    say("reminder_stopped" if any(stopped) else "reminder_not_set", item=matter.line.title)
