"""What the set-up decides: which Python, what is done already, and what it says when something is in the way."""

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from setup import environments, learning, main, pythons, system
from setup.fingerprint import Stamp, fingerprint
from setup.layout import Layout
from setup.problem import SetupProblemError
from setup.running import run
from setup.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[2]


def program(folder: Path, name: str, shell: str) -> Path:
    """An executable made of a line of shell."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{shell}\n")
    file.chmod(0o755)
    return file


def python(folder: Path, name: str, version: str) -> Path:
    """A program that answers as a Python of this version would."""
    return program(folder, name, f'echo "{version}"; echo "{folder / name}"')


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A checkout in a folder with a blank in its name, with what the steps read."""
    root = tmp_path / "a check out"
    for name in ("uv", "app", "rasa", "encoder"):
        (root / "requirements").mkdir(parents=True, exist_ok=True)
        (root / "requirements" / f"{name}.lock").write_text(f"{name}==1\n")
    for name in ("pyproject.toml", "config.yml", "domain.yml", "bot/data/nlu.yml", "var/vocabulary.yml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    for name in ("export_encoder.py", "encoder_graph.py"):
        (root / "bot" / "nlu").mkdir(parents=True, exist_ok=True)
        (root / "bot" / "nlu" / name).write_text(name)
    return Layout(root)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH, and no other Python to fall back to."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", "")
    return folder


