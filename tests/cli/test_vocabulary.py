"""`aftercare vocabulary`: the same store gives the same file, whole or not at all."""

import json
from pathlib import Path

import yaml

from tests.cli.test_commands import SHOP, aftercare, environment  # noqa: F401 - a fixture


def test_the_stores_words_are_written_and_written_the_same_again(
    environment: dict[str, str],  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "shops.yml").write_text(SHOP.format(parameters="{}") + '    order_numbers: ["IW-#####"]\n')
    line = {"sku": "K", "title": "Kettle Größe 2", "quantity": 1, "unit_price": "39.90", "currency": "EUR"}
    customer = {"email": "ada@example.com", "name": "Ada Fenn"}
    order = {"number": "IW-10001", "shop": "inkwell", "customer": customer, "lines": [line]}
    (tmp_path / "orders.jsonl").write_text(json.dumps(order))
    aftercare(environment, "shops", str(tmp_path / "shops.yml"))
    aftercare(environment, "import", str(tmp_path / "orders.jsonl"))
    out = tmp_path / "new folder" / "vocabulary.yml"
    written = aftercare(environment, "vocabulary", "--out", str(out))
    assert written.returncode == 0, written.stderr
    assert "1 products of 1 shops" in written.stdout
    first = out.read_text(encoding="utf-8")
    assert yaml.safe_load(first) == {
        "shops": {"inkwell": {"order_numbers": ["IW-#####"], "products": ["Kettle Größe 2"]}}
    }
    assert "ada" not in first.lower()
    aftercare(environment, "vocabulary", "--out", str(out))
    assert out.read_text(encoding="utf-8") == first
    assert [file.name for file in out.parent.iterdir()] == ["vocabulary.yml"]


def test_the_demos_words_are_written_without_a_store(environment: dict[str, str], tmp_path: Path) -> None:  # noqa: F811
    out = tmp_path / "vocabulary.yml"
    written = aftercare(environment, "vocabulary", "--demo", "--out", str(out))
    assert written.returncode == 0, written.stderr
    shops = yaml.safe_load(out.read_text(encoding="utf-8"))["shops"]
    assert shops["inkwell"]["order_numbers"] == ["IW-#####"]
    assert "Kettle Creek 1.7 l" in shops["moonbrook"]["products"]
    assert not (tmp_path / "store.db").exists()


def test_a_file_that_cannot_be_written_is_named_in_a_sentence(
    environment: dict[str, str],  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    refused = aftercare(environment, "vocabulary", "--demo", "--out", str(tmp_path / "file" / "vocabulary.yml"))
    assert refused.returncode == 2
    assert "cannot be written" in refused.stderr
    assert "Traceback" not in refused.stderr
