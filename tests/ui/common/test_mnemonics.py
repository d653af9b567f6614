"""What menu entries say without the letters that reach them."""

import pytest

from tokviz.ui.common.mnemonics import without_mnemonic


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Save &As…", "Save As…"),
        ("R&&D &now", "R&D now"),
        ("打开(&O)…", "打开…"),
        ("開く (&O)", "開く"),
        ("f(x)", "f(x)"),
        ("", ""),
    ],
)
def test_letters_are_taken_out(text: str, plain: str) -> None:
    assert without_mnemonic(text) == plain
