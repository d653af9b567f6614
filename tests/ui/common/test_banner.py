"""The notice bar: the newest sentence, and what it offers to do."""

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tokviz.ui.common.banner import Banner


def shown(qtbot: QtBot) -> tuple[Banner, QPushButton]:
    bar = Banner()
    qtbot.addWidget(bar)
    button = bar.findChild(QPushButton)
    assert button is not None
    return bar, button


def test_an_offer_is_taken_with_its_button(qtbot: QtBot) -> None:
    bar, button = shown(qtbot)
    taken: list[str] = []
    for _ in range(2):
        bar.show_offer("It does not start.", "&Try Again", lambda: taken.append("again"))
    assert bar.text == "It does not start."
    assert button.isVisible()
    button.click()
    assert taken == ["again"]
    assert not bar.isVisible()


def test_another_problem_offers_nothing(qtbot: QtBot) -> None:
    bar, button = shown(qtbot)
    bar.show_offer("It does not start.", "&Try Again", lambda: None)
    bar.show_problem("The disk is full.")
    assert bar.isVisible()
    assert not button.isVisible()
