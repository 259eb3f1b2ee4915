"""What holds for every case, tried on cases of all kinds: the same ones on every machine and in every run."""

import json
import string
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
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
TODAYS = st.dates(date(2012, 1, 1), date(2035, 12, 31)) | st.dates(date(1904, 1, 1), date(2998, 12, 31))
CLOCKS = [time.min, time(0, 0, 0, 1), time(1, 30), time(12), time(23, 30), time.max]
DAYS_AGO = [*range(18), *range(29, 33), *range(44, 47), *range(59, 62), *range(179, 182), *range(239, 242), 365, 366]
DAYS_AGO += [380, 381, 382, 747]
DAYS_AHEAD = [-1, -2, -15, -400]
# Not known in two of five.
PAST_DAYS = st.sampled_from([*[None] * (2 * len(DAYS_AGO) // 3), *DAYS_AGO])
RECENT_DAYS = st.sampled_from([*[None] * 5, *range(9), 20, 50])
SOME_DAYS = st.sampled_from([*[None] * 6, *range(9), *range(13, 20), 29, 30, 31, 59, 60, 61, 179, 180, 181, 300, 400])
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
# Every reason, and those under which most is asked three times as often.
REASONS = st.sampled_from(
    [None, *map(str, ClaimReason), *2 * ["defective", "damaged", "change_of_mind", "ordered_wrong"]],
)
PROGRAMMES = st.sampled_from(
    [list(map(str, some)) for count in (1, 2, 3) for some in permutations(Programme, count)],
)
MOST = {"service_years": 3}
FAR = {"service_years": 100}
FIGURES = st.lists(st.sampled_from(sorted(map(str, default_policy().parameters))), unique=True, max_size=3)


@st.composite
def told_cases(draw: Draw, future: bool = True) -> Told:
    """A valid case as it is told; without `future` all that it tells has happened."""
    zone = ZoneInfo(draw(ZONES))
    today: date = draw(TODAYS)
    now = datetime.combine(today, draw(st.sampled_from(CLOCKS)), zone).astimezone(UTC)
    # A third of the cases are in order but for one thing, in a third nothing is known to be wrong: left to chance
    # alone, next to no return would be open.
    mood = draw(st.sampled_from(["in order", "well meant", "anything"]))
    flaw = draw(st.sampled_from([*SEEN_GOODS, "valid", "on_platform", "account_standing", "address_error"]))
    days_ago = {"in order": SOME_DAYS, "well meant": RECENT_DAYS}.get(mood, ANY_DAYS if future else PAST_DAYS)

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

    def fact(name: str, best: Any, *others: Any) -> Any:
        if mood == "in order":
            return one_of(best, *others) if name == flaw else best
        if mood == "well meant":
            return one_of(best)
        return one_of(best, *others) if draw(st.booleans()) else best

    def figure(name: str) -> int | bool:
        if name == "most_favourable_clock":
            return draw(st.booleans())
        return draw(st.integers(0, MOST.get(name, 40)) | st.just(FAR.get(name, 36_500)))

    def term(name: str) -> Any:
        if draw(st.booleans()):
            return figure(name)
        turn = today - timedelta(days=draw(st.sampled_from(DAYS_AGO)))
        earlier = {"to": (turn - timedelta(days=1)).isoformat(), "value": figure(name)}
        return [earlier, {"from": turn.isoformat(), "value": figure(name)}]

    programmes = draw(PROGRAMMES)
    paid, shipped, issued = event(), event(), event()
    handed = event(after=issued)
    claim = {name: fact(name, *values) for name, values in SEEN_GOODS.items()}
    claim["reason"] = draw(REASONS)
    claim["proof"] = one_of({"date": day(), "valid": fact("valid", True, False, "forged")})
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
            "on_platform": fact("on_platform", True, False),
            "account_standing": fact("account_standing", "good", "suspended"),
            "address_error": fact("address_error", "none", "customer", "carrier"),
        },
        "line": {
            "stock": one_of("out_of_stock", "in_stock"),
            "factory_shipped_on": day(),
            "warranty_until": day(),
            "one_year_service": fact("one_year_service", True, False),
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


def told_otherwise(told: Any, random: Any) -> Any:
    """The same, with its keys in another order, its instants in another zone and what is not known left out."""
    if isinstance(told, dict):
        known = [(key, told_otherwise(value, random)) for key, value in told.items() if value is not None]
        return dict(random.sample(known, len(known)))
    if isinstance(told, str) and told.endswith("+00:00"):
        zone = ZoneInfo(random.choice(["Asia/Kathmandu", "America/St_Johns", "Europe/Berlin"]))
        return datetime.fromisoformat(told).astimezone(zone).isoformat()
    return told


@settings(tried, max_examples=60)
@given(told_cases(), st.randoms(use_true_random=False))
def test_the_same_case_is_the_same_bytes_in_json_in_yaml_and_told_otherwise(told: Told, random: Any) -> None:
    written = judged(told).to_json()
    assert decide(read_case(read_text(json.dumps(told)))).to_json() == written
    assert decide(read_case(read_yaml(yaml.safe_dump(told)))).to_json() == written
    # What a shop sets to null is said; everywhere else it is not known.
    shop = told["shop"]
    otherwise = {**told_otherwise(told, random), "shop": shop}
    assert decide(read_case(read_text(json.dumps(otherwise)))).to_json() == written


# -- what is not known --------------------------------------------------------------------------------------------


def without_the_future(told: Told) -> Told:
    """The case with every event that is still to come left out."""
    now = datetime.fromisoformat(told["as_of"])
    today = local_day(now, ZoneInfo(told["shop"]["timezone"])).isoformat()

    def come(instant: str | None) -> str | None:
        return instant if instant is not None and datetime.fromisoformat(instant) <= now else None

    def day_come(day: str | None) -> str | None:
        return day if day is not None and day <= today else None

    ends, days = ("protection_ends_at",), ("factory_shipped_on", "repaired_and_sent_back_on")
    claim, rma = told["claim"], told["rma"]
    if claim["proof"] is not None:
        claim = {**claim, "proof": {**claim["proof"], "date": day_come(claim["proof"]["date"])}}
    if rma is not None:
        events = {name: come(rma[name]) for name in ("issued_at", "handed_over_at", "received_at")}
        rma = {**rma, **events} if events["issued_at"] else None
    return {
        **told,
        "order": {
            name: come(value) if name.endswith("_at") and name not in ends else value
            for name, value in told["order"].items()
        },
        "line": {name: day_come(value) if name in days else value for name, value in told["line"].items()},
        "claim": claim,
        "rma": rma,
        "claim_closed_at": come(told["claim_closed_at"]),
    }


@tried
@given(told_cases())
def test_what_has_not_happened_yet_counts_as_not_known(told: Told) -> None:
    assert judged(without_the_future(told)).to_json() == judged(told).to_json()


@tried
@given(told_cases(future=False))
def test_receipt_implies_delivery_and_delivery_that_it_was_shipped(told: Told) -> None:
    order = told["order"]
    received = [instant for instant in (order["delivered_at"], order["receipt_confirmed_at"]) if instant]
    implied = with_fact(told, "order.delivered_at", next(iter(received), None))
    implied = with_fact(implied, "order.shipped_at", order["shipped_at"] or min(received, default=None))
    assert judged(implied).to_json() == judged(told).to_json()


@tried
@given(told_cases())
def test_what_a_shop_does_not_say_is_held_against_nobody(told: Told) -> None:
    said = {
        "order.on_platform": True,
        "order.account_standing": "good",
        "order.address_error": "none",
        "line.stock": "in_stock",
        "line.one_year_service": False,
    }
    whole = told
    for path, value in said.items():
        section, name = path.split(".")
        if told[section][name] is None:
            whole = with_fact(whole, path, value)
    assert judged(whole).to_json() == judged(told).to_json()


# -- nothing else gets more than a refusal ------------------------------------------------------------------------

KEYS = st.sampled_from(
    ["as_of", "shop", "order", "line", "claim", "rma", "programmes", "timezone", "parameters", "proof"]
)
WORDS = ["2026-02-17T10:00:00Z", "2026-02-17", "UTC", "after_sales", "defective", "forged", "DE", "return_days"]
WORDS += ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-02-17T10:00:00", "9999-12-31", "NaN", "../UTC"]
# Not only what JSON has: the reader is given whatever a caller holds.
OTHERS: list[Any] = [10**4000, -(10**4000), b"UTC", date(2026, 2, 17), datetime(2026, 2, 17, tzinfo=UTC), {1}, (), 1j]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS + OTHERS) | st.text(max_size=8),
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
    instants = past_day.map(lambda day: datetime.combine(date.fromisoformat(day), time(9), UTC).isoformat())
    dated = st.fixed_dictionaries({"date": past_day, "valid": st.sampled_from([True, False, "forged"])})
    return {
        **facts,
        "claim.reason": st.sampled_from(ClaimReason),
        "claim.proof": dated | st.sampled_from([{"valid": False}, {"valid": "forged"}]),
        "order.delivered_at": instants.map(
            lambda instant: max(min(instant, told["as_of"]), told["order"]["shipped_at"] or "")
        ),
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
        if before.outcome is Outcome.NOT_YET:
            assert after in (Outcome.NOT_YET, Outcome.NOT_ELIGIBLE)


# -- time ---------------------------------------------------------------------------------------------------------

TICK = timedelta(microseconds=1)


def announced(verdict: Verdict) -> list[datetime]:
    """The first instants at which a verdict may change: after an end, or at a beginning."""
    ends = [each.closes_at for each in verdict.remedies if each.closes_at]
    begins = [each.opens_at for each in verdict.remedies if each.opens_at]
    for period in verdict.dates:
        if period.code == "one_year_service_opens":
            begins.append(start_of_day(period.last_day, verdict.zone))
        else:
            ends.append(end_of_day(period.last_day, verdict.zone))
    return sorted([end + TICK for end in ends] + begins)


def stored_end(told: Told, verdict: Verdict) -> list[datetime]:
    """The end of protection stored with an order is an instant within the last day that `dates` has for it."""
    if any((period.code, period.clause) == ("protection_ends", "BP-1") for period in verdict.dates):
        return [datetime.fromisoformat(told["order"]["protection_ends_at"]) + TICK]
    return []


@tried
@given(told_cases(future=False), st.floats(0, 1))
def test_a_verdict_changes_only_when_it_said_it_would(told: Told, part: float) -> None:
    """From now on, over every end and every beginning that is announced, until nothing more is."""
    parameters = told["shop"]["parameters"]
    # One end is in no verdict: of the days to change one's mind while something is missing.
    assume(parameters.get("change_of_mind_days") is None or told["claim"]["complete"] is not False)
    if told["order"]["paid_at"] is None:
        # Judged by the terms of the day asked; new ones are news to it.
        lasting = {name: term for name, term in parameters.items() if not isinstance(term, list)}
        told = with_fact(told, "shop.parameters", lasting)
    case = read_case(told)
    verdict = decide(case)
    while True:
        instants = announced(verdict) + stored_end(told, verdict)
        later = min((instant for instant in instants if instant > verdict.as_of), default=None)
        until = verdict.as_of + timedelta(days=2000) if later is None else later - TICK
        for as_of in (verdict.as_of + part * (until - verdict.as_of), until):
            then = decide(replace(case, as_of=as_of))
            assert (then.remedies, then.dates) == (verdict.remedies, verdict.dates)
        if later is None:
            break
        verdict = decide(replace(case, as_of=later))
