"""`python -m bot.serving run …`: Rasa's own command, after `action_calls` has made its calls of actions cheaper."""

from __future__ import annotations

from rasa.__main__ import main

from bot.serving.action_calls import check_answers_with_one_validator, send_the_domain_to_those_who_ask

if __name__ == "__main__":
    check_answers_with_one_validator()
    send_the_domain_to_those_who_ask()
    main()
