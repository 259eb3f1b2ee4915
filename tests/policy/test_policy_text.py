"""Cases as text: what JSON and YAML mean here, and that nothing told is lost on the way in silence."""

import json
import time
from typing import Any

import pytest

from policy_core import CaseError, read_case, read_json, read_text, read_yaml


def refusal(read: Any, text: str) -> str:
    with pytest.raises(CaseError) as caught:
        read(text)
    assert caught.value.path == ""
    assert "\n" not in caught.value.message
    return caught.value.message


# -- JSON ---------------------------------------------------------------------------------------------------------


def test_json_is_read_as_json() -> None:
    assert read_json('{"a": [1, 2.5, "x", true, null]}') == {"a": [1, 2.5, "x", True, None]}


@pytest.mark.parametrize(
    "text",
    ['{"photos": 1, "photos": 2}', '{"claim": {"photos": 1, "photos": 1}}', '[{"a": {}, "photos": 1, "photos": null}]'],
)
def test_a_key_told_twice_in_json_is_refused(text: str) -> None:
    assert refusal(read_json, text) == "the key 'photos' is told twice"


def test_the_same_key_in_two_objects_is_no_repetition() -> None:
    assert read_json('[{"a": 1}, {"a": {"a": 2}}]') == [{"a": 1}, {"a": {"a": 2}}]


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_numbers_json_does_not_have_are_refused(text: str) -> None:
    assert refusal(read_json, f'{{"photos": {text}}}') == f"{text} is not JSON"


def test_the_place_of_a_mistake_in_json_is_said() -> None:
    assert refusal(read_json, '{"a": 1,\n "b" 2}') == "not JSON: Expecting ':' delimiter at line 2, column 6"


@pytest.mark.parametrize("text", ["", " ", "{", '{"a": 1} {"a": 1}', "{'a': 1}", '{"a": 1,}', '"\n"', "// a"])
def test_what_is_no_json_is_refused(text: str) -> None:
    assert refusal(read_json, text).startswith("not JSON: ")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "9" * 5_000], ids=["lists", "objects", "digits"])
def test_json_too_deep_or_too_long_to_read_is_refused(text: str) -> None:
    assert refusal(read_json, text).startswith("not JSON that can be read: ")


def test_a_key_told_twice_is_found_at_once_among_many() -> None:
    keys = [f'"k{number}": 1' for number in range(30_000)]
    begun = time.process_time()
    assert refusal(read_json, f'{{{", ".join(keys)}, "k29999": 2}}') == "the key 'k29999' is told twice"
    assert time.process_time() - begun < 5  # half a minute, were every key looked for among all


# -- YAML ---------------------------------------------------------------------------------------------------------


def test_the_country_no_is_norway() -> None:
    shop = read_yaml("country: NO")
    assert shop == {"country": "NO"}


@pytest.mark.parametrize("word", ["NO", "no", "No", "yes", "on", "off", "y", "n", "Yes", "OFF"])
def test_only_true_and_false_are_booleans(word: str) -> None:
    assert read_yaml(f"{word}: {word}") == {word: word}


@pytest.mark.parametrize("text", ["true", "True", "TRUE"])
def test_true_is_true_however_it_is_capitalised(text: str) -> None:
    assert read_yaml(text) is True


@pytest.mark.parametrize("text", ["false", "False", "FALSE"])
def test_false_is_false_however_it_is_capitalised(text: str) -> None:
    assert read_yaml(text) is False


@pytest.mark.parametrize("text", ["a:", "a: ~", "a: null", "a: Null", "a: NULL"])
def test_null_and_nothing_are_null(text: str) -> None:
    assert read_yaml(text) == {"a": None}


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-17",
        "2026-02-17T23:59:59+08:00",
        "2026-02-17 23:59:59 +8",
        "12:30",
        "190:20:30",
        "017",
        "1_000",
        "0b1",
        ".inf",
        "-.INF",
        ".NaN",
        "NaN",
        "1.",
        "+",
        ".",
        "=",
        "0.5.1",
    ],
)
def test_instants_days_and_everything_else_stay_text(text: str) -> None:
    assert read_yaml(f"a: {text}") == {"a": text}


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("-7", -7), ("+7", 7), ("40", 40), ("0.5", 0.5), ("-.5", -0.5), ("2.5e+3", 2500.0)]
)
def test_plain_numbers_are_numbers(text: str, number: float) -> None:
    value = read_yaml(text)
    assert value == number
    assert type(value) is type(number)


def test_quoted_words_stay_text() -> None:
    assert read_yaml("""{a: "true", b: '7', c: "null", d: !!str 7}""") == {"a": "true", "b": "7", "c": "null", "d": "7"}


