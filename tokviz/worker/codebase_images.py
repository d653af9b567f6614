"""Counting the images of a codebase by formula: only their headers are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tokviz.analysis.image_tokens import ImageRules, image_tokens
from tokviz.documents.image_size import sized_image
from tokviz.language import pgettext
from tokviz.worker.jobs import Reporter, WorkerContext


@dataclass(frozen=True, slots=True)
class CountedImages:
    """What images are to models."""

    number: int
    tokens: Mapping[str, int]
    """Of all of them, by the model's id; a model is missing where no formula of its maker is known."""


@dataclass(frozen=True, slots=True)
class CountImages:
    """Count files that may be images."""

    paths: tuple[Path, ...]
    models: tuple[str, ...]
    """Ids."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> CountedImages:
        """What those are that are images."""
        sizes = []
        for path in self.paths:
            reporter.check()
            if size := sized_image(path):
                sizes.append(size)
        known = ImageRules(context.assets)
        rules = {model: rule for model in self.models if (rule := known.find(model))}
        return CountedImages(
            len(sizes),
            {
                model: sum(image_tokens(rule, size.width, size.height).tokens for size in sizes)
                for model, rule in rules.items()
            },
        )

    def __str__(self) -> str:
        return pgettext("stopped while …", "measuring images")
