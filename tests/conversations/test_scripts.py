"""The scripts in played/ can be played in any order: no two share an order, and each has a name of its own."""

from collections import Counter

from .holding import TABLES, WISHES
from .player import TURNS
from .scripts import PLAYED, scripts_of

SCRIPTS = [script for file in sorted(PLAYED.glob("*.yml")) for script in scripts_of(file.stem)]
KEYS = {"name", "shop", "now", "orders", "turns", "store", "facts", "people", "never_reads", "vouched"}
DOES = set(TURNS)
TURN_KEYS = DOES | {
    "by",
    "comes_back",
    "desk",
    "now",
    "times",
    "reads",
    "never_reads",
    "asks",
    "verdict",
    "custom",
    "keeps",
}


def test_no_two_conversations_are_about_the_same_order() -> None:
    numbers = Counter((order["shop"], order["number"]) for script in SCRIPTS for order in script["orders"])
    assert [number for number, count in numbers.items() if count > 1] == []


def test_every_conversation_has_a_name_of_its_own() -> None:
    names = Counter(script["name"] for script in SCRIPTS)
    assert [name for name, count in names.items() if count > 1] == []


def test_a_script_says_nothing_the_player_would_pass_over() -> None:
    for script in SCRIPTS:
        assert script.keys() <= KEYS, script["name"]
        assert script.get("store", {}).keys() <= {*TABLES, *WISHES, "audit"}, script["name"]
        for turn in script["turns"]:
            assert turn.keys() <= TURN_KEYS, (script["name"], turn)
            assert len(turn.keys() & DOES) == 1, (script["name"], turn)
