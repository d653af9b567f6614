"""The notice bar: the newest sentence, and what it offers to do."""

from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
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


def test_it_floats_over_the_lower_edge_and_moves_nothing(qtbot: QtBot) -> None:
    bar, page = Banner(), QWidget()
    qtbot.addWidget(page)
    below = QPushButton("Below")
    QVBoxLayout(page).addWidget(below)
    bar.float_over(page)
    page.resize(900, 300)
    page.show()
    before = below.geometry()
    for sentence in ("Saved.", "A long sentence of a problem that needs more than one row. " * 6):
        bar.show_problem(sentence)
        assert bar.isVisible() and below.geometry() == before
        assert bar.width() == 560 and bar.height() >= 40
        assert bar.geometry().center().x() in (449, 450) and page.height() - bar.geometry().bottom() == 13
    assert bar.height() > 60
    page.resize(400, 500)
    assert bar.width() == 376 and page.height() - bar.geometry().bottom() == 13


def test_a_problem_is_told_from_information_without_its_colour(qtbot: QtBot) -> None:
    bar, _ = shown(qtbot)
    bar.show_information("Saved.")
    information = bar._sign.pixmap().toImage()
    bar.show_problem("The disk is full.")
    problem = bar._sign.pixmap().toImage()
    assert bar._sign.isVisible()
    assert information.createAlphaMask() != problem.createAlphaMask()


def test_a_suggestion_goes_when_what_it_says_is_over(qtbot: QtBot) -> None:
    bar, _ = shown(qtbot)
    page = object()
    bar.show_suggestion("a.txt was changed on the disk.", "Reload", lambda: None, page)
    bar.over(page, "b.txt was changed on the disk.")
    assert bar.isVisible()
    bar.over(page, "a.txt was changed on the disk.")
    assert not bar.isVisible()


def test_another_problem_offers_nothing(qtbot: QtBot) -> None:
    bar, button = shown(qtbot)
    bar.show_offer("It does not start.", "&Try Again", lambda: None)
    bar.show_problem("The disk is full.")
    assert bar.isVisible()
    assert not button.isVisible()


def test_a_problem_goes_when_it_is_over_and_hides_no_other(qtbot: QtBot) -> None:
    bar, _ = shown(qtbot)
    text, folder = object(), object()
    bar.show_problem("The file is gone.", text)
    bar.show_problem("The tokenizer is broken.", text)
    bar.show_problem("The folder is gone.", folder)
    assert bar.text == "The folder is gone." and says(bar, "2 more")
    bar.over(folder)
    assert bar.text == "The tokenizer is broken." and says(bar, "1 more")
    bar.over(text, "The file is gone.")
    assert bar.isVisible() and bar.text == "The tokenizer is broken." and not says(bar, "more")
    bar.over(folder)
    assert bar.isVisible()
    bar.over(text)
    assert not bar.isVisible()


def test_the_one_before_comes_when_the_newest_is_closed(qtbot: QtBot) -> None:
    bar, _ = shown(qtbot)
    bar.show_problem("One.")
    bar.show_offer("Two.", "Do It", lambda: None)
    bar.show_information("Saved.")
    bar.show_problem("One.")
    assert bar.text == "One. (2 times)"
    bar.dismiss()
    assert bar.text == "Two."
    bar.dismiss()
    assert not bar.isVisible()
    bar.show_information("Saved.")
    assert bar.isVisible() and bar.text == "Saved."
    bar.over(None, "One.")
    assert bar.isVisible(), "what is not told any more hides nothing"


def test_a_suggestion_stays_behind_a_problem_and_information(qtbot: QtBot) -> None:
    bar, button = shown(qtbot)
    taken: list[str] = []
    bar.show_suggestion("It was changed on the disk.", "Read It", lambda: taken.append("read"), bar)
    bar.show_problem("The disk is full.")
    assert bar.text == "The disk is full." and not button.isVisible()
    bar.dismiss()
    assert bar.text == "It was changed on the disk."
    button.click()
    assert taken == ["read"] and not bar.isVisible()
    bar.show_suggestion("It was changed on the disk.", "Read It", lambda: None, bar)
    bar.over(bar)
    assert not bar.isVisible()


def test_closing_a_message_leaves_the_suggestion_behind_it(qtbot: QtBot) -> None:
    bar, button = shown(qtbot)
    bar.show_suggestion("It was changed on the disk.", "Read It", lambda: None, bar)
    bar.show_information("Saved.")
    assert bar.text == "Saved." and not button.isVisible()
    bar.dismiss()
    assert bar.text == "It was changed on the disk." and button.isVisible()
    bar.dismiss()
    assert not bar.isVisible()


def says(bar: Banner, words: str) -> bool:
    """Whether it says beside its sentence how many wait."""
    return any(words in label.text() and label.isVisible() for label in bar.findChildren(QLabel))
