"""The widget's modules as they are served: joined, and without what only we read."""

import re

import pytest

from gateway.embedding import FOLDER
from gateway.packing import PACKED, pack

FILES = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*.js")}


def packed(**sources):
    files = {f"{name}.js": source.encode() for name, source in sources.items()}
    return {name: content.decode() for name, content in pack(files).items()}


def test_what_a_module_imports_comes_before_it_and_once():
    told = packed(
        panel='import { b } from "./b.js";\nimport { c } from "./c.js";\nexport const a = b + c;\n',
        b='import { c } from "./c.js";\nexport const b = c;\n',
        c="export const c = 1;\n",
    )["panel.js"]
    assert re.findall(r"\b([abc])=", told) == ["c", "b", "a"]
    assert told.count("export") == 1
    assert "import" not in told


def test_texts_templates_and_patterns_stay_as_they_are():
    source = 'const a = "x  =  y";\nexport const b = [`p { q }  ${a}`, /^(data): (.*)$/m];\n'
    told = packed(words=source)["words.js"]
    for kept in ("x  =  y", "p { q }  ", "/^(data): (.*)$/m"):
        assert kept in told


def test_comments_stay_behind_and_the_spaces_of_style_sheets():
    source = "// One.\n/** Two,\n * three. */\nexport const STYLE_ONE = `\nli, a { color: red; }\n`;\n"
    told = packed(look=source)["look.js"]
    assert "li,a{color:red}" in told
    assert not re.search("One|Two|three", told)


def test_what_is_served_holds_every_module_and_imports_only_what_is_served():
    served = {name: content.decode() for name, content in pack(FILES).items()}
    for name in PACKED:
        assert not re.search(r"^\s*(//|/\*|import )", served[name], re.MULTILINE), name
    for module in FILES:
        if "/" not in module and module not in PACKED:
            declared = re.findall(
                rb"^export (?:class|const|function|async function) (\w+)", FILES[module], re.MULTILINE
            )
            assert declared
            assert any(all(name.decode() in served[root] for name in declared) for root in PACKED), module


def keys_of(language):
    source = FILES[f"words/{language}.js"].decode()
    return re.findall(r"(?<![\w“”])(\w+): (?:\"|\{|\(|\[|[a-z])", re.sub(r'"(?:[^"\\]|\\.)*"', '""', source))


@pytest.mark.parametrize("language", ["de", "es", "zh"])
def test_every_language_has_all_the_words(language):
    assert sorted(keys_of(language)) == sorted(keys_of("en"))
