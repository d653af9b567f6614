"""Everything that can be set, in one window with a search; each choice applies at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tokviz.language import _
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.reading_margins import reading_margins
from tokviz.ui.common.search_field import SearchField
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.widgets import caption, choose, fill, number_field, offer, plain_label

_WIDTH, _HEIGHT = 620, 560
_COLUMN = 250
"""Pixels of the column of fields."""


@dataclass(frozen=True, slots=True)
class Switch:
    """A preference that is on or off."""

    group: str
    title: str
    tip: str
    key: str
    default: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A button below a choice, for what does not follow by itself."""

    text: Callable[[str], str]
    """What it says with this value; empty: there is nothing to do."""
    run: Callable[[], object]
    """Called once the window of preferences is closed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A preference with one of several values."""

    group: str
    title: str
    tip: str
    key: str
    default: str
    options: Mapping[str, str]
    """By value, what each is called."""
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A preference that is a number."""

    group: str
    title: str
    tip: str
    key: str
    default: int
    low: int
    high: int
    step: int
    lowest: str = ""
    """What the lowest number is called, if it stands for something else."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """No preference, but what belongs beside one: something to do with a click."""

    group: str
    title: str
    tip: str
    button: str
    run: Callable[[], object]


Preference = Switch | Choice | Number | Command


class PreferencesDialog(QDialog):
    """A row for each preference, under the titles of their groups."""

    def __init__(self, preferences: Sequence[Preference], settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Preferences"))
        self._settings = settings
        self._search = SearchField(_("Search the preferences"), _("Search"))
        self._nothing = plain_label(_("No preference matches."), role="muted")
        self._nothing.hide()
        self._rows: list[tuple[Preference, list[QWidget]]] = []
        self._titles: dict[str, QWidget] = {}
        self._followers: dict[str, list[Callable[[], None]]] = {}
        self._build(preferences)
        self._search.textChanged.connect(self._narrow)
        settings.changed.connect(self._changed)

    @property
    def shown(self) -> list[str]:
        """The titles of the preferences in sight."""
        return [row.title for row, widgets in self._rows if not widgets[0].isHidden()]

    def _build(self, preferences: Sequence[Preference]) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(reading_margins(0, 0, 12, 0))
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(1, _COLUMN)
        for preference in preferences:
            at = grid.rowCount()
            if preference.group not in self._titles:
                title = plain_label(preference.group, role="metric")
                title.setContentsMargins(0, 12 if self._rows else 0, 0, 4)
                self._titles[preference.group] = title
                grid.addWidget(title, at, 0, 1, 2)
                at += 1
            field = self._field(preference)
            field.setToolTip(preference.tip)
            field.setAccessibleName(preference.title)
            field.setAccessibleDescription(preference.tip)
            name = caption(preference.title, field)
            name.setWordWrap(True)
            says_more = preference.tip.casefold() != preference.title.casefold()
            about = plain_label(preference.tip if says_more else "", role="muted")
            about.setWordWrap(True)
            about.setContentsMargins(0, 0, 0, 8)
            grid.addWidget(name, at, 0)
            grid.addWidget(field, at, 1)
            grid.addWidget(about, at + 1, 0, 1, 2)
            widgets = [name, field, about]
            if isinstance(preference, Choice) and preference.offer:
                widgets.append(self._offer(preference, preference.offer))
                grid.addWidget(widgets[-1], at + 2, 0, 1, 2)
            self._rows.append((preference, widgets))
        grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the focus of what is in it
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        # What is set holds at once: Return in a field is for the field, and for no button.
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        column = QVBoxLayout(self)
        for part in (self._search, self._nothing):
            column.addWidget(part)
        column.addWidget(area, 1)
        column.addWidget(buttons)
        window = self.parentWidget()
        room = window.size() if window else self.size()
        self.resize(min(_WIDTH, room.width() - 24), min(_HEIGHT, room.height() - 24))

    def _field(self, preference: Preference) -> QWidget:
        match preference:
            case Switch():
                return self._switch(preference)
            case Choice():
                return self._choice(preference)
            case Number():
                return self._number(preference)
            case Command():
                button = QPushButton(preference.button)
                button.setAutoDefault(False)
                button.clicked.connect(lambda: preference.run())
                return button

    def _switch(self, preference: Switch) -> QCheckBox:
        box = QCheckBox()

        def follow() -> None:
            with QSignalBlocker(box):
                box.setChecked(self._settings.flag(preference.key, preference.default))

        box.toggled.connect(lambda on: self._settings.set(preference.key, on))
        self._follow(preference.key, follow)
        return box

    def _choice(self, preference: Choice) -> QComboBox:
        box = ChoiceBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        offer(box, ((text, value) for value, text in preference.options.items()))

        def follow() -> None:
            choose(box, self._settings.text(preference.key, preference.default))

        box.currentIndexChanged.connect(lambda: self._settings.set(preference.key, str(box.currentData())))
        self._follow(preference.key, follow)
        return box

    def _offer(self, preference: Choice, offer: Offer) -> QWidget:
        button = QPushButton()
        button.setAutoDefault(False)

        def follow() -> None:
            text = offer.text(self._settings.text(preference.key, preference.default))
            button.setText(text)
            button.setVisible(bool(text))

        def run() -> None:
            self.accept()
            QTimer.singleShot(0, offer.run)

        button.clicked.connect(run)
        self._follow(preference.key, follow)
        # The search shows and hides the room, whether or not there is a button in it.
        room = QWidget()
        row = fill(QHBoxLayout(room), button)
        row.setContentsMargins(0, 0, 0, 8)
        row.addStretch(1)
        return room

    def _number(self, preference: Number) -> QSpinBox:
        box = number_field(preference.title, preference.low, preference.high)
        box.setSingleStep(preference.step)
        box.setGroupSeparatorShown(True)
        box.setKeyboardTracking(False)
        box.setSuffix(preference.unit)
        box.setSpecialValueText(preference.lowest)
        low, high, default = preference.low, preference.high, preference.default

        def follow() -> None:
            with QSignalBlocker(box):
                box.setValue(self._settings.number(preference.key, default, low, high))

        box.valueChanged.connect(lambda value: self._settings.set(preference.key, value))
        self._follow(preference.key, follow)
        return box

    def _follow(self, key: str, follow: Callable[[], None]) -> None:
        follow()
        self._followers.setdefault(key, []).append(follow)

    def _changed(self, key: str) -> None:
        for follow in self._followers.get(key, ()):
            follow()

    def _narrow(self, text: str) -> None:
        """Show the rows that hold every word, and the titles of groups that have such a row."""
        words = text.casefold().split()
        groups: set[str] = set()
        for preference, widgets in self._rows:
            held = f"{preference.group} {preference.title} {preference.tip}".casefold()
            found = all(word in held for word in words)
            if found:
                groups.add(preference.group)
            for widget in widgets:
                widget.setVisible(found)
        for group, title in self._titles.items():
            title.setVisible(group in groups)
        self._nothing.setVisible(not groups)
