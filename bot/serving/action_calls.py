"""Two things Rasa does again for every call of an action, and need not: together a fifth of its time for a turn.

It checks that the schema it checks an answer against is a schema, and it sends the whole domain (64 kB here) to what
validates a form even where `enable_selective_domain` says that only those who ask for it get it.
"""

from __future__ import annotations

from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain


def check_answers_with_one_validator() -> None:
    """Makes RemoteAction keep the validator of its schema; the check of an answer is the same.

    Raises:
        jsonschema.SchemaError: the schema of this version of Rasa is none.
    """
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def check(_action: RemoteAction, answer: dict[str, Any]) -> bool:
        problem = best_match(validator.iter_errors(answer))
        if problem is not None:
            raise problem
        return True

    RemoteAction._validate_action_result = check


def send_the_domain_to_those_who_ask() -> None:
    """Makes `enable_selective_domain` of endpoints.yml hold for what validates a form, too."""
    Domain._collect_actions_which_explicitly_need_domain = staticmethod(_asking)


def _asking(actions: list[str | dict[str, Any]]) -> list[str]:
    told = [each for each in actions if isinstance(each, dict)]
    return [name for each in told for name, settings in each.items() if settings.get("send_domain", False)]
