"""Qt speaks the language of the program, too."""

import os
import subprocess
import sys

import pytest

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
