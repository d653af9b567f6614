"""One line that says what a codebase's images are to the models, where that is asked for."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from tokviz.analysis.formatting import grouped
from tokviz.catalog.model import LanguageModel
from tokviz.documents.tree.walking import Reason
from tokviz.language import _, ngettext
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.icons import SIDE, icon
from tokviz.ui.common.widgets import ElidedLabel, fill
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_images import CountedImages, CountImages

_SETTLE = 300
"""Milliseconds after a change until images are counted anew."""
_HEIGHT = 22
_NAMED = 3
"""So many models are named; the tooltip has all."""


class ImageRow(QWidget):
    """Hidden unless images are wanted and a folder holds some. They are in no sum of the tree, whose columns
    are tokenizers': each model has a formula of its own."""

    def __init__(
        self,
        codebase: Codebase,
        worker: Worker,
        models: Sequence[LanguageModel],
        wanted: Callable[[], bool],
        chosen: Callable[[], LanguageModel | None],
        parent: QWidget | None = None,
    ) -> None:
        """``chosen``: the model whose window is shown, which is named first."""
        super().__init__(parent)
        self._codebase = codebase
        self._worker = worker
        self._models = tuple(models)
        self._wanted = wanted
        self._chosen = chosen
        self._ticket: int | None = None
        self._counted: CountedImages | None = None
        self._says = ElidedLabel("muted")
        self._later = Debouncer(self.renew, _SETTLE, self)
        self.setFixedHeight(_HEIGHT)
        sign = QLabel()
        sign.setPixmap(icon("image").pixmap(SIDE))
        fill(QHBoxLayout(self), sign, self._says, wide=self._says, spacing=6)
        for signal in (codebase.opened, codebase.left_out_changed, codebase.ended):
            signal.connect(self._later.request)
        self.setAccessibleName(_("The images"))
        self.hide()

    @property
    def text(self) -> str:
        """What the line says."""
        return self._says.text()

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """These are the models from now on."""
        self._models = tuple(models)
        self._later.request()

    def renew(self) -> None:
        """Count the images that are left out now, if that is asked for."""
        self._worker.cancel(self._ticket)
        paths = tuple(
            entry.root / entry.what.path
            for entry in self._codebase.left_out()
            if entry.what.reason is Reason.BINARY
        )
        if not self._wanted() or not paths:
            self.hide()
            return
        job = CountImages(paths, tuple(model.id for model in self._models))
        self._ticket = self._worker.submit(job, self._take, lambda _: self.hide())

    def _take(self, counted: CountedImages) -> None:
        self._counted = counted
        self.show_model()

    def show_model(self) -> None:
        """Say it, the chosen model first."""
        counted, chosen = self._counted, self._chosen()
        self.setVisible(bool(counted and counted.number and self._wanted()))
        if counted is None:
            return
        first = [chosen] if chosen else []
        models = [*first, *(model for model in self._models if model != chosen)]
        known = [
            f"{model.name} {grouped(counted.tokens[model.id])}"
            for model in models
            if model.id in counted.tokens
        ]
        named = " · ".join(known[:_NAMED])
        # Translators: {known} is such as “GPT-5 1,105 · Claude Opus 4.5 1,590”
        if chosen and chosen.id not in counted.tokens:
            said = ngettext(
                "{n} image beside the sums, by formula: unknown to {model}; {known} tokens.",
                "{n} images beside the sums, by formula: unknown to {model}; {known} tokens.",
                counted.number,
                model=chosen.name,
                known=named,
            )
        else:
            said = ngettext(
                "{n} image beside the sums, by formula: {known} tokens.",
                "{n} images beside the sums, by formula: {known} tokens.",
                counted.number,
                known=named,
            )
        self._says.setText(said)
        head = ngettext(
            "{n} image, by the formulas that makers published:",
            "{n} images, by the formulas that makers published:",
            counted.number,
        )
        self._says.setToolTip("\n".join([head, *known]))