class Commands:
    """Stands for `run`: notes the commands, makes what the ones that make an environment would."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def __call__(self, layout: Layout, what: str, command: list[object], env: object = None) -> None:
        self.given.append(what)
        if what in ("product environment", "understanding environment"):
            python(Path(str(command[-1])) / "bin", "python", "3.11.7")


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    noted = Commands()
    monkeypatch.setattr(environments, "run", noted)
    return noted


# --- which Python


def test_the_first_python_on_the_path_that_fits_is_chosen(path: Path) -> None:
    python(path, "python3.12", "3.12.1")
    python(path, "python3.11", "3.11.2")
    assert str(pythons.for_the_app()) == "Python 3.11.2 (python3.11 on the PATH)"


def test_a_shim_that_refuses_gives_way_to_the_version_pyenv_has(path: Path, tmp_path: Path) -> None:
    program(path, "python3.10", "echo 'pyenv: python3.10: command not found' >&2; exit 127")
    prefix = tmp_path / "versions" / "3.10.13"
    python(prefix / "bin", "python", "3.10.13")
    program(
        path, "pyenv", f'case "$1" in versions) printf "3.9.1\\n3.10.2\\n3.10.13\\n";; prefix) echo "{prefix}";; esac'
    )
    assert str(pythons.for_rasa(path / "uv")) == "Python 3.10.13 (pyenv 3.10.13)"


def test_uv_brings_a_python_where_there_is_none(path: Path, tmp_path: Path) -> None:
    brought = tmp_path / "brought"
    python(brought, "python", "3.10.5")
    marker = tmp_path / "installed"
    uv = program(
        path,
        "uv",
        f'case "$2" in install) : > "{marker}";; find) [ -e "{marker}" ] && echo "{brought / "python"}";; esac',
    )
    assert str(pythons.for_rasa(uv)) == "Python 3.10.5 (uv python install 3.10)"


def test_no_python_for_rasa_is_told_with_what_was_tried(path: Path) -> None:
    python(path, "python3", "3.12.0")
    with pytest.raises(
        SetupProblemError, match=r"Rasa needs Python 3\.10, and none was found \(tried python3\.10, pyenv"
    ):
        pythons.for_rasa(path / "uv")


def test_an_old_python_alone_is_not_enough_for_the_product(path: Path) -> None:
    python(path, "python3", "3.9.18")
    with pytest.raises(SetupProblemError, match=r"Aftercare needs Python 3\.11 or newer, and none was found"):
        pythons.for_the_app()


def test_an_old_python3_is_told_so_without_a_traceback() -> None:
    script = ROOT / "scripts" / "bootstrap.py"
    pretending = (
        "import sys; sys.version_info = (3, 7); sys.argv = ['bootstrap.py', 'env']; "
        f"exec(compile(open({str(script)!r}).read(), 'bootstrap.py', 'exec'), {{'__name__': '__main__'}})"
    )
    told = subprocess.run([sys.executable, "-c", pretending], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr.startswith("Setting up needs python3 3.8 or newer")
    assert "Traceback" not in told.stderr


# --- the environments


def test_an_environment_is_made_once(layout: Layout, path: Path, commands: Commands) -> None:
    python(path, "python3.11", "3.11.7")
    step = environments.AppEnvironment(layout)
    assert not step.is_done()
    assert "Python 3.11.7 (python3.11 on the PATH)" in step.do()
    assert commands.given == ["product environment", "installer", "product packages", "aftercare command"]
    assert environments.AppEnvironment(layout).is_done()


def test_a_changed_lock_updates_the_environment_in_place(layout: Layout, path: Path, commands: Commands) -> None:
    python(path, "python3.11", "3.11.7")
    environments.AppEnvironment(layout).do()
    layout.lock("app").write_text("app==2\n")
    step = environments.AppEnvironment(layout)
    assert not step.is_done()
    commands.given.clear()
    step.do()
    assert "product environment" not in commands.given
    assert step.is_done()


def test_an_environment_left_half_made_is_made_anew(layout: Layout, path: Path, commands: Commands) -> None:
    python(path, "python3.11", "3.11.7")
    leftover = layout.app / "lib" / "half"
    leftover.mkdir(parents=True)
    step = environments.AppEnvironment(layout)
    assert not step.is_done()
    assert step.do().startswith("the one left half-made was removed; ")
    assert not leftover.exists()


def test_an_environment_whose_python_is_gone_is_made_anew(layout: Layout, path: Path, commands: Commands) -> None:
    python(path, "python3.11", "3.11.7")
    environments.AppEnvironment(layout).do()
    layout.app_python.unlink()
    step = environments.AppEnvironment(layout)
    assert not step.is_done()
    step.do()
    assert step.is_done()


def test_a_failed_installation_does_not_count_as_done(
    layout: Layout, path: Path, monkeypatch: pytest.MonkeyPatch, commands: Commands
) -> None:
    python(path, "python3.10", "3.10.13")

    def failing(layout: Layout, what: str, command: list[object], env: object = None) -> None:
        commands(layout, what, command)
        if what == "understanding packages":
            raise SetupProblemError("no network")

    monkeypatch.setattr(environments, "run", failing)
    with pytest.raises(SetupProblemError):
        environments.RasaEnvironment(layout).do()
    assert not environments.RasaEnvironment(layout).is_done()


def test_a_disk_too_full_is_told_before_anything_is_made(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 2 * 10**9))
    with pytest.raises(SetupProblemError, match=r"need about 5 GB, and 2\.0 GB is free under"):
        environments.AppEnvironment(layout).do()
    assert not layout.app.exists()


def test_a_python_without_ensurepip_names_the_package_to_install(
    layout: Layout, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = f'echo 3.11.2; echo "{path / "python3.11"}"'
    program(path, "python3.11", f'case "$2" in *ensurepip*) exit 1;; *) {answers};; esac')
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupProblemError, match=r"sudo apt-get install python3\.11-venv"):
        environments.AppEnvironment(layout).do()


# --- what was done already


def test_a_fingerprint_changes_with_content_and_names_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "one.yml").write_text("1")
    first = fingerprint(tmp_path, [folder])
    (folder / "__pycache__" / "x.pyc").write_text("2")
    assert fingerprint(tmp_path, [folder]) == first
    (folder / "one.yml").write_text("2")
    second = fingerprint(tmp_path, [folder])
    (folder / "one.yml").rename(folder / "two.yml")
    third = fingerprint(tmp_path, [folder])
    assert len({first, second, third, fingerprint(tmp_path, [folder], "3.11")}) == 4


def test_a_finished_step_is_one_line_that_says_so(tmp_path: Path) -> None:
    class Done:
        name = "sentence encoder"

        def is_done(self) -> bool:
            return True

        def do(self) -> str:
            raise AssertionError("done already")

    out = io.StringIO()
    main.perform(Done(), out)
    assert out.getvalue() == "sentence encoder … already done\n"


def rasa(layout: Layout, shell: str) -> None:
    program(layout.rasa / "bin", "rasa", shell)
    layout.model.parent.mkdir(parents=True, exist_ok=True)


TRAINS = 'while [ "$1" != --out ]; do shift; done; echo trained > "$2/aftercare.tar.gz"'


def test_training_is_done_again_when_something_learnt_from_changes(layout: Layout) -> None:
    rasa(layout, TRAINS)
    learning.Training(layout).do()
    assert learning.Training(layout).is_done()
    for changed in (
        *("config.yml", "domain.yml", "bot/data/nlu.yml", "bot/nlu/export_encoder.py"),
        "var/vocabulary.yml",
    ):
        before = (layout.root / changed).read_text()
        (layout.root / changed).write_text("changed")
        assert not learning.Training(layout).is_done(), changed
        (layout.root / changed).write_text(before)
    assert learning.Training(layout).is_done()
    layout.model.unlink()
    assert not learning.Training(layout).is_done()


def test_a_training_that_fails_leaves_the_old_model_and_shows_the_last_lines(layout: Layout) -> None:
    rasa(layout, TRAINS)
    learning.Training(layout).do()
    (layout.root / "config.yml").write_text("broken")
    rasa(layout, "echo 'config.yml: no such component'; exit 1")
    with pytest.raises(
        SetupProblemError, match=r"(?s)training failed\..*no such component.*var/log/setup-training\.log"
    ):
        learning.Training(layout).do()
    assert layout.model.read_text() == "trained\n"
    assert not learning.Training(layout).is_done()


def test_a_training_that_ends_without_a_model_is_no_success(layout: Layout) -> None:
    rasa(layout, "exit 0")
    with pytest.raises(SetupProblemError, match="Training ended without a model"):
        learning.Training(layout).do()


def test_the_demo_gives_its_names_only_where_no_shop_has_given_its_own(layout: Layout) -> None:
    program(layout.app / "bin", "aftercare", 'echo "$1 $2" > "$4"')
    assert Vocabulary(layout).is_done()
    layout.vocabulary.unlink()
    assert not Vocabulary(layout).is_done()
    assert Vocabulary(layout).do() == "of the demo shops"
    assert layout.vocabulary.read_text() == "vocabulary --demo\n"


def test_the_encoder_is_made_again_for_other_weights(layout: Layout) -> None:
    layout.encoder.mkdir(parents=True)
    for name in ("encoder.onnx", "tokenizer.json"):
        (layout.encoder / name).write_text("x")
    step = learning.Encoder(layout)
    assert not step.is_done()
    Stamp(layout.encoder / "made-from").write(step.inputs())
    assert step.is_done()
    for changed in (layout.lock("encoder"), layout.root / "bot/nlu/encoder_graph.py"):
        before = changed.read_text()
        changed.write_text("other")
        assert not step.is_done(), changed
        changed.write_text(before)


# --- what is said of failures


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("error: failed to fetch: dns error: no address", "The package registry could not be reached"),
        ("Temporary failure in name resolution", "The package registry could not be reached"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("SyntaxError: what is this", "Put right what the last lines say"),
    ],
)
def test_a_failed_command_is_explained(layout: Layout, printed: str, told: str) -> None:
    with pytest.raises(SetupProblemError) as problem:
        run(layout, "product packages", ["sh", "-c", f"echo begin; echo '{printed}'; exit 3"])
    assert str(problem.value).startswith(f"product packages failed. {told}")
    assert printed in str(problem.value)
    assert "var/log/setup-product-packages.log" in str(problem.value)


def test_a_command_that_is_not_there_is_named(layout: Layout) -> None:
    with pytest.raises(SetupProblemError, match="/nowhere/uv could not be started"):
        run(layout, "packages", ["/nowhere/uv"])


def test_missing_system_packages_are_named_where_they_cannot_be_installed(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "has_postgresql", lambda: False)
    monkeypatch.setattr(system, "has_chromium", lambda: True)
    monkeypatch.setattr(system, "can_install", lambda: False)
    monkeypatch.delenv("CI", raising=False)
    step = system.SystemPackages(layout)
    assert not step.is_done()
    assert "apt-get install postgresql" in step.do()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SetupProblemError, match="CI runs every test"):
        step.do()


def test_a_goal_that_does_not_exist_is_answered_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["everything"]) == 2
    assert "env|encoder|train|test|chat" in capsys.readouterr().err


# --- one set-up at a time, and stopped ones

BOOTSTRAP = f"""
import sys, time
from pathlib import Path
from typing import Any
sys.path.insert(0, {str(ROOT / "scripts")!r})
from setup import main
from setup.layout import Layout
from setup.running import run

