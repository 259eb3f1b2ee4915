"""What the shops' vocabulary adds to what is found, sentence by sentence (vocabulary_spans.yml), and at what cost."""

import random
import time
from pathlib import Path

import pytest
import yaml

from bot.nlu.ordinary import ordinary_words
from bot.nlu.phrases import PatternError
from bot.nlu.span_finder import SpanFinder, load_patterns
from bot.nlu.vocabulary import ShopWords, Vocabulary, read_vocabulary

ROOT = Path(__file__).resolve().parents[2]
TOLD = yaml.load(Path(__file__).with_name("vocabulary_spans.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
SENTENCES = [(shop, text, found) for shop, cases in TOLD["sentences"].items() for text, found in cases.items()]


def training_examples() -> list[str]:
    return [
        line.removeprefix("- ")
        for file in sorted((ROOT / "bot" / "data" / "nlu").glob("*.yml"))
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        for line in block.get("examples", "").splitlines()
    ]


@pytest.fixture(scope="module")
def finder() -> SpanFinder:
    shops = Vocabulary.of(TOLD["vocabulary"])
    return SpanFinder(load_patterns(), Vocabulary(shops.shops, ordinary_words(shops, training_examples())))


@pytest.mark.parametrize(("shop", "text", "expected"), SENTENCES, ids=[f"{s}: {t[:50]}" for s, t, _ in SENTENCES])
def test_a_sentence_names_what_its_shop_sells_and_nothing_else(
    finder: SpanFinder, shop: str, text: str, expected: list[str]
) -> None:
    found = finder.find(text, None if shop == "any" else shop)
    assert sorted(f"{find.label} {find.value}" for find in found) == sorted(expected)


def test_offsets_of_a_product_point_into_the_message(finder: SpanFinder) -> None:
    text = "Hi,   two of my\u00a0  Mugs \t and  the  Heron pen"
    found = {find.label: text[find.start : find.end] for find in finder.find(text, "quill")}
    assert found == {"quantity": "two of my\u00a0  Mugs", "product": "Heron pen"}


@pytest.fixture(scope="module")
def large() -> Vocabulary:
    """15,000 products with names nobody else has, of kinds that hundreds share."""
    draw = random.Random(7)
    kinds = [
        "lamp",
        "kettle",
        "pen",
        "notebook",
        "desk",
        "chair",
        "mug",
        "case",
        "cable",
        "drill",
        "fan",
        "tent",
        "mat",
    ]
    makes = [
        "wireless",
        "electric",
        "ceramic",
        "folding",
        "wooden",
        "leather",
        "steel",
        "compact",
        "outdoor",
        "vintage",
    ]
    syllables = [consonant + vowel for consonant in "bdfghjklmnprstvwz" for vowel in "aeiou"]

    def title() -> str:
        name = "".join(draw.choice(syllables) for _ in range(draw.randint(3, 4))).capitalize()
        return f"{draw.choice(makes).capitalize()} {draw.choice(kinds)} {name}, {draw.choice(['black', 'blue', '2 l'])}"

    titles = tuple(dict.fromkeys(title() for _ in range(16_000)))[:15_000]
    shops = Vocabulary({"large": ShopWords(("IW-#####", "#####"), titles)})
    return Vocabulary(shops.shops, ordinary_words(shops, training_examples()))


def test_products_by_the_thousand_cost_little(large: Vocabulary) -> None:
    assert len(large.shops["large"].products) == 15_000
    with_products, without = SpanFinder(load_patterns(), large), SpanFinder(load_patterns())
    named = [title.lower().partition(",")[0] for title in large.shops["large"].products[:100]]
    messages = training_examples()[::40] + [f"my {title} is broken" for title in named]

    def cost(finder: SpanFinder) -> float:
        began = time.process_time()
        for message in messages:
            finder.find(message, "large")
        return (time.process_time() - began) / len(messages)

    least = {finder: min(cost(finder) for _ in range(3)) for finder in (with_products, without)}
    # 0.3 ms on a free machine; the rest is for one that is not.
    assert least[with_products] - least[without] < 0.002
    assert sum(any(find.label == "product" for find in with_products.find(title, "large")) for title in named) > 90
    assert not any(
        find.label == "product" for message in training_examples()[::9] for find in with_products.find(message, "large")
    )


@pytest.mark.parametrize(
    "pasted", ["mug " * 5000, "wireless lamp " * 2000, "2 of " * 4000, "1048" * 5000, "IW-" * 7000]
)
def test_whatever_is_pasted_is_read_within_a_second(large: Vocabulary, pasted: str) -> None:
    finder = SpanFinder(load_patterns(), large)
    began = time.process_time()
    finder.find(pasted, "large")
    assert time.process_time() - began < 1


def test_no_file_is_an_empty_vocabulary(tmp_path: Path) -> None:
    assert read_vocabulary(tmp_path / "vocabulary.yml") == Vocabulary()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("shops: [", "is not YAML"),
        ("- a", "write one mapping `shops:`"),
        ("shops: {quill: []}", "shop quill: write a mapping"),
        ("shops: {quill: {products: pen}}", "shop quill: products: write a list"),
        ("shops: {quill: {products: [[pen]]}}", "shop quill: products: write a list of texts"),
    ],
)
def test_a_file_that_is_no_vocabulary_is_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "vocabulary.yml"
    file.write_text(text)
    with pytest.raises(PatternError) as refusal:
        read_vocabulary(file)
    assert str(refusal.value).startswith(str(file))
    assert words in str(refusal.value)


def test_what_a_model_keeps_is_read_again_as_it_was() -> None:
    vocabulary = Vocabulary({"quill": ShopWords(("#####",), ("Pen Wren", "1984"))}, frozenset({"pen"}))
    assert Vocabulary.of(vocabulary.as_dict()) == vocabulary
