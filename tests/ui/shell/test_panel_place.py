"""The models panel stands at the side of a large window, and below the pages of a small one."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtWidgets import QSplitter, QWidget
from pytestqt.qtbot import QtBot

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Themes
from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.models.shapes import Shape
from tokviz.ui.models.view import ModelsView
from tokviz.ui.shell.panel_place import PanelPlace


class Placed:
    """A splitter as in the window, of any size."""

    def __init__(self, path: Path, qtbot: QtBot, size: QSize) -> None:
        self.settings = Settings(QSettings(str(path), QSettings.Format.IniFormat))
        self.splitter = QSplitter()
        self.splitter.setHandleWidth(1)
        qtbot.addWidget(self.splitter)
        self.splitter.addWidget(QWidget())
        self.splitter.resize(size)
        self.splitter.show()
        self.panel = ModelsPanel(Catalog(Assets()).models, self.settings, Themes(Assets()).load("light"))
        self.place = PanelPlace(self.splitter, self.panel, self.settings)
        self.place.begin(size)

    def resize(self, width: int, height: int) -> None:
        self.splitter.resize(width, height)
        self.place.fit(QSize(width, height))

    @property
    def shape(self) -> Shape:
        view = self.panel.findChild(ModelsView)
        assert isinstance(view, ModelsView)
        return view.shape_shown


@pytest.mark.parametrize(
    ("width", "height", "orientation", "shape", "size"),
    [
        (1280, 800, Qt.Orientation.Horizontal, Shape.TWO_LINES, 569),
        (1100, 800, Qt.Orientation.Horizontal, Shape.THREE_LINES, 360),
        (900, 800, Qt.Orientation.Vertical, Shape.DENSE, 240),
        (1280, 600, Qt.Orientation.Vertical, Shape.DENSE, 240),
    ],
)
def test_it_stands_where_there_is_room(
    width: int,
    height: int,
    orientation: Qt.Orientation,
    shape: Shape,
    size: int,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    placed = Placed(tmp_path / "s.ini", qtbot, QSize(width, height))
    assert placed.splitter.orientation() == orientation
    qtbot.waitUntil(lambda: placed.shape is shape)
    assert abs(placed.splitter.sizes()[1] - size) <= 1
    again = Placed(tmp_path / "t.ini", qtbot, QSize(1280, 800) if width != 1280 else QSize(900, 600))
    again.resize(width, height)
    qtbot.waitUntil(lambda: again.shape is shape)


def test_the_drawer_closes_to_its_head_and_that_is_remembered(tmp_path: Path, qtbot: QtBot) -> None:
    placed = Placed(tmp_path / "s.ini", qtbot, QSize(900, 600))
    placed.panel.collapse_toggled.emit()
    qtbot.waitUntil(lambda: placed.splitter.sizes()[1] <= 44)
    assert Placed(tmp_path / "s.ini", qtbot, QSize(900, 600)).panel.collapsed
    placed.panel.collapse_toggled.emit()
    qtbot.waitUntil(lambda: placed.splitter.sizes()[1] >= 200)


def test_a_card_covers_the_drawer_and_the_pages_lower_half(tmp_path: Path, qtbot: QtBot) -> None:
    placed = Placed(tmp_path / "s.ini", qtbot, QSize(900, 600))
    before = placed.splitter.sizes()
    view = placed.panel.findChild(ModelsView)
    assert isinstance(view, ModelsView)
    view.select(placed.panel.shown_ids[0])
    placed.panel.open_card()
    assert placed.splitter.sizes()[1] >= 300
    assert not view.isVisible()
    placed.panel.close_card()
    assert placed.splitter.sizes() == before
    assert view.isVisible()
    placed.panel.open_card()
    placed.resize(1280, 800)
    qtbot.waitUntil(view.isVisible)
    assert placed.panel.card_open


def test_the_sizes_that_the_user_gave_are_kept(tmp_path: Path, qtbot: QtBot) -> None:
    placed = Placed(tmp_path / "s.ini", qtbot, QSize(1280, 800))
    placed.splitter.moveSplitter(800, 1)
    assert abs(Placed(tmp_path / "s.ini", qtbot, QSize(1280, 800)).splitter.sizes()[1] - 479) <= 1


@pytest.mark.parametrize(
    ("width", "wanted", "panel"),
    [(1280, 0, 569), (1280, 844, 436), (1280, 994, 286), (1600, 844, 569), (1100, 994, 286), (1100, 0, 360)],
)
def test_a_page_has_the_width_that_it_asks_for_and_the_panel_the_rest(
    width: int, wanted: int, panel: int, tmp_path: Path, qtbot: QtBot
) -> None:
    placed = Placed(tmp_path / "s.ini", qtbot, QSize(width, 800))
    placed.place.show_beside(wanted)
    assert abs(placed.splitter.sizes()[1] - panel) <= 1
    placed.place.show_beside(0)
    assert abs(placed.splitter.sizes()[1] - (569 if width >= 1200 else 360)) <= 1
    placed.place.show_beside(wanted)
    placed.resize(1400, 800)
    assert abs(placed.splitter.sizes()[1] - max(286, min(569, 1400 - wanted))) <= 1


def test_an_edge_that_the_user_moved_stays_on_every_page_and_at_every_width(
    tmp_path: Path, qtbot: QtBot
) -> None:
    placed = Placed(tmp_path / "s.ini", qtbot, QSize(1280, 800))
    placed.splitter.moveSplitter(800, 1)
    given = placed.splitter.sizes()[1]
    for wanted, width in ((844, 1280), (994, 1100), (0, 1600)):
        placed.resize(width, 800)
        placed.place.show_beside(wanted)
        assert abs(placed.splitter.sizes()[1] - given) <= 1


def test_a_page_that_asks_for_width_leaves_the_drawer_alone(tmp_path: Path, qtbot: QtBot) -> None:
    placed = Placed(tmp_path / "s.ini", qtbot, QSize(900, 600))
    placed.place.show_beside(994)
    assert abs(placed.splitter.sizes()[1] - 240) <= 1
