"""Settings that hold anything at all: each value is what it may be, or counts as absent."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.hostile.conftest import EFFORT
from tokviz.ui.common.chosen_encodings import ChosenEncodings
from tokviz.ui.common.settings import MOST_RESERVE, RECENT, ZOOM_STEPS, Settings
from tokviz.ui.shell.main_window import MainWindow

KEYS = (
    "theme",
    "geometry",
    "state",
    "models/reserve",
    "recent",
    "folder",
    "encodings/names",
    "text/zoom",
    "x",
)
VALUES = st.one_of(
    st.text(max_size=9),
    st.integers(-(2**31), 2**31 - 1),
    st.booleans(),
    st.floats(),
    st.binary(max_size=40),
    st.lists(st.text(max_size=5), max_size=3),
    st.sampled_from(["99999999999999999999", "bytes:ff", "bytes:zz", "@Invalid()", "@ByteArray(", "-1", "٣"]),
)
ANY = settings(
    max_examples=60 * EFFORT, deadline=None, suppress_health_check=[*HealthCheck], derandomize=EFFORT == 1
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=9), st.binary(max_size=200))
@ANY
def test_any_values_and_any_file(qtbot: QtBot, values: dict[str, object], data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.ini"
        path.write_bytes(data)
        store = QSettings(str(path), QSettings.Format.IniFormat)
        for key, value in values.items():
            store.setValue(key, value)
        kept = Settings(store)
        assert kept.reserve is None or 0 <= kept.reserve <= MOST_RESERVE
        assert ZOOM_STEPS[0] <= kept.number("text/zoom", 0, *ZOOM_STEPS) <= ZOOM_STEPS[1]
        for key in KEYS:
            assert isinstance(kept.text(key), str) and isinstance(kept.flag(key), bool)
            assert all(isinstance(name, str) for name in kept.names(key))
            assert all(isinstance(one, Path) for one in kept.paths(key))
            assert all(0 <= number <= 5 for number in kept.numbers(key, 0, 5))
        ChosenEncodings(kept).for_file(Path("/some/file"))
        kept.add_recent(Path("/a/file"))
        assert kept.paths("recent")[:1] == [Path("/a/file")] or "files/keep_recent" in values
        assert len(kept.paths("recent")) <= RECENT


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=9))
@settings(ANY, max_examples=15 * EFFORT)
def test_the_window_is_built_whatever_is_kept(qtbot: QtBot, values: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        for key, value in values.items():
            store.setValue(key, value)
        window = MainWindow(Settings(store))
        assert window.minimumWidth() <= window.width() < 100_000
        window.deleteLater()
