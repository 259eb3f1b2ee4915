"""Whatever the policies can say has its sentence in domain.yml, and every sentence can be said."""

import itertools
import re
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from casework.asking_next import SLOT_OF_QUESTION
from casework.goals import GOALS
from casework.hearing_answers import FACT_SLOTS
from casework.hearing_goals import OWN_QUESTIONS
from casework.judged import WRITTEN, Judged
from casework.listening import EXPLAINED
from casework.matter_slots import MATTER_SLOTS
from casework.rma_told import NEXT, status_of
from casework.situations import SITUATIONS
from casework.telling import Teller
from casework.together import USUAL
from casework.words import DOMAIN_FILE, MissingWordsError, Words
from order_store import Line, Order, Rma, Shipment, machines
from order_store.codes import REFUND_CAUSES
from order_store.states import DISPUTE_DECISIONS, PRIVACY_KINDS, REFUND_STATES, RMA_GOODS
from policy_core import (
    Cause,
    ClaimReason,
    NextStep,
    Outcome,
    ParameterName,
    RemedyName,
    Verdict,
    decide,
    default_clauses,
    default_policy,
    read_case,
    read_yaml,
)
from policy_core.figures import SHAPES
from policy_core.programmes import REMEDIES
from tests.casework.orders import a_shop

ROOT = DOMAIN_FILE.parent
DOMAIN = yaml.safe_load(DOMAIN_FILE.read_text(encoding="utf-8"))
RESPONSES = DOMAIN["responses"]
WORDS = Words.load()


def _golden() -> Iterator[Verdict]:
    for file in sorted((ROOT / "tests" / "policy" / "golden").glob("*/*.yml")):
        for entry in read_yaml(file.read_text(encoding="utf-8")):  # type: ignore[attr-defined]
            yield decide(read_case(entry["case"]))


VERDICTS = list(_golden())
ITEMS = [each for verdict in VERDICTS for each in verdict.remedies]


def _lacking(names: set[str]) -> set[str]:
    return {name for name in names if name not in WORDS}


def test_every_reason_a_policy_gives_has_its_sentence() -> None:
    rows = [row for remedies in REMEDIES.values() for each in remedies for row in (*each.rows, *each.grants)]
    rows += [each.silent for remedies in REMEDIES.values() for each in remedies if each.silent is not None]
    codes = {row.code for row in rows} | {reason.code for item in ITEMS for reason in item.reasons}
    assert len(codes) > 40
    assert _lacking({f"reason_{code}" for code in codes}) == set()


def test_every_obligation_has_its_sentence() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "policy_core" / "programmes").rglob("*.py"))
    codes = set(re.findall(r'Obligation\(\s*"(\w+)"', sources))
    codes |= {obligation.code for item in ITEMS for obligation in item.obligations}
    assert len(codes) > 10
    assert _lacking({f"obligation_{code}" for code in codes}) == set()


def test_every_period_has_a_sentence_for_when_it_runs_and_one_for_when_it_is_over() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "policy_core" / "programmes").rglob("*.py"))
    codes = set(re.findall(r'Period\(\s*"(\w+)"', sources)) | {
        each.code for each in sum((v.dates for v in VERDICTS), ())
    }
    assert len(codes) > 6
    assert _lacking({f"date_{code}{end}" for code in codes for end in ("", "_over")}) == set()


def test_every_next_step_and_every_payer_a_policy_names_has_its_sentence() -> None:
    pays = {
        f"pays_{each.pays.original_shipping}_{each.pays.return_shipping}" for each in ITEMS if each.pays is not None
    }
    assert _lacking({f"next_{step}" for step in NextStep} | pays) == set()


def test_every_remedy_has_a_name_and_a_sentence_for_being_open_with_and_without_an_end() -> None:
    names = {f"name_{each}" for each in RemedyName} | {f"open_{each}" for each in RemedyName}
    names |= {f"open_{each.remedy}_until" for each in ITEMS if each.closes_at is not None}
    names |= {f"announce_{each}" for each in WRITTEN} | {f"choice_{each}" for each in WRITTEN}
    names |= {f"closed_{each}" for each in Outcome if not each.is_open and each is not Outcome.NEEDS_INFORMATION}
    assert _lacking(names) == set()


def test_every_fact_a_policy_asks_for_is_asked_and_explained_or_goes_to_a_person() -> None:
    paths = {q.path for remedies in REMEDIES.values() for each in remedies for q in each.questions} | {"claim.reason"}
    paths |= {path for item in ITEMS for path in item.questions}
    unasked = {f"person_asks_{path.rpartition('.')[2]}" for path in paths - SLOT_OF_QUESTION.keys()}
    explained = {f"explain_{slot}" for slot in EXPLAINED}
    assert _lacking(unasked | explained) == set()
    assert paths >= SLOT_OF_QUESTION.keys()