@pytest.mark.parametrize(
    "text",
    [
        "photos: 1\nphotos: 2",
        "claim: {photos: 1, photos: 1}",
        '"photos": 1\nphotos: 2',
        "a: &a {photos: 1}\nb: {<<: *a, photos: 2, photos: 3}",
        "a: {b: &b {photos: 1, photos: 2}}\nc: {<<: *b}",
    ],
)
def test_a_key_told_twice_in_yaml_is_refused_with_its_place(text: str) -> None:
    assert refusal(read_yaml, text).startswith("not YAML: the key 'photos' is told twice at line ")


def test_an_alias_is_what_its_anchor_is() -> None:
    assert read_yaml("a: &a [1, {b: 2}]\nc: *a") == {"a": [1, {"b": 2}], "c": [1, {"b": 2}]}


def test_a_merge_gives_what_the_mapping_does_not_tell_itself() -> None:
    text = "a: &a {x: 1, y: 1}\nb: {y: 2, <<: *a}\nc: {<<: *a, y: 3}"
    assert read_yaml(text) == {"a": {"x": 1, "y": 1}, "b": {"x": 1, "y": 2}, "c": {"x": 1, "y": 3}}


def test_of_several_merged_mappings_the_first_counts() -> None:
    assert read_yaml("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}") == {
        "a": {"x": 1},
        "b": {"x": 2, "y": 2},
        "c": {"x": 1, "y": 2},
    }


def test_a_mapping_that_merges_and_is_merged_tells_nothing_twice() -> None:
    text = "a: &a {x: 1}\ninner: {b: &b {<<: *a, x: 2}}\nc: {<<: *b}"
    assert read_yaml(text) == {"a": {"x": 1}, "inner": {"b": {"x": 2}}, "c": {"x": 2}}


@pytest.mark.parametrize("text", ["<<: 1", "<<: [1]", "<<: [{a: 1}, [2]]"])
def test_only_mappings_are_merged(text: str) -> None:
    assert "merging" in refusal(read_yaml, text)


def test_merges_of_merges_do_not_grow_without_bound() -> None:
    lines = ["a0: &a0 {x: 1}"] + [f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 10)}]}}" for i in range(1, 30)]
    begun = time.process_time()
    value = read_yaml("\n".join(lines))
    assert isinstance(value, dict)
    assert value["a29"] == {"x": 1}
    assert time.process_time() - begun < 5  # ten to the power of 29 otherwise


def laughs(kind: str, depth: int) -> str:
    """A list (or mapping) of ten of a list of ten, and so on: ten to the power of `depth`, told in a few lines."""
    begin, entry, end = {"list": ("[", "*a{}", "]"), "mapping": ("{", "k{{}}: *a{}", "}")}[kind]
    lines = [f"a0: &a0 {begin}{'x' if kind == 'list' else 'x: 1'}{end}"]
    for level in range(1, depth + 1):
        entries = [entry.format(level - 1).format(number) for number in range(10)]
        lines.append(f"a{level}: &a{level} {begin}{', '.join(entries)}{end}")
    return "\n".join(lines)


@pytest.mark.parametrize("kind", ["list", "mapping"])
def test_aliases_of_aliases_are_read_and_refused_at_once(kind: str) -> None:
    begun = time.process_time()
    with pytest.raises(CaseError) as caught:
        read_case(read_yaml(laughs(kind, 40)))
    assert caught.value.path == "a0"
    told = {"as_of": "2026-01-01T00:00:00Z", "shop": read_yaml(laughs(kind, 40))}
    with pytest.raises(CaseError):
        read_case(told)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("kind", ["list", "mapping"])
def test_a_key_is_not_shown_in_full_however_much_it_stands_for(kind: str) -> None:
    begun = time.process_time()
    message = refusal(read_yaml, f"{laughs(kind, 6)}\n? *a6\n: 1")
    assert "expected a text key, got " in message
    assert len(message) < 200
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {b: *a}", "a: &a {<<: *a}"])
def test_what_holds_itself_is_no_case(text: str) -> None:
    with pytest.raises(CaseError):
        read_case(read_yaml(text))


@pytest.mark.parametrize(
    "text", ["1: a", "true: a", "null: a", "~: a", "? \n: a", "? [a]\n: b", "? {a: b}\n: c", "0.5: a"]
)
def test_a_key_that_is_no_text_is_refused(text: str) -> None:
    assert "expected a text key, got " in refusal(read_yaml, text)


