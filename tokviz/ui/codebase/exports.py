"""Taking things away: the packed text, the metrics, the picture. Builds the menu and does what it says."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

from tokviz.analysis import formatting
from tokviz.documents.tree.known_packs import KnownPacks
from tokviz.language import _, ngettext
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.pack_dialog import PackDialog, Selection
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.codebase.treemap_view import TreemapView
from tokviz.ui.common.actions import action, separator
from tokviz.ui.common.exporter import Exporter, png
from tokviz.ui.common.file_dialogs import ask_where, written
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_packing import Packed, WrittenPack, write_pack
from tokviz.worker.codebase_writing import MetricsFormat, write_metrics

_PICTURE = QSize(1600, 1000)


class CodebaseExports(Exporter):
    """The export menu."""

    pack_wanted = Signal()

    def __init__(
        self,
        codebase: Codebase,
        metrics: Callable[[], TreeMetrics | None],
        treemap: TreemapView,
        worker: Worker,
        settings: Settings,
        packs: KnownPacks | None,
        menu: QMenu,
        window: QWidget,
    ) -> None:
        """``metrics``: what is shown; ``packs``: where packed texts are remembered; ``menu``: takes the
        entries."""
        super().__init__(window)
        self._codebase = codebase
        self._metrics = metrics
        self._treemap = treemap
        self._worker = worker
        self._settings = settings
        self._packs = packs
        self.actions = [
            action(self, _("&Pack for a Model…"), self.pack_wanted.emit, "Ctrl+E"),
            separator(self),
            action(self, _("Figures as &CSV…"), lambda: self._ask_for_metrics(MetricsFormat.CSV)),
            action(self, _("Figures as &JSON…"), lambda: self._ask_for_metrics(MetricsFormat.JSON)),
            action(self, _("Pict&ure of the Treemap…"), self._ask_for_picture),
            action(self, _("Cop&y the Treemap"), self.copy_picture),
        ]
        menu.addActions(self.actions)
        self.set_enabled(False)

    def set_enabled(self, enabled: bool) -> None:
        """Whether there is anything to take away."""
        for entry in self.actions:
            entry.setEnabled(enabled)

    def selection(self) -> Selection | None:
        """The files that take part, as they are to be packed; None if nothing is open."""
        codebase = self._codebase
        if codebase.tree is None or not codebase.roots:
            return None
        reading, wanted = codebase.reading, codebase.wanted
        return Selection(codebase.roots, codebase.tree, codebase.plan, reading, wanted)

    def write_text(self, path: Path, packed: Packed, dialog: PackDialog) -> None:
        """Write the packed text of ``dialog`` to ``path``, or its parts to files numbered like it."""

        def stays() -> bool:
            # It may be closed, and deleted, meanwhile.
            return isValid(dialog) and dialog.isVisible()

        def fail(sentence: str) -> None:
            if stays():
                dialog.not_written(sentence)
            else:
                self.problem.emit(sentence)

        def tell(written: WrittenPack) -> None:
            if stays():
                dialog.accept()
            self.information.emit(_written_words(packed, written))
            if written.problem:
                self.problem.emit(written.problem)

        self._worker.submit(write_pack(path, packed, self._packs), tell, fail)

    def write_metrics(self, path: Path, form: MetricsFormat) -> None:
        """Write the metrics of every folder and file to ``path``."""
        tree, metrics = self._codebase.tree, self._metrics()
        if tree is not None:
            images = {}
            if metrics is not None and metrics.model is not None and metrics.by_image is not None:
                tree, images = metrics.whole, {metrics.model.name: metrics.by_image}
            self._worker.submit(
                write_metrics(path, tree, self._codebase.plan, form, images),
                lambda _nothing: self.information.emit(_("The figures were written to {path}.", path=path)),
                self.problem.emit,
            )

    def write_picture(self, path: Path) -> None:
        """Write the treemap to ``path`` as PNG."""
        done = _("The treemap was written to {path}.", path=path)
        self._treemap.make_image(_PICTURE, lambda image: self.write(path, png(image), done))

    def copy_picture(self) -> None:
        """Put the treemap on the clipboard."""
        self._treemap.make_image(_PICTURE, self._copy)

    def _copy(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self.information.emit(_("The treemap is on the clipboard."))

    def _ask_for_metrics(self, form: MetricsFormat) -> None:
        if path := self._ask(_("Save the Figures"), form.value):
            self.write_metrics(path, form)

    def _ask_for_picture(self) -> None:
        if path := self._ask(_("Save the Treemap"), "png"):
            self.write_picture(path)

    def _ask(self, title: str, ending: str) -> Path | None:
        roots = self._codebase.roots
        suggested = f"{(roots[0].name if roots else '') or 'codebase'}.{ending}"
        return ask_where(self.window, self._settings, title, suggested, written(ending))


def _written_words(packed: Packed, written: WrittenPack) -> str:
    paths = written.paths
    if packed.in_parts:
        return ngettext(
            "{n} part was written: {first} to {last}.",
            "{n} parts were written: {first} to {last}.",
            len(paths),
            first=paths[0],
            last=paths[-1].name,
        )
    return ngettext(
        "{n} token was written to {path}.",
        "{n} tokens were written to {path}.",
        packed.count.tokens,
        n=formatting.count(packed.count),
        path=paths[0],
    )
