"""What the page shows while no conversation is open."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from tokviz.language import _
from tokviz.ui.common.flow_layout import FlowLayout
from tokviz.ui.common.icons import icon
from tokviz.ui.common.widgets import WrappedLabel, plain_label

_ICON = 24
_WIDTH = 460
_KEYS = _("Ctrl+O open a file · Ctrl+Shift+O a folder of sessions · Ctrl+V paste a request or a session")


class StartPage(QWidget):
    """An icon, a sentence, a button, the keys; and the folders where agents keep their sessions."""

    file_wanted = Signal()
    folder_wanted = Signal()
    prompt_wanted = Signal()
    """A new request to write."""
    folder_chosen = Signal(object)
    """A folder (Path)."""

    def __init__(self, known: Mapping[str, Path], parent: QWidget | None = None) -> None:
        """``known``: folders of sessions on this computer, by the agent whose they are."""
        super().__init__(parent)
        self._picture = QLabel()
        self._picture.setPixmap(icon("message-square").pixmap(_ICON, _ICON))
        words = WrappedLabel(
            _(
                "Open an agent's session, a chat export or a request, and see what fills its context window "
                "and what was paid for twice. Nothing leaves this computer."
            ),
            _WIDTH,
        )
        button = QPushButton(_("Open a &Conversation…"))
        button.setDefault(True)
        button.clicked.connect(self.file_wanted)
        folder = QPushButton(_("Folder of &Sessions…"))
        folder.clicked.connect(self.folder_wanted)
        buttons = FlowLayout(spacing=8)
        buttons.addWidget(button)
        buttons.addWidget(folder)
        prompt = QPushButton(_("&New Prompt"))
        prompt.clicked.connect(self.prompt_wanted)
        buttons.addWidget(prompt)
        for agent, path in known.items():
            entry = QPushButton(_("{agent}'s Sessions", agent=agent))
            entry.setToolTip(str(path))
            entry.clicked.connect(lambda _on=False, path=path: self.folder_chosen.emit(path))
            buttons.addWidget(entry)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self._picture, words):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        keys = plain_label(_KEYS, "muted")
        keys.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        keys.setWordWrap(True)
        column.addWidget(keys)
        column.addStretch(3)

    def renew_icon(self) -> None:
        """The theme has changed."""
        self._picture.setPixmap(icon("message-square").pixmap(_ICON, _ICON))


def known_folders(home: Path) -> dict[str, Path]:
    """The folders below ``home`` in which agents keep their sessions, as far as they are there."""
    places = {
        "Claude Code": home / ".claude" / "projects",  # verbatim
        "Codex": home / ".codex" / "sessions",  # verbatim
        "Gemini CLI": home / ".gemini" / "tmp",  # verbatim
        "OpenCode": home / ".local" / "share" / "opencode",  # verbatim
    }
    return {name: path for name, path in places.items() if path.is_dir()}
