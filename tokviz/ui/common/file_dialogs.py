"""Dialogs that ask for files: all begin in the folder that was used last, and name the types of files."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from tokviz.documents.extraction.formats import FORMATS
from tokviz.language import _
from tokviz.ui.common.settings import Settings


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of files, by how their names end."""

    name: str
    patterns: tuple[str, ...]

    @property
    def filter(self) -> str:
        """As Qt has it."""
        return f"{self.name} ({' '.join(self.patterns)})"


ALL = FileType(_("All files"), ("*",))
TEXT = FileType(_("Text"), ("*.txt", "*.md", "*.rst", "*.log", "*.csv", "*.json", "*.xml", "*.html"))
CONVERSATIONS = FileType(
    _("Conversations"), ("*.json", "*.jsonl", "*.db", "*.zip", "*.eval", "*.chat.history.md")
)
REQUESTS = FileType(_("Requests"), ("*.json", "*.jsonl"))
TOKENIZERS = FileType(_("Tokenizers"), ("*.json", "*.tiktoken", "*.model"))
CHAT_TEMPLATES = FileType(_("Chat templates"), ("*.json", "*.jinja"))
TEMPLATES = FileType(_("Templates"), ("*.txt", "*.md", "*.xml", "*.template"))
MODEL_LISTS = FileType(_("Lists of models"), ("*.toml",))
TOKEN_IDS = FileType(_("Token ids"), ("*.json", "*.txt", "*.csv"))
_WRITTEN = {
    "csv": "CSV",
    "html": _("HTML page"),
    "json": "JSON",
    "jsonl": "JSON Lines",  # verbatim
    "md": "Markdown",  # verbatim
    "png": _("PNG picture"),
    "txt": _("Text"),
    "xml": "XML",
}


def documents() -> FileType:
    """Those whose text can be taken out."""
    endings = sorted({suffix for one in FORMATS for suffix in one.suffixes if not one.markup})
    return FileType(_("Documents"), tuple(f"*{ending}" for ending in endings))


def written(ending: str) -> FileType:
    """What is written to a file whose name ends so (without the dot)."""
    return FileType(_WRITTEN.get(ending, ending.upper() or _("Text")), (f"*.{ending}",))


def ask_file(window: QWidget, settings: Settings, title: str, *types: FileType) -> Path | None:
    """The file that the user picks to be read; None if there is none."""
    name, _kind = QFileDialog.getOpenFileName(window, title, str(settings.folder), _filters(types))
    return _remembered(settings, name)


def ask_files(window: QWidget, settings: Settings, title: str, *types: FileType) -> list[Path]:
    """The files that the user picks to be read."""
    names, _kind = QFileDialog.getOpenFileNames(window, title, str(settings.folder), _filters(types))
    for name in names[:1]:
        _remembered(settings, name)
    return [Path(name) for name in names]


def ask_folder(window: QWidget, settings: Settings, title: str) -> Path | None:
    """The folder that the user picks; None if there is none."""
    name = QFileDialog.getExistingDirectory(window, title, str(settings.folder))
    if name:
        settings.set_paths("folder", [Path(name)])
    return Path(name) if name else None


def ask_where(
    window: QWidget,
    settings: Settings,
    title: str,
    suggested: Path | str,
    *types: FileType,
    replaces: bool = True,
) -> Path | None:
    """The file that the user picks to write to; None if there is none. ``suggested``: a name for it, or a
    whole path, where it belongs beside something. ``replaces``: the user is asked where it is there."""
    asked = (window, title, str(settings.folder / suggested), _filters(types))
    if replaces:
        name, _kind = QFileDialog.getSaveFileName(*asked)
    else:
        options = QFileDialog.Option.DontConfirmOverwrite
        name, _kind = QFileDialog.getSaveFileName(*asked, options=options)
    return _remembered(settings, name)


def _filters(types: tuple[FileType, ...]) -> str:
    """The first type is the one that is shown first; all files can always be."""
    shown = types if ALL in types else (*types, ALL)
    return ";;".join(one.filter for one in shown)


def _remembered(settings: Settings, name: str) -> Path | None:
    if not name:
        return None
    settings.set_paths("folder", [Path(name).parent])
    return Path(name)