@pytest.mark.parametrize(
    "text",
    [
        "!!bool maybe",
        '!!int ""',
        "!!int 0x",
        "!!int 1:x",
        '!!float ""',
        "!!float x",
        "!!timestamp now",
        "!!timestamp 2026-13-01",
        "!!timestamp 0000-01-01",
        "!!timestamp 2026-02-17 10:00:00 +99:99",
        pytest.param("!!float " + ":".join(["1"] * 300), id="a float of three hundred places of sixty"),
    ],
)
def test_a_tag_its_text_does_not_bear_out_is_refused(text: str) -> None:
    assert refusal(read_yaml, f"a: {text}").startswith("not YAML: not a readable ")


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.getcwd []",
        "!!python/name:os.sep ''",
        "!!value x",
        "!!merge x",
        "!<tag:yaml.org,2002:python/name:os.sep> ''",
        "!shop x",
        "!!map [1]",
        "!!seq {a: 1}",
        "!!str [a]",
    ],
)
def test_a_tag_that_means_nothing_here_is_refused(text: str) -> None:
    assert refusal(read_yaml, f"a: {text}").startswith("not YAML: ")


@pytest.mark.parametrize("text", ["%TAG ! tag:yaml.org,2002:python/\n---\na: !name:os.sep ''", "%YAML 9.9\n---\na: 1"])
def test_a_directive_opens_no_back_door(text: str) -> None:
    assert refusal(read_yaml, text).startswith("not YAML: ")


@pytest.mark.parametrize(
    "told", ["!!timestamp 2026-02-17", "!!binary aGk=", "!!set {a, b}", "!!omap [a: 1]", "!!float 1"]
)
def test_a_tag_makes_no_instant(told: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(read_yaml(f"as_of: {told}\nshop: {{programmes: [after_sales], timezone: UTC}}"))
    assert caught.value.path == "as_of"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a: 1\nb: [",
            "not YAML: while parsing a flow node, expected the node content, but found '<stream end>' "
            "at line 2, column 5",
        ),
        (
            "--- 1\n--- 2",
            "not YAML: expected a single document in the stream, but found another document at line 2, column 1",
        ),
        ("a: *b", "not YAML: found undefined alias 'b' at line 1, column 4"),
        (
            "a: 1\n\tb: 2",
            "not YAML: while scanning for the next token, found character '\\t' that cannot start any token "
            "at line 2, column 1",
        ),
        (
            "a: \x07",
            "not YAML that can be read: unacceptable character #x0007: special characters are not allowed "
            'in "<unicode string>", position 3',
        ),
    ],
)
def test_the_place_of_a_mistake_in_yaml_is_said(text: str, message: str) -> None:
    assert refusal(read_yaml, text) == message


@pytest.mark.parametrize("text", ["- " * 2_000, "{" * 600, "9" * 5_000], ids=["lists", "mappings", "digits"])
def test_yaml_too_deep_or_too_long_to_read_is_refused(text: str) -> None:
    assert refusal(read_yaml, text).startswith("not YAML")


# -- either -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\r\n", "\u00a0"])
def test_blank_text_is_no_case(text: str) -> None:
    assert refusal(read_text, text) == "empty: expected a case in JSON or YAML"


@pytest.mark.parametrize("text", ["# only a comment", "---", "hello", "7", "[]", "null"])
def test_text_without_a_case_is_refused_when_it_is_read_as_one(text: str) -> None:
    with pytest.raises(CaseError, match="expected an object with as_of, shop"):
        read_case(read_text(text))


@pytest.mark.parametrize("text", ["{as_of: 2026-01-01}", "[a]", '  {"a": NaN}'])
def test_what_opens_like_json_is_held_to_it(text: str) -> None:
    assert "JSON" in refusal(read_text, text)


@pytest.mark.parametrize("text", ["as_of: {", "<order/>: [", "a: b: c", "%!", "@"])
def test_what_is_neither_json_nor_yaml_is_refused(text: str) -> None:
    assert refusal(read_text, text).startswith("not YAML: ")


def test_json_and_yaml_tell_the_same_case() -> None:
    told = {
        "as_of": "2026-02-17T23:59:59+08:00",
        "shop": {"programmes": ["after_sales"], "timezone": "Europe/Oslo", "country": "NO", "parameters": {}},
        "order": {"paid_at": "2026-02-01T09:00:00+08:00", "on_platform": True},
        "line": {"factory_shipped_on": "2026-01-01", "one_year_service": None},
        "claim": {"proof": {"date": "2026-02-01", "valid": True}, "photos": 2},
    }
    as_yaml = """
    as_of: 2026-02-17T23:59:59+08:00
    shop:
      programmes: [after_sales]
      timezone: Europe/Oslo
      country: NO
      parameters: {}
    order: {paid_at: 2026-02-01T09:00:00+08:00, on_platform: true}
    line: {factory_shipped_on: 2026-01-01, one_year_service: }
    claim:
      proof: {date: 2026-02-01, valid: true}
      photos: 2
    """
    assert read_text(as_yaml) == read_text(json.dumps(told)) == read_text(json.dumps(told, indent=1)) == told
    assert read_case(read_text(as_yaml)) == read_case(told)
