"""The encodings that were chosen for files and folders, and the menu that chooses one."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from tokviz.documents.decoding import FOUND_OUT, ReadOptions
from tokviz.documents.encodings import ENCODINGS, Encoding, UnknownEncodingError, find_encoding
from tokviz.language import _
from tokviz.ui.common.settings import DEFAULT_ENCODING, Settings

_PATHS, _NAMES = "encodings/paths", "encodings/names"
_MOST = 200
"""So many choices are remembered, the latest first."""


class ChosenEncodings:
    """What was chosen, remembered between runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def get(self, path: Path) -> Encoding | None:
        """What was chosen for this very file or folder."""
        return self._chosen().get(path)

    def set(self, path: Path, encoding: Encoding | None) -> None:
        """Remember a choice; with None, that it is to be found out."""
        others = {known: chosen for known, chosen in self._chosen().items() if known != path}
        chosen = ({path: encoding} if encoding else {}) | others
        latest = list(chosen.items())[:_MOST]
        self._settings.set_paths(_PATHS, [known for known, _ in latest])
        self._settings.set(_NAMES, [each.codec for _, each in latest])

    def for_file(self, path: Path) -> ReadOptions:
        """How to read a file: as was chosen for it, else for what is not UTF-8 in a folder around it, else
        for all files."""
        chosen = self._chosen()
        if path in chosen:
            return ReadOptions(encoding=chosen[path], forced=True)
        around = next((chosen[folder] for folder in path.parents if folder in chosen), self._default)
        return ReadOptions(encoding=around) if around else FOUND_OUT

    @property
    def _default(self) -> Encoding | None:
        try:
            return find_encoding(self._settings.text(DEFAULT_ENCODING))
        except UnknownEncodingError:  # none was chosen
            return None

    def _chosen(self) -> dict[Path, Encoding]:
        paths, names = self._settings.paths(_PATHS), self._settings.names(_NAMES)
        if len(paths) != len(names):  # written by hand, or damaged
            return {}
        found = {}
        for path, name in zip(paths, names, strict=True):
            try:
                found[path] = find_encoding(name)
            except UnknownEncodingError:
                continue
        return found


def fill_menu(
    menu: QMenu,
    choose: Callable[[Encoding | None], object],
    chosen: Encoding | None,
    likely: Sequence[Encoding] = (),
) -> None:
    """Fill ``menu`` with: to find it out, the ``likely`` ones, and all by script; ``chosen`` is ticked."""
    menu.clear()
    for child in menu.findChildren(QMenu):
        child.deleteLater()
    _add(menu, _("&Find Out"), None, choose, chosen)
    menu.addSeparator()
    for encoding in likely:
        _add(menu, encoding.shown, encoding, choose, chosen)
    if likely:
        menu.addSeparator()
    scripts: dict[str, QMenu] = {}
    for encoding in ENCODINGS:
        under = scripts.get(encoding.script)
        if under is None:
            under = scripts[encoding.script] = menu.addMenu(encoding.script_words)
        _add(under, encoding.shown, encoding, choose, chosen)


def _add(
    menu: QMenu,
    text: str,
    encoding: Encoding | None,
    choose: Callable[[Encoding | None], object],
    chosen: Encoding | None,
) -> None:
    entry = QAction(text, menu, checkable=True, checked=encoding == chosen)
    entry.triggered.connect(lambda: choose(encoding))
    menu.addAction(entry)
