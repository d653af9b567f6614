"""Images among the files of a tree: what each is to a model by formula, and leaving them out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.file_kinds import Kind
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.suggestions import Suggestion
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.catalog.model import LanguageModel
from tokviz.cli.image_counts import CountedImages
from tokviz.language import _


@dataclass(frozen=True)
class ImageFiles:
    """The images of a tree, which has no counts of them: they are no texts."""

    numbers: NDArray[np.int64]
    """Their numbers among the tree's files."""
    counted: CountedImages

    def tokens(self, tree: TokenTree, model: LanguageModel) -> NDArray[np.int64]:
        """What each file of the tree is to a model as an image: ``int64[files]``; zeros where that is not
        known."""
        column = np.zeros(len(tree.sizes), np.int64)
        if (found := self.counted.by_image(model)) is not None:
            column[self.numbers] = found
        return column

    def columns(self, tree: TokenTree, models: Sequence[LanguageModel]) -> dict[str, NDArray[np.int64]]:
        """The same for a table, by what stands above it; models without a formula have none."""
        return {
            _("{model}, images by formula", model=model.name): self.tokens(tree, model)
            for model in models
            if self.counted.has_formula(model)
        }

    def taking_part(self, tree: TokenTree) -> TokenTree:
        """The tree with the images counted, as texts of no tokens."""
        nothing = np.zeros(len(self.numbers), np.int64)
        values = np.zeros((len(self.numbers), len(tree.columns)), np.int64)
        names = [""] * len(self.numbers)
        return tree.with_counts([CountedBatch(self.numbers, values, names, nothing, [], nothing > 0)])

    def left_out(
        self, tree: TokenTree, tokens: NDArray[np.int64], kept: NDArray[np.bool_] | None
    ) -> Suggestion | None:
        """Leaving out those that are not ``kept`` (``bool[files]``), of so many ``tokens``
        (``int64[files]``); None if that is none."""
        chosen = np.zeros(len(tree.sizes), np.bool_)
        chosen[self.numbers] = True
        chosen &= tokens > 0
        others = tree.takes_part | (np.zeros_like(chosen) if kept is None else kept)
        if kept is not None:
            chosen &= ~kept
        files = np.flatnonzero(chosen)
        nodes = _outermost(tree, chosen, others & ~chosen)
        saves = int(tokens[files].sum())
        title = "images by formula"  # verbatim
        return Suggestion(Kind.MEDIA, title, files, saves, nodes=nodes) if saves else None


def _outermost(tree: TokenTree, files: NDArray[np.bool_], others: NDArray[np.bool_]) -> tuple[int, ...]:
    """The outermost folders with some of ``files`` and none of the ``others``, and the files in none of
    them."""
    shape = tree.shape
    full = (shape.sums(files) > 0) & (shape.sums(others) == 0)
    full[[0, *shape.root_nodes]] = False
    return tuple(np.flatnonzero(full & ~full[shape.parents]).tolist())
