"""Qt speaks the language of the program, too."""

import os
import shutil
import subprocess
import sys

import pytest

from tokviz import language
from tokviz.ui.common.speech import prefer_fonts

_SCRIPT = (
    "from PySide6.QtWidgets import QApplication, QDialogButtonBox, QSpinBox\n"
    "from tokviz import language\n"
    "from tokviz.ui.common.speech import set_up_language\n"
    "formats = language.Formats(right_to_left={rtl})\n"
    "language._speaker.catalogue = language.Catalogue({code!r}, formats=formats)\n"
    "qt = QApplication([])\n"
    "set_up_language(qt)\n"
    "box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)\n"
    "close = box.buttons()[0].text().replace('&', '')\n"
    "number = QSpinBox()\n"
    "number.setRange(0, 9999)\n"
    "number.setValue(1234)\n"
    "number.setGroupSeparatorShown(True)\n"
    "print(close, number.text(), qt.layoutDirection().name)\n"
)


@pytest.mark.parametrize(
    ("code", "rtl", "said"),
    [
        ("en", False, "Close 1,234 LeftToRight"),
        ("de", False, "Schließen 1.234 LeftToRight"),
        ("ja", False, "閉じる 1,234 LeftToRight"),
        ("zh_CN", False, "关闭 1,234 LeftToRight"),
        ("pseudo-rtl", True, "Close 1,234 RightToLeft"),
    ],
)
def test_buttons_numbers_and_direction_are_those_of_the_language(code: str, rtl: bool, said: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "LANG": "fr_FR.UTF-8"}
    command = [sys.executable, "-c", _SCRIPT.format(code=code, rtl=rtl)]
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    assert done.stdout.strip() == said


@pytest.mark.parametrize(
    ("code", "asked"),
    [("en", {}), ("pseudo", {}), ("ja", {"FC_LANG": "ja"}), ("zh_CN", {"FC_LANG": "zh-cn"})],
)
def test_fonts_are_looked_for_by_the_language(
    code: str, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language._speaker, "catalogue", language.Catalogue(code))
    environment: dict[str, str] = {}
    prefer_fonts(environment)
    assert environment == asked
    chosen = {"FC_LANG": "ko"}
    prefer_fonts(chosen)
    assert chosen == {"FC_LANG": "ko"}


_FAMILY = (
    "import os\n"
    "from PySide6.QtGui import QTextLayout\n"
    "from PySide6.QtWidgets import QApplication\n"
    "from tokviz import language\n"
    "from tokviz.ui.common.speech import prefer_fonts\n"
    "language._speaker.catalogue = language.Catalogue({code!r})\n"
    "prefer_fonts(os.environ)\n"
    "qt = QApplication([])\n"
    "layout = QTextLayout('直', qt.font())\n"
    "layout.beginLayout()\n"
    "layout.createLine()\n"
    "layout.endLayout()\n"
    "print(layout.glyphRuns()[0].rawFont().familyName())\n"
)


def _best_font(code: str) -> str:
    asked = ["fc-match", "--format=%{family[0]}", f"sans-serif:lang={code}"]
    return subprocess.run(asked, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.skipif(not shutil.which("fc-match"), reason="fontconfig is not there")
def test_a_character_has_the_shape_of_the_language() -> None:
    if _best_font("ja") == _best_font("zh-cn"):
        pytest.skip("no fonts that tell Chinese from Japanese")
    environment = {name: value for name, value in os.environ.items() if name != "FC_LANG"}
    families = [
        subprocess.run(
            [sys.executable, "-c", _FAMILY.format(code=code)],
            env=environment | {"LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
        for code in ("ja", "zh_CN")
    ]
    assert families[0] != families[1]