class Slow:
    name = "slow step"
    def __init__(self, layout):
        self.layout = layout
    def is_done(self):
        return False
    def do(self):
        go = self.layout.root / "go"
        run(self.layout, "slow", ["sh", "-c", 'echo $$ > started; while [ ! -e go ]; do sleep 0.05; done'])
        return ""

main.GOALS["slow"] = (Slow,)
sys.exit(main.main(["slow"], Layout(Path(sys.argv[1]))))
"""


def bootstrap(root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BOOTSTRAP, str(root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def started(root: Path) -> int:
    until = time.monotonic() + 30
    while not ((root / "started").exists() and (root / "started").read_text().strip()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return int((root / "started").read_text())


def test_a_second_set_up_waits_for_the_first(tmp_path: Path) -> None:
    first = bootstrap(tmp_path)
    started(tmp_path)
    second = bootstrap(tmp_path)
    assert second.stdout is not None
    assert second.stdout.readline() == f"Another set-up is running here (process {first.pid}); waiting for it.\n"
    (tmp_path / "go").touch()
    assert first.communicate(timeout=30)[0] == "slow step … 0 s\n" or first.returncode == 0
    assert second.communicate(timeout=30)[0].startswith("slow step … ")
    assert (first.returncode, second.returncode) == (0, 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_set_up_says_how_to_go_on_and_leaves_nothing_running(tmp_path: Path, number: signal.Signals) -> None:
    process = bootstrap(tmp_path)
    child = started(tmp_path)
    process.send_signal(number)
    told = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "run the same command again to go on" in told
    assert "Traceback" not in told
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_command_interrupted_while_it_starts_is_stopped_all_the_same(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, children = subprocess.Popen, []

    def interrupted(*told: Any, **more: Any) -> subprocess.Popen[bytes]:
        children.append(start(*told, **more))
        os.kill(os.getpid(), signal.SIGINT)
        return children[0]

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(layout, "slow", ["sleep", "60"])
    assert children[0].returncode == -signal.SIGTERM
