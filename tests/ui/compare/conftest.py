"""A compare page with its real worker, one for all tests of the folder: loading tokenizers takes seconds."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.documents.samples import Samples
from tokviz.tokenization.registry import Registry
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Themes
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.compare.page import ComparePage, SharedText
from tokviz.ui.tokens.counting import TextCounter
from tokviz.ui.tokens.document import Document, Origin

NAMES = ("o200k_base", "cl100k_base", "estimate")


@pytest.fixture(scope="module")
def one_page(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComparePage]:
    """The page, shown, over an empty text."""
    store = tmp_path_factory.mktemp("compare") / "settings.ini"
    settings = Settings(QSettings(str(store), QSettings.Format.IniFormat))
    settings.set("compare/tokenizers", list(NAMES[:2]))
    assets, worker, document = Assets(), Worker(), Document()
    registry, theme = Registry(assets), Themes(assets).load("light")
    counter = TextCounter(document.buffer, worker, registry, NAMES)
    shared = SharedText(
        document,
        counter,
        lambda data, title: document.show(data, Origin(title=title)),
    )
    page = ComparePage(shared, worker, registry, Catalog(assets).models, Samples(assets), settings, theme)
    page.resize(800, 700)
    page.show()
    counter.start()
    counter.want("test", NAMES)
    yield page
    worker.close()
    page.close()
    page.deleteLater()
    document.deleteLater()


@pytest.fixture
def page(one_page: ComparePage) -> ComparePage:
    """The page with two panes, an empty text and the first tab."""
    one_page.show()
    one_page.panes.show_tokenizers(NAMES[:2])
    one_page.tabs.setCurrentIndex(0)
    one_page.document.show(b"", Origin())
    return one_page


@pytest.fixture
def document(page: ComparePage) -> Document:
    """What the page compares."""
    return page.document
