"""The window starts whatever has happened to a theme, and says which one it shows instead."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tokviz.assets import Assets, DataFileError
from tokviz.ui.common.appearance import Appearance
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import THEMES, Themes


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    shutil.copytree(Assets().path("themes"), tmp_path / "resources" / "themes")
    return Assets(tmp_path / "resources")


@pytest.fixture(autouse=True)
def _plain_again(qapp: QApplication) -> Iterator[None]:
    """Other tests get the application as it was."""
    style, palette, sheet = qapp.style().objectName(), qapp.palette(), qapp.styleSheet()
    yield
    for made in qapp.findChildren(Appearance):
        made.setParent(None)
        made.deleteLater()
    qapp.setStyleSheet(sheet)
    qapp.setStyle(style)
    qapp.setPalette(palette)


def _start(qapp: QApplication, assets: Assets, tmp_path: Path, theme: str) -> Appearance:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    settings.set("theme", theme)
    return Appearance(qapp, Themes(assets), settings)


DAMAGE: list[Callable[[Path], object]] = [
    lambda file: file.unlink(),
    lambda file: file.write_bytes(b"\xff\x00"),
    lambda file: file.write_text("dark = true\n", encoding="utf-8"),
]


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("theme", THEMES)
def test_a_damaged_theme_gives_way_to_another(
    qapp: QApplication, assets: Assets, tmp_path: Path, theme: str, damage: Callable[[Path], object]
) -> None:
    damage(assets.path("themes", f"{theme}.toml"))
    appearance = _start(qapp, assets, tmp_path, theme)
    assert appearance.theme.name != theme
    assert f"{theme}.toml" in appearance.failure
    assert f"The theme “{appearance.theme.name}” is used instead." in appearance.failure
    assert appearance.paper().name in THEMES


def test_one_that_is_damaged_later_is_told(qapp: QApplication, assets: Assets, tmp_path: Path) -> None:
    appearance = _start(qapp, assets, tmp_path, "light")
    assert appearance.failure == ""
    told: list[str] = []
    appearance.failed.connect(told.append)
    assets.path("themes", "dark.toml").unlink()
    appearance._settings.set("theme", "dark")
    assert appearance.theme.name == "light"
    assert [sentence for sentence in told if "dark.toml" in sentence]


class StyleChanges(QObject):
    """How often a widget was polished."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.StyleChange
        return False


def test_another_theme_polishes_a_widget_as_often_however_deep_it_lies(
    qapp: QApplication, assets: Assets, tmp_path: Path, qtbot: QtBot
) -> None:
    appearance = _start(qapp, assets, tmp_path, "light")
    outer = inner = QFrame()
    qtbot.addWidget(outer)
    for _ in range(12):
        layout, inner = QVBoxLayout(inner), QFrame()
        layout.addWidget(inner)
    outer.show()
    seen = StyleChanges(outer), StyleChanges(inner)
    appearance._settings.set("theme", "dark")
    assert 0 < seen[0].count == seen[1].count
    assert appearance.theme.window.name() in qapp.styleSheet()


def test_without_any_theme_it_is_said_which_one_is_missing(
    qapp: QApplication, assets: Assets, tmp_path: Path
) -> None:
    shutil.rmtree(assets.path("themes"))
    with pytest.raises(DataFileError, match=r"light\.toml"):
        _start(qapp, assets, tmp_path, "light")


@pytest.mark.parametrize(("asked", "name"), [(True, "contrast_light"), (False, "light")])
def test_a_desktop_with_high_contrast_is_followed(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: bool, name: str
) -> None:
    monkeypatch.setattr("tokviz.ui.common.appearance._wants_contrast", lambda: asked)
    assert _start(qapp, Assets(), tmp_path, "system").theme.name == name
    assert _start(qapp, Assets(), tmp_path, "dark").theme.name == "dark"


def test_a_change_of_the_desktops_contrast_is_heard(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = qapp.styleHints()
    if not hasattr(hints, "accessibility"):
        pytest.skip("this Qt does not tell")
    appearance = _start(qapp, Assets(), tmp_path, "system")
    monkeypatch.setattr("tokviz.ui.common.appearance._wants_contrast", lambda: True)
    hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    assert appearance.theme.name == "contrast_light"
