"""One line that says what a codebase's images are to the models, where that is asked for."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from tokviz.analysis.formatting import grouped
from tokviz.catalog.model import LanguageModel
from tokviz.language import _, ngettext
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.common.icons import SIDE, icon
from tokviz.ui.common.widgets import ElidedLabel, fill

_HEIGHT = 22
_NAMED = 2
"""So many other models are named; the tooltip has all."""


class ImageRow(QWidget):
    """Hidden unless images are counted. It says which of the figures have them: those of the chosen model."""

    def __init__(
        self,
        codebase: Codebase,
        models: Sequence[LanguageModel],
        metrics: Callable[[], TreeMetrics | None],
        parent: QWidget | None = None,
    ) -> None:
        """``metrics``: what is shown."""
        super().__init__(parent)
        self._codebase = codebase
        self._models = tuple(models)
        self._metrics = metrics
        self._says = ElidedLabel("muted")
        self.setFixedHeight(_HEIGHT)
        sign = QLabel()
        sign.setPixmap(icon("image").pixmap(SIDE))
        fill(QHBoxLayout(self), sign, self._says, wide=self._says, spacing=6)
        self.setAccessibleName(_("The images"))
        self.hide()

    @property
    def text(self) -> str:
        """What the line says."""
        return self._says.text()

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """These are the models from now on."""
        self._models = tuple(models)
        self.renew()

    def renew(self) -> None:
        """Say what is so now, the chosen model first."""
        images, tree, metrics = self._codebase.images, self._codebase.tree, self._metrics()
        if images is None or tree is None or not (among := tree.included[images.numbers]).any():
            self.hide()
            return
        self.show()
        number, chosen = int(among.sum()), metrics.model if metrics else None
        first = [chosen] if chosen else []
        known = []
        for model in [*first, *(model for model in self._models if model != chosen)]:
            tokens = images.counts.by_image(model)
            if tokens is not None:
                known.append(f"{model.name} {grouped(int(tokens[among].sum()))}")
        # Translators: {known} is such as “GPT-5 1,105 · Claude Opus 4.5 1,590”
        values = {"known": " · ".join(known[: 1 + _NAMED]), "model": chosen.name if chosen else ""}
        if metrics is None or metrics.by_image is None:
            said = ngettext(
                "{n} image by formula, unknown to {model}, whose figures have none; tokens: {known}.",
                "{n} images by formula, unknown to {model}, whose figures have none; tokens: {known}.",
                number,
                **values,
            )
        elif metrics.counts_images:
            said = ngettext(
                "{n} image by formula, in all figures; tokens: {known}.",
                "{n} images by formula, in all figures; tokens: {known}.",
                number,
                **values,
            )
        else:
            said = ngettext(
                "{n} image by formula, in the window of {model} and not in the tokens by {tokenizer}; "
                "tokens: {known}.",
                "{n} images by formula, in the window of {model} and not in the tokens by {tokenizer}; "
                "tokens: {known}.",
                number,
                tokenizer=metrics.decoder.name,
                **values,
            )
        self._says.setText(said)
        head = ngettext(
            "{n} image, by the formulas that makers published:",
            "{n} images, by the formulas that makers published:",
            number,
        )
        self._says.setToolTip("\n".join([head, *known]))
