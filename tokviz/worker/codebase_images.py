"""Measuring the images of a codebase and counting them by formula: only their headers are read."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tokviz.analysis.codebase.tree_images import ImageCounts
from tokviz.analysis.image_tokens import ImageRules
from tokviz.documents.image_size import ImageSize, sized_image
from tokviz.language import pgettext
from tokviz.worker.jobs import Reporter, WorkerContext


@dataclass(frozen=True, slots=True)
class FoundImages:
    """Which files are images, and what those are to any model."""

    sizes: tuple[ImageSize | None, ...]
    """Of every file that was asked about; None: it is no image."""
    counts: ImageCounts
    """Of those that are images, in the same order."""


@dataclass(frozen=True, slots=True)
class CountImages:
    """Count files that may be images."""

    files: tuple[Path | ImageSize, ...]
    """Files to measure, and images whose size is known already."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> FoundImages:
        """What those are that are images."""
        sizes = []
        for file in self.files:
            reporter.check()
            sizes.append(sized_image(file) if isinstance(file, Path) else file)
        counts = ImageCounts([size for size in sizes if size], ImageRules(context.assets))
        return FoundImages(tuple(sizes), counts.prepared())

    def __str__(self) -> str:
        return pgettext("stopped while …", "measuring images")
