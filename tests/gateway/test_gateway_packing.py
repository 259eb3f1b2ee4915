"""The widget's modules as they are served: joined, and without what only we read."""

import re

import pytest

from gateway.embedding import FOLDER
from gateway.packing import PACKED, join, pack
from gateway.short_names import shortened

FILES = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*.js")}


def packed(**sources):
    files = {f"{name}.js": source.encode() for name, source in sources.items()}
    return {name: content.decode() for name, content in pack(files).items()}


def joined(**sources):
    return join({f"{name}.js": source for name, source in sources.items()})


def test_what_a_module_imports_comes_before_it_and_once():
    told = joined(
        panel='import { b } from "./b.js";\nimport { c } from "./c.js";\nexport const a = b + c;\n',
        b='import { c } from "./c.js";\nexport const b = c;\n',
        c="export const c = 1;\n",
    )
    assert told["panel.js"].splitlines() == ["let c=1;", "let b=c;", "export let a=b+c;"]


def test_texts_templates_and_patterns_stay_as_they_are():
    source = 'const a = "x  =  y"; const b = `p { q }  ${a}`; const c = /^(data): (.*)$/m.exec(a);\n'
    told = packed(words=source)["words.js"]
    for kept in ('"x  =  y"', "`p { q }  ${a}`", "/^(data): (.*)$/m"):
        assert kept in told


def test_a_text_that_speaks_of_const_stays_as_it_is():
    assert joined(words='const a = "a const b";\n')["words.js"] == 'let a="a const b";\n'


def test_the_style_sheets_own_properties_get_short_names_and_the_pages_keep_theirs():
    told = packed(
        look="export const STYLE_LOOK = `\n:host { --ink: var(--aftercare-ink, red); color: var(--ink); }\n`;\n"
    )
    assert told["look.js"] == "export let STYLE_LOOK=`:host{--a:var(--aftercare-ink,red);color:var(--a)}`;\n"


def test_comments_stay_behind():
    told = joined(words='// One.\n/** Two,\n * three. */\nconst url = "https://host.example/";\n')["words.js"]
    assert told == 'let url="https://host.example/";\n'


def test_what_is_served_holds_every_module_and_imports_only_what_is_served():
    served = join({name: content.decode() for name, content in FILES.items()})
    for name in PACKED:
        assert not re.search(r"^\s*(//|/\*|import )", served[name], re.MULTILINE), name
    for module in FILES:
        if "/" not in module and module not in PACKED:
            declared = re.findall(
                rb"^export (?:class|const|function|async function) (\w+)", FILES[module], re.MULTILINE
            )
            assert declared
            assert any(all(name.decode() in served[root] for name in declared) for root in PACKED), module


@pytest.mark.parametrize("module", sorted(FILES))
def test_every_module_can_be_packed(module):
    """A template within a template, or a statement without its end, would not survive it."""
    source = FILES[module].decode()
    assert not re.search(r"`[^`]*\$\{[^}`]*`", source), "a template holds another"
    for number, line in enumerate(source.splitlines(), start=1):
        code = line.strip()
        if re.fullmatch(r"(?:const|let|return|throw|await|import)\b.*[\w)\]\"`]", code) and not code.startswith(
            "import {"
        ):
            following = source.splitlines()[number].strip()
            assert following[:1] in set(".?:,}])&|+") or following.startswith("("), f"{module}:{number} has no end"


def keys_of(language):
    source = FILES[f"words/{language}.js"].decode()
    return re.findall(r"(?<![\w“”])(\w+): (?:\"|\{|\(|\[|[a-z])", re.sub(r'"(?:[^"\\]|\\.)*"', '""', source))


@pytest.mark.parametrize("language", ["de", "es", "zh"])
def test_every_language_has_all_the_words(language):
    assert sorted(keys_of(language)) == sorted(keys_of("en"))


@pytest.mark.parametrize(
    ("source", "served"),
    [
        pytest.param("let total=1;use(total,total);", "let e=1;use(e,e);", id="a constant"),
        pytest.param("let add=(one,other)=>one+other;", "let a=(e,t)=>e+t;", id="parameters"),
        pytest.param("each.map((item)=>item.size);", "each.map((e)=>e.size);", id="not a property"),
        pytest.param("let size=1;box.size=size;", "let size=1;box.size=size;", id="called like a property"),
        pytest.param("let size=1;show({size});", "let size=1;show({size});", id="short for a key"),
        pytest.param("let{size}=box;let size2=size;", "let{size}=box;let e=size;", id="taken out of an object"),
        pytest.param("let size=1;show({size:2});", "let size=1;show({size:2});", id="called like a key"),
        pytest.param(
            "let size=1;class A{size(){}get other(){}}", "let size=1;class e{size(){}get other(){}}", id="a method"
        ),
        pytest.param("let size=1;say(`${size} px`);", "let size=1;say(`${size} px`);", id="in a template"),
        pytest.param('let size=1;say("size");', 'let e=1;say("size");', id="in a text"),
        pytest.param("let is=/size/.test(word);", "let e=/size/.test(word);", id="in a pattern"),
        pytest.param("export let size=1;let other=size;", "export let size=1;let e=size;", id="exported"),
        pytest.param("export async function load(url){}", "export async function load(e){}", id="an exported function"),
        pytest.param("let size=big?size:small;", "let e=big?e:small;", id="one of two"),
        pytest.param("let e=1;let size=e;", "let t=1;let a=t;", id="a name that is taken"),
        pytest.param("let all=[...some];let copy={...all};", "let e=[...some];let t={...e};", id="spread"),
        pytest.param("if(document){document.title=1}", "if(document){document.title=1}", id="nothing of its own"),
    ],
)
def test_only_what_is_a_files_own_is_called_otherwise(source, served):
    assert shortened(source) == served
