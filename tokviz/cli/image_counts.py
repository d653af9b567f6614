"""Images among the inputs of ``tokviz count``: what each model makes of them by its maker's formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_images import ImageCounts, TreeImages
from tokviz.analysis.escaping import encodable
from tokviz.analysis.formatting import grouped, stopped
from tokviz.analysis.image_tokens import ImageRules
from tokviz.assets import Assets
from tokviz.catalog.model import LanguageModel
from tokviz.cli.console import printable
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.documents.image_size import ImageSize
from tokviz.language import _, ngettext, number
from tokviz.lists import listed
from tokviz.tokens import Provenance

_COLUMNS = (Column(_("Model")), Column(_("Tokens of images"), right=True), Column(_("Counts")))
_MOST_NAMED = 10


@dataclass(frozen=True)
class CountedImages:
    """Images with their sizes, by their paths as they are shown."""

    files: Sequence[tuple[str, ImageSize]]
    assets: Assets

    @cached_property
    def counts(self) -> ImageCounts:
        """What they are to any model."""
        return ImageCounts([size for _path, size in self.files], ImageRules(self.assets))

    def has_formula(self, model: LanguageModel) -> bool:
        """Whether a formula of its maker is known."""
        return self.counts.rules.find(model.id) is not None

    def tokens(self, model: LanguageModel) -> int | None:
        """What all images are to a model; None where no formula of its maker is known."""
        found = self.counts.by_image(model)
        return None if found is None else int(found.sum())

    def columns(
        self, images: TreeImages, tree: TokenTree, models: Sequence[LanguageModel]
    ) -> dict[str, NDArray[np.int64]]:
        """What each file of a tree is as an image (``int64[files]``), by what stands above the column; models
        without a formula have none."""
        found = ((model, images.tokens(tree, model)) for model in models)
        return {
            _("{model}, images by formula", model=model.name): tokens
            for model, tokens in found
            if tokens is not None
        }

    def lines(self, models: Sequence[LanguageModel], width: int, styled: bool) -> list[str]:
        """A table by model, and where the formulas come from."""
        found = {model.id: self.tokens(model) for model in models}
        cells = [
            [
                model.name,
                grouped(found[model.id]),
                "" if found[model.id] is None else Provenance.FORMULA.words,
            ]
            for model in models
        ]
        remarks = [
            _(
                "By formula: {explanation}; the costs above include it.",
                explanation=Provenance.FORMULA.explanation,
            )
        ]
        notes: dict[str, None] = {}
        for model in models:
            if rule := self.counts.rules.find(model.id):
                notes |= dict.fromkeys(filter(None, (stopped(self.counts.rules.source(rule).title),)))
                notes |= dict.fromkeys(filter(None, (rule.note and f"{model.name}: {rule.note}",)))
        if missing := [model.name for model in models if found[model.id] is None]:
            names = listed(missing)
            remarks.append(
                _("No formula is known for {models}: what is said of them is without images.", models=names)
            )
        named = [
            _(
                "{file}: {width} × {height} pixels ({format})",
                file=printable(path),
                width=number(size.width),
                height=number(size.height),
                format=size.format,
            )
            for path, size in self.files[:_MOST_NAMED]
        ]
        if (rest := len(self.files) - _MOST_NAMED) > 0:
            named.append(
                ngettext("{n} more image; --json names all.", "{n} more images; --json names all.", rest)
            )
        table = render(_COLUMNS, cells, width, styled)
        return ["", *named, "", *table, "", *remark_lines([*remarks, *notes], width, styled)]

    def record(self, models: Sequence[LanguageModel]) -> dict[str, object]:
        """The same for programs."""
        found = ((model.id, self.counts.by_image(model)) for model in models)
        tokens = {model: each.tolist() for model, each in found if each is not None}
        return {
            "images": [
                {
                    "path": encodable(path),
                    "format": size.format,
                    "width": size.width,
                    "height": size.height,
                    "tokens": {model: each[number] for model, each in tokens.items()},
                }
                for number, (path, size) in enumerate(self.files)
            ]
        }
