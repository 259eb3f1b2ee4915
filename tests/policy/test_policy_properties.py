"""What holds for every case, tried on cases of all kinds: the same ones on every machine and in every run."""

import json
import string
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, permutations
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from policy_core import (
    CaseError,
    Cause,
    ClaimReason,
    Outcome,
    Payer,
    Programme,
    RemedyVerdict,
    Verdict,
    decide,
    default_policy,
    end_of_day,
    local_day,
    read_case,
    read_text,
    read_yaml,
    start_of_day,
)

Told: TypeAlias = dict[str, Any]
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

tried = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

# -- cases of all kinds -------------------------------------------------------------------------------------------

ZONES = st.sampled_from(
    [
        "UTC",
        "Asia/Shanghai",
        "Asia/Kathmandu",
        "Europe/Berlin",
        "Africa/Cairo",
        "Atlantic/Azores",
        "America/New_York",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
    ]
)
TODAYS = st.dates(date(2012, 1, 1), date(2035, 12, 31))
CLOCKS = [time.min, time(0, 0, 0, 1), time(1, 30), time(12), time(23, 30), time.max]
DAYS_AGO = [*range(18), *range(29, 33), *range(44, 47), *range(59, 62), *range(179, 182), *range(239, 242), 365, 366]
DAYS_AGO += [380, 381, 382, 747]
DAYS_AHEAD = [-1, -2, -15, -400]
# Not known in two of five.
PAST_DAYS = st.sampled_from([*[None] * (2 * len(DAYS_AGO) // 3), *DAYS_AGO])
RECENT_DAYS = st.sampled_from([*[None] * 5, *range(9), 20, 50])
ANY_DAYS = st.sampled_from([*[None] * (2 * len(DAYS_AGO) // 3), *DAYS_AGO, *DAYS_AHEAD])
FLAG = st.sampled_from([None, True, False])
# What a customer can say of the goods, the best for them first.
SEEN_GOODS: dict[str, tuple[Any, ...]] = {
    "complete": (True, False),
    "activated": (False, True),
    "resalable": (True, False),
    "caused_by_customer": (False, True),
    "labels_intact": (True, False),
    "cause": (None, *map(str, Cause)),
    "photos": (2, 1, 0),
}
PROGRAMMES = st.sampled_from(
    [list(map(str, some)) for count in (1, 2, 3) for some in permutations(Programme, count)],
)
MOST = {"service_years": 3}
FIGURES = st.lists(st.sampled_from(sorted(default_policy().parameters)), unique=True, max_size=3)


@st.composite
def told_cases(draw: Draw, future: bool = True, dated: bool = True) -> Told:
    """A valid case as it is told; without `future` all that it tells has happened, without `dated` terms last."""
    zone = ZoneInfo(draw(ZONES))
    today: date = draw(TODAYS)
    now = datetime.combine(today, draw(st.sampled_from(CLOCKS)), zone).astimezone(UTC)
    well_meant = draw(st.booleans())  # half of the cases: recent, and nothing is known to be wrong
    days_ago = RECENT_DAYS if well_meant else ANY_DAYS if future else PAST_DAYS

    def event(after: str | None = None, days_ago: st.SearchStrategy[int | None] = days_ago) -> str | None:
        days = draw(days_ago)
        if days is None:
            return None
        clock = draw(st.sampled_from(CLOCKS))
        instant = datetime.combine(today - timedelta(days=days), clock, zone).astimezone(UTC)
        if days == 0 and not future:
            instant = min(instant, now)
        return max(instant.isoformat(timespec="microseconds"), after or "")

    def day() -> str | None:
        days = draw(days_ago)
        return None if days is None else (today - timedelta(days=days)).isoformat()

    def one_of(*values: Any) -> Any:
        return draw(st.sampled_from([None, *values]))

    def fact(best: Any, *others: Any) -> Any:
        return one_of(best) if well_meant else one_of(best, *others)

    def figure(name: str) -> int | bool:
        return one_of(True) or False if name == "most_favourable_clock" else draw(st.integers(0, MOST.get(name, 40)))

    def term(name: str) -> Any:
        if not (dated and draw(st.booleans())):
            return figure(name)
        turn: date = draw(TODAYS)
        earlier = {"to": (turn - timedelta(days=1)).isoformat(), "value": figure(name)}
        return [earlier, {"from": turn.isoformat(), "value": figure(name)}]

    programmes = draw(PROGRAMMES)
    paid, shipped, issued = event(), event(), event()
    handed = event(after=issued)
    claim = {name: fact(*values) for name, values in SEEN_GOODS.items()}
    claim["reason"] = one_of(*map(str, ClaimReason))
    claim["proof"] = one_of({"date": day(), "valid": fact(True, False, "forged")})
    rma = {"programme": draw(st.sampled_from(programmes)), "issued_at": issued, "handed_over_at": handed}
    return {
        "as_of": now.isoformat(),
        "shop": {
            "programmes": programmes,
            "timezone": zone.key,
            "country": one_of("CN", "NO", "US"),
            "parameters": {name: term(name) for name in draw(FIGURES)},
        },
        "order": {
            "paid_at": paid,
            "shipped_at": shipped,
            "delivered_at": event(after=shipped),
            "receipt_confirmed_at": event(after=shipped),
            "completed_at": event(after=paid),
            "protection_ends_at": event(days_ago=ANY_DAYS),
            "on_platform": fact(True, False),
            "account_standing": fact("good", "suspended"),
            "address_error": fact("none", "customer", "carrier"),
        },
        "line": {
            "stock": one_of("in_stock", "out_of_stock"),
            "factory_shipped_on": day(),
            "warranty_until": day(),
            "one_year_service": draw(FLAG),
            "repaired_and_sent_back_on": day(),
        },
        "claim": claim,
        "rma": {**rma, "received_at": event(after=handed or issued), "tracked": draw(FLAG)} if issued else None,
        "claim_closed_at": event(),
    }


def judged(told: Told) -> Verdict:
    return decide(read_case(told))


def with_fact(told: Told, path: str, value: object) -> Told:
    section, fact = path.split(".")
    return {**told, section: {**told[section], fact: value}}


# -- every case gets a verdict ------------------------------------------------------------------------------------

IN_ORDER = {
    Programme.BUYER_PROTECTION: ["dispute", "one_year_service"],
    Programme.AFTER_SALES: ["return_refund", "warranty_repair", "paid_repair", "software_upgrade"],
    Programme.STORE_POLICY: ["cancel", "refuse_delivery", "wait_backorder", "refund_now", "return_refund", "exchange"],
}


@tried
@given(told_cases())
def test_every_valid_case_gets_a_verdict_on_every_remedy_of_its_shop(told: Told) -> None:
    verdict = judged(told)
    programmes = read_case(told).shop.programmes
    assert sorted((each.programme, each.remedy) for each in verdict.remedies) == sorted(
        (programme, remedy) for programme in programmes for remedy in IN_ORDER[programme]
    )
    assert json.loads(verdict.to_json()) == verdict.as_dict()
    for each in verdict.remedies:
        assert_fields_fit_the_outcome(each, verdict)


def assert_fields_fit_the_outcome(each: RemedyVerdict, verdict: Verdict) -> None:
    is_open = each.outcome in (Outcome.ELIGIBLE, Outcome.ELIGIBLE_AFTER_INSPECTION)
    assert (each.pays is not None) == is_open
    assert bool(each.questions) == (each.outcome is Outcome.NEEDS_INFORMATION)
    assert "claim.reason" not in each.questions or each.questions == ("claim.reason",)
    assert bool(each.reasons) == (each.outcome is not Outcome.NEEDS_INFORMATION)
    assert is_open or not (each.closes_at or each.last_day or each.obligations)
    assert is_open or each.outcome is Outcome.NOT_YET or not (each.opens_at or each.next_step)
    assert each.last_day == (None if each.closes_at is None else local_day(each.closes_at, verdict.zone))
    assert not is_open or each.opens_at is None or each.opens_at <= verdict.as_of
    assert each.outcome is not Outcome.NOT_YET or each.opens_at is None or each.opens_at > verdict.as_of


@tried
@given(told_cases())
def test_an_open_remedy_has_not_closed_unless_the_goods_were_sent_in_time(told: Told) -> None:
    rma = told["rma"] or {}
    for each in judged(told).remedies:
        if each.closes_at is not None and each.closes_at < datetime.fromisoformat(told["as_of"]):
            assert each.programme == rma["programme"]
            on_their_way = [rma["handed_over_at"] if rma["tracked"] else None, rma["received_at"]]
            assert any(sent and datetime.fromisoformat(sent) <= each.closes_at for sent in on_their_way)


@settings(tried, max_examples=30)
@given(told_cases())
def test_the_same_case_in_json_and_in_yaml_is_the_same_bytes(told: Told) -> None:
    as_json = json.dumps(told, sort_keys=True)
    as_yaml = yaml.safe_dump(json.loads(as_json))
    assert decide(read_case(read_text(as_json))).to_json() == decide(read_case(read_yaml(as_yaml))).to_json()


# -- nothing else gets more than a refusal ------------------------------------------------------------------------

KEYS = st.sampled_from(
    ["as_of", "shop", "order", "line", "claim", "rma", "programmes", "timezone", "parameters", "proof"]
)
WORDS = st.sampled_from(["2026-02-17T10:00:00Z", "2026-02-17", "UTC", "after_sales", "defective", "forged", "DE"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=8), inner, max_size=5),
    max_leaves=12,
)
STRUCTURE = list('{}[],:?-#&*!|>%@`"=~<\\ \n\t\ufeff\x00\ud800')
TAGS = [
    "!!int ",
    "!!bool ",
    "!!float ",
    "!!null ",
    "!!str ",
    "!!timestamp ",
    "!!binary ",
    "!!set ",
    "!!omap ",
    "!!map ",
]
TAGS += ["!!pairs ", "!!seq ", "!!merge ", "!x "]
TOKENS = st.sampled_from([*STRUCTURE, *TAGS, "a", "7", "<<", "&a ", "*a", "null", "- ", ": ", "? ", "---\n", "..."])


def refusal(judge: Callable[[], object]) -> CaseError | None:
    """Why there is no verdict, None where there is one; anything else that is raised is a fault."""
    try:
        judge()
    except CaseError as error:
        return error
    return None


@tried
@given(JUNK)
def test_anything_that_is_no_case_is_refused(told: object) -> None:
    error = refusal(lambda: decide(read_case(told)))
    assert error is None or error.message


@tried
@given(told_cases(), st.data())
def test_a_case_with_one_field_spoilt_is_judged_or_refused(told: Told, data: st.DataObject) -> None:
    spoilt = deepcopy(told)
    holder = spoilt
    key = data.draw(st.sampled_from(sorted(holder)))
    while isinstance(holder[key], dict) and holder[key] and data.draw(st.booleans()):
        holder = holder[key]
        key = data.draw(st.sampled_from(sorted(holder)))
    holder[key] = data.draw(JUNK)
    if error := refusal(lambda: judged(spoilt)):
        assert key in error.path or "not before" in error.message or "the shop's programmes" in error.message


@settings(tried, max_examples=500)
@given(st.lists(TOKENS, max_size=12).map("".join) | st.text(alphabet=string.printable, max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    error = refusal(lambda: decide(read_case(read_text(text))))
    assert error is not None
    assert "\n" not in error.message


# -- the order of remedies ----------------------------------------------------------------------------------------

GROUPS = [
    {Outcome.ELIGIBLE, Outcome.ELIGIBLE_AFTER_INSPECTION},
    {Outcome.NEEDS_INFORMATION},
    {Outcome.NOT_YET},
    {Outcome.REFER_TO_PERSON},
    {Outcome.NOT_ELIGIBLE},
]
COSTS = {Payer.NONE: 0, Payer.SHOP: 0, Payer.UNSPECIFIED: 1, Payer.CUSTOMER: 2}
NEVER = datetime.max.replace(tzinfo=UTC)


def place(each: RemedyVerdict, programmes: list[str]) -> tuple[Any, ...]:
    """Where a remedy stands, read from the rules of the ranking; no two remedies have the same place."""
    group = next(index for index, outcomes in enumerate(GROUPS) if each.outcome in outcomes)
    told = (programmes.index(each.programme), IN_ORDER[each.programme].index(each.remedy))
    if each.pays is None:
        return (group, *told)
    cost = COSTS[each.pays.original_shipping] + COSTS[each.pays.return_shipping]
    surer = each.outcome is Outcome.ELIGIBLE_AFTER_INSPECTION
    return (group, cost, surer, each.closes_at or NEVER, *told)


@tried
@given(told_cases(), st.randoms(use_true_random=False))
def test_the_ranking_is_total_and_stable(told: Told, random: Any) -> None:
    shuffled = random.sample(told["shop"]["programmes"], len(told["shop"]["programmes"]))
    other = with_fact(told, "shop.programmes", shuffled)
    for each in (told, other):
        places = [place(remedy, each["shop"]["programmes"]) for remedy in judged(each).remedies]
        assert all(earlier < later for earlier, later in pairwise(places))
    by_name = [{(each.programme, each.remedy): each for each in judged(one).remedies} for one in (told, other)]
    assert by_name[0] == by_name[1]


# -- questions and answers ----------------------------------------------------------------------------------------


def answers(told: Told) -> dict[str, st.SearchStrategy[Any]]:
    """Whatever a customer may answer to each question there is."""
    today = local_day(datetime.fromisoformat(told["as_of"]), ZoneInfo(told["shop"]["timezone"]))
    past_day = st.sampled_from(DAYS_AGO).map(lambda days: (today - timedelta(days=days)).isoformat())
    facts = {f"claim.{name}": st.sampled_from(values) for name, values in SEEN_GOODS.items()}
    return {
        **facts,
        "claim.reason": st.sampled_from(ClaimReason),
        "claim.proof": st.fixed_dictionaries({"date": past_day, "valid": st.sampled_from([True, False, "forged"])}),
        "order.delivered_at": st.just(told["as_of"]),
        "line.factory_shipped_on": past_day,
    }


@tried
@given(told_cases(future=False), st.data())
def test_a_question_once_answered_is_never_asked_again(told: Told, data: st.DataObject) -> None:
    possible, asked = answers(told), set[str]()
    while open_questions := sorted({path for each in judged(told).remedies for path in each.questions}):
        assert not asked & set(open_questions)
        path = data.draw(st.sampled_from(open_questions))
        asked.add(path)
        told = with_fact(told, path, data.draw(possible[path]))
    assert all(each.outcome is not Outcome.NEEDS_INFORMATION for each in judged(told).remedies)


@tried
@given(told_cases(), st.data())
def test_one_more_fact_about_the_goods_never_reopens_what_was_refused(told: Told, data: st.DataObject) -> None:
    unknown = [name for name in SEEN_GOODS if told["claim"][name] is None]
    assume(unknown)
    name = data.draw(st.sampled_from(unknown))
    more = with_fact(told, f"claim.{name}", data.draw(st.sampled_from(SEEN_GOODS[name])))
    now = {(each.programme, each.remedy): each.outcome for each in judged(more).remedies}
    for before in judged(told).remedies:
        after = now[before.programme, before.remedy]
        if before.outcome is Outcome.NOT_ELIGIBLE:
            assert after is Outcome.NOT_ELIGIBLE
        if before.outcome is Outcome.REFER_TO_PERSON:
            assert after in (Outcome.REFER_TO_PERSON, Outcome.NOT_ELIGIBLE)


# -- time ---------------------------------------------------------------------------------------------------------

TICK = timedelta(microseconds=1)


def announced(told: Told, verdict: Verdict) -> list[datetime]:
    """The first instants at which a verdict may change: after an end, or at a beginning."""
    ends = [each.closes_at for each in verdict.remedies if each.closes_at]
    ends += [end_of_day(period.last_day, verdict.zone) for period in verdict.dates]
    if stored := told["order"]["protection_ends_at"]:
        ends.append(datetime.fromisoformat(stored))
    begins = [each.opens_at for each in verdict.remedies if each.opens_at]
    begins += [start_of_day(period.last_day, verdict.zone) for period in verdict.dates]
    return sorted([end + TICK for end in ends] + begins)


@tried
@given(told_cases(future=False, dated=False), st.integers(1, 2000))
def test_a_verdict_changes_only_when_it_said_it_would(told: Told, days: int) -> None:
    # One end is in no verdict: of the days to change one's mind while something is missing.
    shop, claim = told["shop"], told["claim"]
    assume(shop["parameters"].get("change_of_mind_days") is None or claim["complete"] is not False)
    verdict = judged(told)
    later = next((instant for instant in announced(told, verdict) if instant > verdict.as_of), NEVER)
    until = min(later - TICK, verdict.as_of + timedelta(days=days))
    then = judged({**told, "as_of": until.isoformat()})
    assert (then.remedies, then.dates) == (verdict.remedies, verdict.dates)
