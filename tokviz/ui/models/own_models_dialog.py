"""Editing the user's own models: their file, with every mistake told while one types."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QKeySequence, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tokviz import system_errors
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.own_models import EXAMPLE, Mistake
from tokviz.language import _, ngettext
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.placement import resize_within
from tokviz.ui.common.save_question import saved_or_discarded
from tokviz.ui.common.widgets import name_box

_CHECK_AFTER = 300
"""Milliseconds without a key after which the text is checked."""
_MISTAKES_SHOWN = 3
"""So many lines of mistakes are in sight."""


class OwnModelsDialog(QDialog):
    """The file of own models as text. What is wrong in it is listed below, and a click goes to the line."""

    def __init__(self, catalog: Catalog, path: Path, parent: QWidget, saved: Callable[[], object]) -> None:
        """``saved`` is called after the file was written."""
        super().__init__(parent)
        self.setWindowTitle(_("Own Models"))
        resize_within(self, 720, 520)
        self._catalog = catalog
        self._path = path
        self._saved = saved
        self.text = QPlainTextEdit()
        self.mistakes = QListWidget()
        self.verdict = QLabel()
        self.models = ChoiceBox()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Close
        )
        self._check = Debouncer(self.check, _CHECK_AFTER, self)
        self._build()
        self._load()

    def _build(self) -> None:
        intro = QLabel(
            _(
                "Models of your own, or what you pay for one that is listed. A row with the id of a "
                "listed model takes its place. The file is {path}, and stays when tokviz is updated.",
                path=self._path,
            )
        )
        intro.setWordWrap(True)
        intro.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(_("Own models"))
        self.text.setPlaceholderText(EXAMPLE)
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._check.restart)
        name_box(self.models, _("A listed model"))
        self.models.addItems([model.id for model in self._catalog.listed])
        self.models.setMaxVisibleItems(20)
        add = QPushButton(_("&Add One Like It"))
        add.setAutoDefault(False)
        add.clicked.connect(self.add)
        row = QHBoxLayout()
        row.addWidget(self.models)
        row.addWidget(add)
        row.addStretch()
        self.mistakes.setAccessibleName(_("Mistakes"))
        self.mistakes.setMaximumHeight(self.fontMetrics().lineSpacing() * (_MISTAKES_SHOWN + 1))
        self.mistakes.setWordWrap(True)
        self.mistakes.itemActivated.connect(self._go)
        self.mistakes.itemClicked.connect(self._go)
        save = self._buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setShortcut(QKeySequence(QKeySequence.StandardKey.Save))
        save.clicked.connect(self.save)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(intro)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        column.addWidget(self.verdict)
        column.addWidget(self.mistakes)
        column.addWidget(self._buttons)

    def _load(self) -> None:
        try:
            text = self._path.read_text("utf-8")
        except FileNotFoundError:
            text = ""
        except (OSError, UnicodeDecodeError):
            # Saving would lose what cannot be shown.
            self.text.setReadOnly(True)
            self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(False)
            self.verdict.setText(_("{path} cannot be read as UTF-8 text.", path=self._path))
            return
        self.text.setPlainText(text)
        self.text.document().setModified(False)
        self.check()

    def check(self) -> None:
        """List what is wrong in the text now."""
        own, mistakes = self._catalog.check_own(self.text.toPlainText())
        self.mistakes.clear()
        for mistake in mistakes:
            item = QListWidgetItem(_told(mistake))
            item.setData(Qt.ItemDataRole.UserRole, mistake.line)
            self.mistakes.addItem(item)
        self.mistakes.setVisible(bool(mistakes))
        good = ngettext("{n} model", "{n} models", len(own))
        self.verdict.setText(
            _("{good}; what is wrong costs its model alone:", good=good)
            if mistakes
            else _("{good}, no mistake.", good=good)
        )

    def add(self) -> None:
        """Write a row that is like the model that is picked, at the end."""
        model_id = self.models.currentText()
        text = self.text.toPlainText().rstrip("\n")
        names = (f"my-{model_id}{f'-{number}' if number else ''}" for number in count())
        name = next(name for name in names if f'"{name}"' not in text)
        row = f'[[models]]\nid = "{name}"\nlike = "{model_id}"\ndiscount = 0\n'  # verbatim
        cursor = self.text.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(f"{text}\n\n{row}" if text else row)
        self.text.setTextCursor(cursor)
        self.text.setFocus()
        self.check()

    def save(self) -> bool:
        """Write the file, with its mistakes if there are any; False if that failed, which is told."""
        text = self.text.toPlainText()
        passing = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            passing.write_text(text, encoding="utf-8")
            passing.replace(self._path)
        except OSError as error:
            self.verdict.setText(
                _("{path} cannot be written: {reason}.", path=self._path, reason=system_errors.words(error))
            )
            return False
        self.text.document().setModified(False)
        self.check()
        self._saved()
        return True

    def reject(self) -> None:
        """Close; what is not saved is asked about."""
        title, question = _("Own Models"), _("Save the changes to your own models?")
        if not self.text.document().isModified() or saved_or_discarded(self, question, self.save, title):
            super().reject()

    def _go(self, item: QListWidgetItem) -> None:
        line = item.data(Qt.ItemDataRole.UserRole)
        if line is not None:
            block = self.text.document().findBlockByNumber(line - 1)
            cursor = QTextCursor(block)
            cursor.select(QTextCursor.SelectionType.LineUnderCursor)
            self.text.setTextCursor(cursor)
            self.text.setFocus()


def _told(mistake: Mistake) -> str:
    return _("Line {line}: {what}", line=mistake.line, what=mistake.what) if mistake.line else mistake.what
