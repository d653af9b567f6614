"""What a user may do at any moment, chosen by chance: one small step each."""

import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QTabBar, QWidget

from tests.hostile.inputs import INPUTS
from tests.soak.watch import Turns
from tokviz.composition import Application
from tokviz.ui.common.theme import THEMES
from tokviz.ui.tokens.document import Origin

TOKENIZERS = ("o200k_base", "cl100k_base", "r50k_base", "mistral-v3", "claude-v3")
"""Some of each kind; all of them would only fill the worker's memory."""
_NEVER = ("quit", "print", "light", "dark", "desktop", "colour", "standard")
"""Words of menu entries that end the program or open what belongs to the system; themes are chosen apart."""
_RESTYLING = 6.0
"""Seconds that Qt may take to apply another style sheet to a thousand widgets: 1.6 on a quiet machine."""
_KEYS = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Return),
    *(
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Space,
        Qt.Key.Key_Escape,
        Qt.Key.Key_F2,
        Qt.Key.Key_Menu,
    ),
)
_MODIFIERS = (
    *[Qt.KeyboardModifier.NoModifier] * 4,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
_TYPED = "the quick brown größer 你好 🎉 \u0301\u202e\u200d\u2028\x07\0 {}[]()\"'<>"
_COMMANDS = ("undo", "redo", "cut", "copy", "paste", "delete", "select_all", "delete_line", "tab", "outdent")

Act = Callable[[], str]
Kind = TypeVar("Kind", bound=QWidget)


class Actions:
    """One window, and what can be done to it. Each action answers with a word about what it chose."""

    def __init__(
        self, application: Application, turns: Turns, chance: random.Random, paths: list[Path]
    ) -> None:
        self._application = application
        self._turns = turns
        self._window = application.window
        self._chance = chance
        self._paths = paths
        """Files and folders to open."""
        self._weighted: list[tuple[Act, int]] = [
            (self.type_text, 30),
            (self.press_key, 30),
            (self.command, 12),
            (self.click, 20),
            (self.drag, 6),
            (self.turn_wheel, 10),
            (self.paste, 4),
            (self.open_path, 3),
            (self.show_page, 6),
            (self.choose_tokenizer, 3),
            (self.choose_in_box, 4),
            (self.choose_tab, 3),
            (self.fill_field, 5),
            (self.use_menu, 5),
            (self.resize, 2),
            (self.switch_theme, 1),
            (self.scroll, 4),
        ]

    def act(self) -> str:
        """Do one thing; what was done, in words."""
        if (popup := QApplication.activePopupWidget()) is not None:
            return self._in_popup(popup)
        if (dialog := QApplication.activeModalWidget()) is not None and self._chance.random() < 0.2:
            dialog.close()
            return f"close {type(dialog).__name__}"
        acts, weights = zip(*self._weighted, strict=True)
        (chosen,) = self._chance.choices(acts, weights)
        return f"{chosen.__name__} {chosen()}"

    def kill_worker(self) -> str:
        """As the system does where memory is short."""
        if pid := self._application.worker.pid:
            os.kill(pid, signal.SIGTERM)
        return f"kill_worker {bool(pid)}"

    def type_text(self) -> str:
        text = self._chance.choice(_TYPED)
        self._key(self._focused(), Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, text)
        return repr(text)

    def press_key(self) -> str:
        key, held = self._chance.choice(_KEYS), self._chance.choice(_MODIFIERS)
        self._key(self._focused(), key, held)
        return f"{key.name} {held.name}"

    def command(self) -> str:
        name = self._chance.choice(_COMMANDS)
        self._application.text.view.commands.run(name)
        return name

    def click(self) -> str:
        widget = self._any_widget()
        at = self._place(widget)
        button = self._chance.choice([Qt.MouseButton.LeftButton] * 5 + [Qt.MouseButton.RightButton])
        kinds = [QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease]
        if self._chance.random() < 0.2:
            kinds += [QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease]
        for kind in kinds:
            self._mouse(widget, kind, at, button)
        return f"{type(widget).__name__} {at.toTuple()} {button.name}"

    def drag(self) -> str:
        widget, button = self._any_widget(), Qt.MouseButton.LeftButton
        self._mouse(widget, QEvent.Type.MouseButtonPress, self._place(widget), button)
        for _ in range(3):
            self._mouse(widget, QEvent.Type.MouseMove, self._place(widget), button)
        self._mouse(widget, QEvent.Type.MouseButtonRelease, self._place(widget), button)
        return type(widget).__name__

    def turn_wheel(self) -> str:
        widget = self._any_widget()
        at = QPointF(self._place(widget))
        turned = QPoint(0, self._chance.choice((-1200, -120, 120, 1200)))
        held = self._chance.choice(_MODIFIERS[:6])
        wheel = QWheelEvent(
            at,
            QPointF(widget.mapToGlobal(at.toPoint())),
            QPoint(),
            turned,
            Qt.MouseButton.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QCoreApplication.postEvent(widget, wheel)
        return f"{type(widget).__name__} {turned.y()}"

    def scroll(self) -> str:
        bar = self._application.text.view.verticalScrollBar()
        bar.setValue(self._chance.randint(bar.minimum(), max(bar.minimum(), bar.maximum())))
        return str(bar.value())

    def paste(self) -> str:
        name = self._chance.choice([name for name, one in INPUTS.items() if one.text is not None])
        QGuiApplication.clipboard().setText(INPUTS[name].text or "")
        self._window.pasted.emit()
        return name

    def open_path(self) -> str:
        chosen = self._chance.sample(self._paths, self._chance.choice((1, 1, 1, 2)))
        self._application.opening.open_paths(chosen)
        return " ".join(repr(path.name) for path in chosen)

    def show_page(self) -> str:
        page = self._chance.choice(list(self._window.pages))
        self._window.show_page(page)
        return page.title

    def choose_tokenizer(self) -> str:
        name = self._chance.choice(TOKENIZERS)
        self._application.text.choose_tokenizer(name)
        return name

    def choose_in_box(self) -> str:
        boxes = [box for box in self._shown(QComboBox) if box.count()]
        if not boxes:
            return "none"
        box = self._chance.choice(boxes)
        index = self._chance.randrange(box.count())
        if (name := box.itemData(index)) in self._application.panel.tokenizers() and name not in TOKENIZERS:
            return "no other tokenizer"
        box.setCurrentIndex(index)
        box.activated.emit(index)
        return f"{box.accessibleName()} {index}"

    def choose_tab(self) -> str:
        bars = [bar for bar in self._shown(QTabBar) if bar.count()]
        if not bars:
            return "none"
        bar = self._chance.choice(bars)
        bar.setCurrentIndex(self._chance.randrange(bar.count()))
        return bar.tabText(bar.currentIndex())

    def fill_field(self) -> str:
        fields = self._shown(QLineEdit)
        if not fields:
            return "none"
        field = self._chance.choice(fields)
        text = self._chance.choice(("", "a", "the", "(", "[a-", "(a+)+$", "0", "99999999999", "\\", "é", "*"))
        field.setFocus()
        field.selectAll()
        for letter in text:
            self._key(field, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
        self._key(field, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        return f"{field.accessibleName()} {text!r}"

    def use_menu(self) -> str:
        menus = [action.menu() for action in self._window.menuBar().actions()]
        entries = [entry for menu in menus if isinstance(menu, QMenu) for entry in _entries(menu)]
        entries = [entry for entry in entries if not _is_never(entry)]
        if not entries:
            return "none"
        entry = self._chance.choice(entries)
        name = entry.text()
        QTimer.singleShot(0, entry.trigger)  # an event of its own, whose time is told apart
        return name

    def resize(self) -> str:
        size = self._chance.randint(300, 1600), self._chance.randint(200, 1000)
        self._window.resize(*size)
        return f"{size}"

    def switch_theme(self) -> str:
        name = self._chance.choice(list(THEMES))
        self._turns.excused = _RESTYLING
        self._application.settings.set("theme", name)
        return name

    def empty(self) -> None:
        """Let go of the text and of what is on the clipboard."""
        self._application.text.document.show(b"", Origin())
        QGuiApplication.clipboard().clear()

    def _in_popup(self, popup: QWidget) -> str:
        """Choose with keys, or leave."""
        key = self._chance.choice((Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Escape, Qt.Key.Key_Return))
        active = popup.activeAction() if isinstance(popup, QMenu) else None
        if active is not None and _is_never(active):
            key = Qt.Key.Key_Escape
        self._key(popup, key, Qt.KeyboardModifier.NoModifier)
        return f"in {type(popup).__name__} {key.name}"

    def _focused(self) -> QWidget:
        if self._chance.random() < 0.6 and self._application.text.view.isVisible():
            return self._application.text.view
        return QApplication.focusWidget() or self._window

    def _any_widget(self) -> QWidget:
        top = QApplication.activeModalWidget() or self._window
        shown = [one for one in top.findChildren(QWidget) if one.isVisible() and one.isEnabled()]
        return self._chance.choice(shown or [top])

    def _shown(self, kind: type[Kind]) -> list[Kind]:
        top = QApplication.activeModalWidget() or self._window
        return [one for one in top.findChildren(kind) if one.isVisible() and one.isEnabled()]

    def _place(self, widget: QWidget) -> QPoint:
        return QPoint(
            self._chance.randrange(max(1, widget.width())), self._chance.randrange(max(1, widget.height()))
        )

    @staticmethod
    def _key(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier, text: str = "") -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.postEvent(widget, QKeyEvent(kind, key, held, text))

    @staticmethod
    def _mouse(widget: QWidget, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton) -> None:
        moved = kind == QEvent.Type.MouseMove
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        event = QMouseEvent(
            kind,
            QPointF(at),
            QPointF(widget.mapToGlobal(at)),
            Qt.MouseButton.NoButton if moved else button,
            held,
            Qt.KeyboardModifier.NoModifier,
        )
        QCoreApplication.postEvent(widget, event)


def _is_never(entry: QAction) -> bool:
    return any(word in entry.text().replace("&", "").lower() for word in _NEVER)


def _entries(menu: QMenu) -> Iterator[QAction]:
    """Every entry that could be chosen now, those of menus inside too."""
    menu.aboutToShow.emit()
    for entry in menu.actions():
        inside = entry.menu()
        if isinstance(inside, QMenu):
            yield from _entries(inside)
        elif entry.isEnabled() and not entry.isSeparator():
            yield entry