def test_every_fact_that_can_be_asked_in_a_list_is_worded_for_it() -> None:
    assert _lacking({f"true_{slot}" for slot in USUAL}) == set()


SLOTS_ASKED = {
    *("goal", "order_number", "contact", "line", "has_fault", "together", "remedy", "confirm", "quote"),
    *OWN_QUESTIONS,
    *SLOT_OF_QUESTION.values(),
}


@pytest.mark.parametrize("slot", sorted(SLOTS_ASKED))
def test_every_slot_the_form_asks_for_has_a_question_and_a_place(slot: str) -> None:
    assert f"action_ask_{slot}" in DOMAIN["actions"] or f"utter_ask_{slot}" in RESPONSES
    assert slot in DOMAIN["slots"]


def test_every_state_of_a_return_and_of_a_repair_has_its_sentence() -> None:
    remedies = machines.RMA.given["remedy"]
    states = itertools.product(*(machines.RMA.columns[each] for each in ("goods", "decision", "settlement")), remedies)
    statuses = {
        status_of(Rma(goods=goods, decision=decision, settlement=settlement, remedy=remedy), lapsed=lapsed)
        for goods, decision, settlement, remedy in states
        for lapsed in (False, True)
        if (settlement == "none") == (decision in ("requested", "approved"))
        if not (decision == "approved" and goods in ("sent_back", "kept"))  # no step leads there
    }
    assert _lacking({f"rma_{each}" for each in statuses}) == set()
    assert _lacking({f"rma_next_{NEXT[each]}" for each in statuses & NEXT.keys()}) == set()
    courses = {*machines.REPAIR.columns["course"], "lapsed"}
    fees = {f"repair_fee_{each}" for each in machines.REPAIR.columns["fee"] if each != "none"}
    assert _lacking({f"repair_{each}" for each in courses} | fees) == set()


def test_every_kind_of_privacy_request_has_its_sentences() -> None:
    assert _lacking({f"{name}_{kind}" for kind in PRIVACY_KINDS for name in ("announce_privacy", "privacy")}) == set()


@pytest.mark.parametrize("name", [name for name in RESPONSES if name.startswith("utter_ask_")])
def test_what_rasa_itself_asks_is_a_question_that_machines_can_read(name: str) -> None:
    slot = name.removeprefix("utter_ask_")
    if f"action_ask_{slot}" in DOMAIN["actions"] or slot == "which_day":
        return
    for variation in RESPONSES[name]:
        assert variation["custom"]["kind"] == "question"
        assert variation["custom"]["asks"]


def test_every_button_names_the_question_it_answers_and_an_answer_that_is_understood() -> None:
    understood = {
        "goal": set(GOALS),
        "reason": {each.value for each in ClaimReason},
        "privacy_kind": set(PRIVACY_KINDS),
    }
    for name, variations in RESPONSES.items():
        for variation in variations:
            for button in variation.get("buttons", ()):
                payload = button["payload"].format()
                if payload == "/human_handoff":
                    continue
                found = re.fullmatch(r'/choose\{"answer":"(\w+)=(\w+)"\}', payload)
                assert found is not None, payload
                assert found[1] == name.removeprefix("utter_ask_")
                assert found[2] in understood.get(found[1], {"yes", "no"}), payload


def test_every_goal_that_is_offered_as_a_choice_has_its_words() -> None:
    assert _lacking({f"choice_{goal}" for goal in GOALS if goal != "human_handoff"}) == set()


def test_every_state_of_a_customers_money_has_its_sentence() -> None:
    names = {f"refund_{state}" for state in REFUND_STATES} | {f"refund_for_{cause}" for cause in REFUND_CAUSES}
    names |= {f"refund_dispute_{decision}" for decision in DISPUTE_DECISIONS}
    names |= {f"refund_rma_{goods}" for goods in RMA_GOODS if goods not in ("sent_back", "kept")}
    names |= {f"refund_rma_{decision}" for decision in ("rejected", "cancelled", "expired", "no_money")}
    assert _lacking(names) == set()


def test_every_situation_told_without_an_order_has_its_sentence_and_cites_clauses_of_its_programme() -> None:
    names = {f"right_{each.name}" for each in SITUATIONS if each.is_right}
    names |= {
        f"right_{each.name}_unlimited"
        for each in SITUATIONS
        if each.is_right and any(SHAPES[name].optional for name in each.figures)
    }
    assert _lacking(names | {f"case_{each.name}" for each in SITUATIONS if each.is_carriage}) == set()
    for each in SITUATIONS:
        for clause in (*each.clauses, *filter(None, [each.payer_clause])):
            assert default_clauses()[clause].programme is each.programme, clause
        assert {default_policy().parameters[name].programme for name in each.figures} <= {each.programme}


