"""The floors of the house hold: who may import whom, no circles, and no Qt where no window is asked for."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import tokviz

PACKAGE = Path(tokviz.__file__).parent
STANDARD = sys.stdlib_module_names
ENGINES = {"gigatoken", "sentencepiece", "tiktoken", "tokenizers"}
NETWORK = {"socket", "ssl", "urllib", "http", "ftplib", "smtplib", "socketserver", "requests", "httpx"}

DOCUMENTS = {"documents", "documents.extraction", "documents.shortening", "documents.tree"}
WORDS = {"language", "lists", "system_errors"}
GROUND = {*WORDS, "tokens", "assets", "names", *DOCUMENTS}
TOKENIZATION = {
    "tokenization",
    "tokenization.splitting",
    "tokenization.sentencepiece",
    "tokenization.user",
    "tokenization.claude",
}
BELOW_ANALYSIS = {*GROUND, *TOKENIZATION, "count_cache", "catalog", "text"}
ANALYSIS = {"analysis", "analysis.tokens", "analysis.codebase", "analysis.comparison", "analysis.forms"}
CONVERSATIONS = {"conversations", "conversations.formats"}
BELOW_UI = {*BELOW_ANALYSIS, *ANALYSIS, *CONVERSATIONS, "analysis.conversation", "worker"}
"""What the worker process runs is all below the ui, and has no Qt."""
EDITOR = {"ui.editor", "ui.editor.layout", "ui.editor.painting", "ui.editor.input"}
BELOW_PAGES = {*BELOW_UI, "ui.common", "ui.tokens", "ui.models", *EDITOR}
ROOMS: dict[str, set[str]] = {
    "language": set(),
    "lists": {"language"},
    "system_errors": {"language"},
    "tokens": GROUND,
    "assets": GROUND,
    "names": {"language"},
    "second_start": {"language", "documents", ""},
    **{room: {*GROUND, ""} for room in DOCUMENTS},
    "text": {"language", "text"},
    **{room: {*WORDS, "tokens", "assets", "names", *TOKENIZATION} for room in TOKENIZATION},
    "catalog": {*WORDS, "tokens", "assets", "names", "catalog"},
    "count_cache": {*WORDS, "documents", "documents.tree", *TOKENIZATION, "count_cache"},
    **{room: {*BELOW_ANALYSIS, *ANALYSIS} for room in ANALYSIS},
    "analysis.conversation": {*BELOW_ANALYSIS, *ANALYSIS, *CONVERSATIONS, "analysis.conversation"},
    **{room: {*BELOW_ANALYSIS, *CONVERSATIONS} for room in CONVERSATIONS},
    "worker": BELOW_UI,
    "ui": {"ui"},
    "ui.common": {*BELOW_UI, "ui.common", ""},
    "ui.tokens": {*BELOW_UI, "ui.common", "ui.tokens"},
    "ui.models": {*BELOW_UI, "ui.common", "ui.models"},
    "ui.editor.layout": {*BELOW_UI, "ui.common", "ui.editor.layout"},
    "ui.editor.painting": {*BELOW_UI, "ui.common", "ui.editor.layout", "ui.editor.painting"},
    "ui.editor.input": {*BELOW_UI, "ui.common", *EDITOR} - {"ui.editor"},
    "ui.editor": {*BELOW_UI, "ui.common", *EDITOR},
    "ui.shell": {*BELOW_UI, "ui.common", "ui.models", "ui.shell", "second_start", ""},
    # The pages: none of them knows another.
    "ui.text.panels": {*BELOW_PAGES, "ui.text.panels"},
    "ui.text": {*BELOW_PAGES, "ui.text.panels", "ui.text"},
    "ui.codebase": {*BELOW_PAGES, "ui.codebase"},
    "ui.compare": {*BELOW_PAGES, "ui.compare"},
    "ui.conversation": {*BELOW_PAGES, "ui.conversation"},
    "cli": {*BELOW_UI, "cli", "app", "second_start", ""},
    "__main__": {"language", "catalog", "cli", "documents"},
    "": set(),
}
"""For each room of the package, the rooms it may import ("" is ``tokviz`` itself, its version)."""
ROOMS["composition"] = {*ROOMS, "composition"} - {"app", "cli", "__main__"}
ROOMS["app"] = {*ROOMS["composition"], "app"}
PACKAGES = {
    "language": set(),
    "lists": set(),
    "system_errors": set(),
    "tokens": {"numpy"},
    "assets": {"msgspec"},
    "second_start": set(),
    "documents": {
        *("numpy", "msgspec", "chardet", "pygit2", "pygments"),
        *("pypdfium2", "python_calamine"),
    },
    "text": {"numpy"},
    "tokenization": {"re2", "numpy", "msgspec", *ENGINES},
    "catalog": {"msgspec"},
    "count_cache": {"numpy", "msgspec", "blake3"},
    "analysis": {"numpy", "msgspec", "regex", "re2", "yaml", "toon_format"},
    "conversations": {"numpy", "msgspec", "jinja2"},
    "worker": {"numpy"},
    "ui": {"numpy", "msgspec", "psutil", "PySide6", "shiboken6"},
    "cli": {"numpy"},
    "app": {"PySide6"},
    "composition": {"PySide6"},
    "__main__": set(),
    "": set(),
}
"""For each top room, the packages it may import besides the standard library."""
FORBIDDEN = dict.fromkeys(
    ("analysis", "conversations", "documents", "tokenization", "count_cache", "catalog", "text"), NETWORK
)
"""Modules of the standard library that a top room has no use for."""
WALKING = {"walk", "scandir", "listdir", "iterdir", "rglob", "glob", "fwalk"}


def module_name(path: Path) -> str:
    parts = ["tokviz", *path.relative_to(PACKAGE).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def room_of(module: str) -> str:
    """The innermost room that ``module`` is in."""
    inner = module.removeprefix("tokviz").removeprefix(".")
    while inner not in ROOMS and "." in inner:
        inner = inner.rpartition(".")[0]
    return inner


def top_of(module: str) -> str:
    return room_of(module).partition(".")[0]


@cache
def imports_of(module: str) -> frozenset[str]:
    """Every module imported anywhere in ``module``, also inside functions and for the type checker alone."""
    found: set[str] = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            assert node.module is not None
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else node.module)
    return frozenset(found)


@pytest.mark.parametrize("module", MODULES)
def test_imports_stay_on_their_floor(module: str) -> None:
    room = room_of(module)
    assert room in ROOMS, f"{module} is in no room of the design"
    for name in imports_of(module):
        top = name.partition(".")[0]
        if top == "tokviz":
            assert room_of(name) in ROOMS[room], f"{module} may not import {name}"
        elif top in STANDARD:
            assert top not in FORBIDDEN.get(top_of(module), set()), f"{module} may not import {name}"
        else:
            assert top in PACKAGES[top_of(module)], f"{module} may not import {name}"


def test_only_the_command_that_opens_the_window_imports_the_application() -> None:
    assert {module for module in MODULES if "tokviz.app" in imports_of(module)} <= {"tokviz.cli.window"}


def test_nothing_imports_in_a_circle() -> None:
    graph = {module: imports_of(module) & MODULES.keys() for module in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("module", [module for module in MODULES if top_of(module) == "ui"])
def test_the_ui_walks_no_files(module: str) -> None:
    called = {
        node.func.attr
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & WALKING


@pytest.mark.parametrize("module", [module for module in MODULES if top_of(module) == "analysis"])
def test_analysis_opens_no_files(module: str) -> None:
    calls = [node.func for node in ast.walk(tree_of(module)) if isinstance(node, ast.Call)]
    assert not any(isinstance(function, ast.Name) and function.id == "open" for function in calls)
    opening = {"open", "read_text", "read_bytes", "write_text", "write_bytes", *WALKING}
    assert not any(
        isinstance(function, ast.Attribute)
        and function.attr in opening
        and isinstance(function.value, ast.Name)
        and function.value.id in ("os", "io", "Path")
        for function in calls
    )


COMMANDS_WITHOUT_QT = [
    ["count", "{file}"],
    ["count", "{file}", "--json", "--model", "claude-opus-5.5"],
    ["tokens", "{file}", "--tokenizer", "o200k_base"],
    ["models"],
    ["tokenizers", "--json"],
    ["--version"],
    ["--help"],
]


@pytest.mark.parametrize("argv", COMMANDS_WITHOUT_QT, ids=" ".join)
def test_the_command_line_loads_no_qt(argv: list[str], tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("AI models are fascinating\n", encoding="utf-8")
    script = (
        "import sys\n"
        "from tokviz.cli import run\n"
        "code = run(sys.argv[1:])\n"
        "qt = ('PySide6', 'shiboken6', 'tokviz.ui', 'tokviz.app')\n"
        "loaded = [name for name in sys.modules if name.startswith(qt)]\n"
        "print('loaded:', loaded, file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    command = [sys.executable, "-c", script, *(part.format(file=file) for part in argv)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "loaded: []"


def test_the_windows_first_frame_waits_for_no_numpy() -> None:
    script = "import sys, tokviz.cli.window, tokviz.app; print('numpy' in sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "False"


_FRAME = """
import sys
from pathlib import Path
from PySide6 import QtWidgets
from PySide6.QtCore import QSettings
from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.ui.common.failures import FailureLog
qt, folder = QtWidgets.QApplication([]), Path(sys.argv[1])
store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
window, painted = Program(qt, Assets(), store, FailureLog(folder)).window, []
window.painted.connect(lambda: painted.append(True))
window.show()
while not painted:
    qt.processEvents()
late = ("tokviz.ui.common.table_header", "tokviz.analysis.tokens.html_page")
print({"QWizard", "QGraphicsView"} & set(vars(QtWidgets)), [name for name in late if name in sys.modules])
"""


def test_the_windows_first_frame_loads_no_more_of_qt_than_it_shows(tmp_path: Path) -> None:
    """PySide loads a class when it is first asked for; all of them where it must find out what something is
    that Qt has made for itself, such as the viewport of an area that scrolls."""
    command = [sys.executable, "-c", _FRAME, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "set() []"
