"""A small codebase on the disk, its tree without a process, and the page with the real worker."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.analysis.codebase.density import DENSITY
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import CountPlan, make_decoder
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LanguageModel
from tokviz.documents.tree.known_packs import KnownPacks
from tokviz.tokens import Provenance
from tokviz.ui.codebase.options import WATCH
from tokviz.ui.codebase.pack_dialog import PackDialog
from tokviz.ui.codebase.page import CodebasePage
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme, Themes
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_packing import Packed

NAMES = ("cl100k_base", "estimate")
"""A tokenizer that loads fast and an estimator."""
FILES = {
    "README.md": "# A project\n\nIt does things.\n",
    "poetry.lock": "package = 1\n" * 400,
    "docs/guide.md": "Some *words* of advice.\n" * 10,
    "src/app.py": "def main():\n    print('hello')\n" * 30,
    "src/deep/data.json": '{"key": [1, 2, 3]}\n' * 20,
    "tests/test_app.py": "def test_main():\n    assert True\n" * 8,
}


@pytest.fixture(scope="session")
def theme() -> Theme:
    return Themes(Assets()).load("light")


@pytest.fixture(scope="session")
def models() -> list[LanguageModel]:
    exact = [model for model in Catalog(Assets()).models if model.tokenizer == NAMES[0]]
    unpublished = structs.replace(
        exact[0], id="unpublished", tokenizer="estimate", provenance=Provenance.ESTIMATE
    )
    return [*exact, unpublished]


@pytest.fixture
def settings(tmp_path: Path, qtbot: QtBot) -> Settings:
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    settings.set(WATCH, False)  # tests change files, and say themselves when to look again
    return settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files above, one that is ignored, one that is binary, and one that is hidden."""
    root = tmp_path / "project"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / ".gitignore").write_text("*.log\n", encoding="utf-8")
    (root / "noise.log").write_text("noise\n", encoding="utf-8")
    (root / "src" / "logo.bin").write_bytes(bytes(range(256)))
    return root


@pytest.fixture(scope="package")
def shared_worker(qapp: QApplication) -> Iterator[Worker]:
    """One process for the tests of this folder: loading the estimator's tokenizers takes it five seconds."""
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture
def worker(shared_worker: Worker, qtbot: QtBot) -> Worker:
    return shared_worker


def add(page: CodebasePage, worker: Worker, qtbot: QtBot) -> None:
    """Have the page closed at the end of the test, when the worker is idle and nothing more can come in."""

    def wait_until_idle(_: QWidget) -> None:
        page.stop()
        plan = page.workspace.plan
        qtbot.waitUntil(lambda: not worker.busy and not plan.busy, timeout=60_000)

    qtbot.addWidget(page, before_close_func=wait_until_idle)


@pytest.fixture
def packs(tmp_path: Path) -> KnownPacks:
    """Where packed texts are remembered."""
    return KnownPacks(tmp_path / "data" / "packs.txt")


@pytest.fixture
def page(
    worker: Worker,
    models: list[LanguageModel],
    settings: Settings,
    theme: Theme,
    packs: KnownPacks,
    qtbot: QtBot,
) -> CodebasePage:
    exact = next(model for model in models if model.tokenizer == "cl100k_base")
    settings.set("codebase/model", exact.id)
    page = CodebasePage(worker, NAMES, models, settings, theme, packs)
    add(page, worker, qtbot)
    page.resize(700, 700)
    page.show()
    return page


@pytest.fixture
def open_page(page: CodebasePage, folder: Path, qtbot: QtBot) -> CodebasePage:
    """The page with the folder counted."""
    page.open_paths([folder])
    finish(page, qtbot)
    return page


def finish(page: CodebasePage, qtbot: QtBot) -> None:
    """Wait until the scan is over."""
    qtbot.waitUntil(lambda: not page.codebase.scan.under_way, timeout=60_000)


def pack(page: CodebasePage, qtbot: QtBot) -> PackDialog:
    """Open “Pack for a model”, and wait for the text."""
    dialog = page.pack()
    assert dialog is not None
    packed(dialog, qtbot)
    return dialog


@pytest.fixture
def dialog(open_page: CodebasePage, qtbot: QtBot) -> Iterator[PackDialog]:
    """The same, closed at the end if it is still there."""
    dialog = pack(open_page, qtbot)
    yield dialog
    if isValid(dialog):
        dialog.reject()


def packed(dialog: PackDialog, qtbot: QtBot) -> Packed:
    """Wait for the text."""
    qtbot.waitUntil(lambda: dialog.packed is not None, timeout=60_000)
    assert dialog.packed is not None
    return dialog.packed


def press(widget: QWidget, place: QPoint) -> None:
    """Click with the left button."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def press_twice(widget: QWidget, place: QPoint) -> None:
    """Double-click with the left button."""
    QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


MakeMetrics = Callable[[TokenTree], TreeMetrics]


def make_tree(paths: list[str], tokens: list[int] | None = None, root: str = "project") -> TokenTree:
    """A tree of which each file has four bytes a token; waiting, if there are no ``tokens``."""
    columns = CountPlan(("cl100k_base",)).columns
    sizes = [4 * count for count in tokens] if tokens else [400] * len(paths)
    tree = TokenTree.begin(TreeShape([(root, paths)]), sizes, columns, DENSITY)
    return tree if tokens is None else tree.with_counts([make_batch(tokens)])


def make_batch(tokens: list[int], first: int = 0) -> CountedBatch:
    """Metrics as a scan brings them: bytes, characters, lines, tokens."""
    counts = np.array(tokens, np.int64)
    metrics = np.stack([4 * counts, 4 * counts, counts // 10, counts], axis=1)
    numbers = np.arange(first, first + len(counts))
    return CountedBatch(
        numbers,
        metrics,
        ["UTF-8"] * len(counts),
        np.zeros(len(counts), np.int64),
        [],
        np.zeros(len(counts), np.bool_),
    )


@pytest.fixture
def make_metrics(models: list[LanguageModel]) -> MakeMetrics:
    def build(tree: TokenTree) -> TreeMetrics:
        decoder = make_decoder("cl100k_base")
        model = next(model for model in models if model.tokenizer == "cl100k_base")
        return TreeMetrics(tree, decoder, model, decoder, 0)

    return build


def node(tree: TokenTree, path: str) -> int:
    """The node at a path of the only root."""
    found = tree.shape.find(path)
    assert found is not None
    return found
