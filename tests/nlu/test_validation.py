"""What Rasa looks at before it trains, with its own validator; the set-up has it train without (--skip-validation).

Strict: what Rasa would only warn of is an error here.
"""

from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.validator import Validator

from nlu_evaluation.examples import read_examples

ROOT = Path(__file__).resolve().parents[2]
OF_THE_DOMAIN = (
    "verify_domain_validity",
    "verify_actions_in_stories_rules",
    "verify_forms_in_stories_rules",
    "verify_form_slots",
    "verify_slot_mappings",
)
OF_EXAMPLES_AND_RULES = (
    "verify_intents",
    "verify_intents_in_stories",
    "verify_example_repetition_in_intents",
    "verify_utterances_in_stories",
    "verify_story_structure",
)


@pytest.fixture(scope="module")
def validator() -> Validator:
    """Of the project; the examples read by us, for Rasa's reader takes many times as long."""
    files = (str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "bot" / "data" / "rules")])
    read = Validator.from_importer(TrainingDataImporter.load_from_config(*files))
    examples = [
        Message({TEXT: each.text, INTENT: each.intent}) for each in read_examples(ROOT / "bot" / "data" / "nlu")
    ]
    return Validator(read.domain, TrainingData(examples), read.story_graph, read.config)


@pytest.mark.parametrize("check", OF_THE_DOMAIN)
def test_rasa_finds_nothing_wrong_with_the_domain(validator: Validator, check: str) -> None:
    assert getattr(validator, check)()


@pytest.mark.parametrize("check", OF_EXAMPLES_AND_RULES)
def test_rasa_finds_nothing_wrong_with_examples_and_rules(validator: Validator, check: str) -> None:
    assert getattr(validator, check)(ignore_warnings=False)


@pytest.mark.parametrize(
    ("left_out", "check"),
    [
        ("intents", "verify_intents_in_stories"),
        ("actions", "verify_actions_in_stories_rules"),
        ("forms", "verify_forms_in_stories_rules"),
    ],
)
def test_what_the_domain_lacks_is_found(validator: Validator, left_out: str, check: str) -> None:
    told = {key: value for key, value in validator.domain.as_dict().items() if key != left_out}
    lacking = Validator(Domain.from_dict(told), validator.intents, validator.story_graph, validator.config)
    strictly = {"ignore_warnings": False} if check in OF_EXAMPLES_AND_RULES else {}
    assert not getattr(lacking, check)(**strictly)