def test_no_sentence_holds_a_blank_line_or_is_empty() -> None:
    for name, variations in RESPONSES.items():
        for variation in variations:
            text = variation["text"]
            assert text.strip(), name
            assert all(line.strip() for line in text.splitlines()), name


def test_every_sentence_uses_only_values_that_code_gives_it() -> None:
    sources = "".join(
        file.read_text(encoding="utf-8")
        for room in ("casework", "bot/actions", "gateway/channels")
        for file in (ROOT / room).glob("*.py")
    )
    given = set(re.findall(r"\b(\w+)=", sources)) | set(re.findall(r'"(\w+)": ', sources)) | {"provider", "terms"}
    given |= set(ParameterName)
    for name, variations in RESPONSES.items():
        for variation in variations:
            fields = {field for _, field, _, _ in string.Formatter().parse(variation["text"]) if field}
            assert fields <= given, name


def _a_line() -> Line:
    order = Order(number="QC-1", shop=a_shop("quill", timezone="Asia/Shanghai"))
    line = Line(
        position=0, title="Copper {kettle}", order=order, one_year_service={"provider": "Nibcare", "terms_url": "x"}
    )
    line.shipment = Shipment(carrier=None, tracking="PP1", shipped_at=datetime(2026, 3, 1, tzinfo=UTC), order=order)
    return line


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_golden_verdict_can_be_told(verdict: Verdict) -> None:
    judged = Judged(case=None, verdict=verdict, remedies=verdict.remedies)  # type: ignore[arg-type]
    teller = Teller(WORDS, _a_line(), verdict.as_of)
    decided = any(each.outcome is not Outcome.NEEDS_INFORMATION for each in judged.remedies)
    for telling in (teller.verdict(judged), teller.dates(judged)):
        assert telling.text.strip() or not decided
        assert "\n\n" not in telling.text
        assert "None" not in telling.text
    for each in judged.open:
        if each.remedy in WRITTEN:
            assert teller.announcement(each)


def test_a_sentence_that_is_missing_or_lacks_a_value_is_named() -> None:
    with pytest.raises(MissingWordsError, match="utter_no_such has no such response"):
        WORDS("no_such")
    with pytest.raises(MissingWordsError, match="utter_ticket wants the value 'number'"):
        WORDS("ticket")


def test_every_intent_in_the_rules_is_in_the_domain_and_every_goal_opens_the_form() -> None:
    rules: list[dict[str, Any]] = []
    for file in sorted((ROOT / "bot" / "data" / "rules").glob("*.yml")):
        rules += yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]
    intents = {
        each["intent"]
        for rule in rules
        for step in rule["steps"]
        for each in step.get("or", [step])
        if "intent" in each
    }
    assert intents - {"nlu_fallback"} <= set(DOMAIN["intents"])
    opening = next(rule for rule in rules if rule["rule"].endswith("opens the customer's matter"))
    assert {each["intent"] for each in opening["steps"][0]["or"]} == {*GOALS, "inform"}


def test_every_asides_intent_has_its_answer() -> None:
    aside = yaml.safe_load((ROOT / "bot" / "data" / "rules" / "aside.yml").read_text(encoding="utf-8"))["rules"][0]
    assert _lacking({each["intent"] for each in aside["steps"][0]["or"]}) == set()


def test_every_value_the_bot_learns_to_find_is_one_that_casework_knows() -> None:
    files = [yaml.safe_load(f.read_text(encoding="utf-8")) for f in (ROOT / "bot" / "nlu" / "patterns").glob("*.yml")]
    phrases = [phrase for file in files for phrase in file.get("phrases", ())]
    assert phrases
    for each in phrases:
        for value in str(each["id"]).split():
            if each["label"] == "reason":
                assert value in list(ClaimReason)
            else:
                name, _, told = value.partition("=")
                if name == "proof":
                    continue  # understood and not needed: an order that is paid is its own proof (AS-A4)
                assert name in (*FACT_SLOTS, "photos")
                assert told in {"cause": list(Cause), "photos": ["0"]}.get(name, ["true", "false"])


def test_no_slot_can_be_set_by_an_entity_or_a_payload() -> None:
    assert not set(DOMAIN["slots"]) & set(DOMAIN["entities"]) - {"order_number", "reason"}
    for name, slot in DOMAIN["slots"].items():
        assert slot["mappings"] == [{"type": "custom"}], name
        assert slot["influence_conversation"] is False, name
    assert set(MATTER_SLOTS) <= set(DOMAIN["slots"])
