"""Counts the images of the open codebase by formula, where that is asked for."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tokviz.analysis.codebase.tree_images import TreeImages
from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Count
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.common.page import model_key
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_images import CountImages, FoundImages


class ImageCounting(QObject):
    """Has the files measured that turned out to be no texts, each once, whenever a scan is over."""

    problem = Signal(str)

    def __init__(
        self, codebase: Codebase, worker: Worker, wanted: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._codebase = codebase
        self._worker = worker
        self._wanted = wanted
        self._ticket: int | None = None
        self._no_images: frozenset[int] = frozenset()
        """The files (their numbers) that are known to be something else."""
        codebase.opened.connect(self._forget)
        codebase.ended.connect(self.renew)

    def renew(self) -> None:
        """Count the images that are left out now, or none if that is not asked for."""
        self._worker.cancel(self._ticket)
        self._ticket = None
        if not self._wanted():
            self._codebase.set_images(None)
            return
        self._codebase.measuring_images = self._codebase.tree is not None
        if self._codebase.scan.under_way or self._codebase.tree is None:
            return
        known = self._codebase.images
        sizes = known.sizes if known else {}
        binaries = self._codebase.left_out.binaries()
        files = {number: path for number, path in binaries.items() if number not in self._no_images}
        if files.keys() == sizes.keys():
            self._codebase.set_images(known)
            return
        job = CountImages(tuple(sizes.get(number, path) for number, path in files.items()))
        numbers = np.array(list(files), np.int64)
        self._ticket = self._worker.submit(job, lambda found: self._take(numbers, found), self._fail)

    def _forget(self) -> None:
        """Numbers mean other files from now on."""
        self._worker.cancel(self._ticket)
        self._ticket, self._no_images = None, frozenset()
        self._codebase.measuring_images = self._wanted()

    def _take(self, numbers: NDArray[np.int64], found: FoundImages) -> None:
        self._ticket = None
        is_image = np.array([size is not None for size in found.sizes], np.bool_)
        self._no_images |= frozenset(numbers[~is_image].tolist())
        self._codebase.set_images(TreeImages(numbers[is_image], found.counts) if is_image.any() else None)

    def _fail(self, sentence: str) -> None:
        self._ticket = None
        self._codebase.set_images(None)
        self.problem.emit(sentence)


def with_images(
    counts: Mapping[str, Count], codebase: Codebase, models: Sequence[LanguageModel]
) -> Mapping[str, Count]:
    """``counts`` of a codebase's texts by tokenizer, and what texts and images together are to each model
    whose maker has published a formula, under its ``model_key``."""
    images, tree = codebase.images, codebase.tree
    if images is None or tree is None:
        return counts
    found = {
        model_key(model.id): images.with_text(counts[model.tokenizer], model, tree)
        for model in models
        if model.tokenizer in counts and images.counts.by_image(model) is not None
    }
    return {**counts, **found}
