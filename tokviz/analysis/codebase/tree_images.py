"""The images of a tree: what each is to a model by its maker's formula, and leaving them out.

A tree has no counts of images, for they are no texts. Its columns are tokenizers', while every maker has a
formula of its own: so what images are is added for one model at a time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.file_kinds import ORDER, FileKinds, Kind
from tokviz.analysis.codebase.suggestions import IMAGES_TITLE, Suggestion
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.image_formulas import ImageRule
from tokviz.analysis.image_tokens import ImageRules, image_tokens
from tokviz.catalog.model import LanguageModel
from tokviz.documents.image_size import ImageSize
from tokviz.tokens import Count, Provenance

_PLACE = ORDER.index(Kind.MEDIA)


class ImageCounts:
    """What some images are to any model."""

    def __init__(self, sizes: Sequence[ImageSize], rules: ImageRules) -> None:
        self.sizes = tuple(sizes)
        self.rules = rules
        self._by_rule: dict[str, NDArray[np.int64]] = {}

    def prepared(self) -> Self:
        """The same with every formula worked out: so many images may take a while."""
        for rule in self.rules.rules:
            self._of_each(rule)
        return self

    def at(self, places: Sequence[int]) -> "ImageCounts":
        """Those of the images that stand there."""
        some = ImageCounts([self.sizes[place] for place in places], self.rules)
        some._by_rule = {rule: tokens[list(places)] for rule, tokens in self._by_rule.items()}
        return some

    def by_image(self, model: LanguageModel) -> NDArray[np.int64] | None:
        """What each of them is to a model: ``int64[images]``; None where its maker has no known formula."""
        rule = self.rules.find(model.id)
        return None if rule is None else self._of_each(rule)

    def with_text(self, count: Count, model: LanguageModel, among: NDArray[np.bool_] | None = None) -> Count:
        """The ``count`` of a text together with the images, or those ``among`` them (``bool[images]``); the
        text alone where the model has no known formula."""
        tokens = self.by_image(model)
        if tokens is None:
            return count
        tokens = tokens if among is None else tokens[among]
        return count + Count.certain(int(tokens.sum()), Provenance.FORMULA) if len(tokens) else count

    def _of_each(self, rule: ImageRule) -> NDArray[np.int64]:
        found = self._by_rule.get(rule.id)
        if found is None:
            sides = {(one.width, one.height) for one in self.sizes}  # icons are many of a few sizes
            tokens = {side: image_tokens(rule, *side).tokens for side in sides}
            each = [tokens[one.width, one.height] for one in self.sizes]
            found = self._by_rule[rule.id] = np.array(each, np.int64)
        return found


@dataclass(frozen=True, eq=False)
class TreeImages:
    """Images among the files of a tree, where each is left out as a text."""

    numbers: NDArray[np.int64]
    """Their numbers among the tree's files."""
    counts: ImageCounts

    @cached_property
    def sizes(self) -> Mapping[int, ImageSize]:
        """By their numbers."""
        return dict(zip(self.numbers.tolist(), self.counts.sizes, strict=True))

    def moved(self, numbers: Mapping[int, int]) -> "TreeImages":
        """Those of them that another tree has too, by their ``numbers`` now."""
        places = [place for place, number in enumerate(self.numbers.tolist()) if number in numbers]
        now = np.array([numbers[number] for number in self.numbers[places].tolist()], np.int64)
        return TreeImages(now, self.counts.at(places))

    def tokens(self, tree: TokenTree, model: LanguageModel) -> NDArray[np.int64] | None:
        """What each file of the tree is to a model as an image: ``int64[files]``; None where that is not
        known."""
        found = self.counts.by_image(model)
        if found is None:
            return None
        column = np.zeros(len(tree.sizes), np.int64)
        column[self.numbers] = found
        return column

    def with_text(self, count: Count, model: LanguageModel, tree: TokenTree) -> Count:
        """See ``ImageCounts.with_text``; of the images that are not excluded from the tree."""
        return self.counts.with_text(count, model, tree.included[self.numbers])

    def left_out(
        self, tree: TokenTree, tokens: NDArray[np.int64], kept: NDArray[np.bool_] | None = None
    ) -> Suggestion | None:
        """Leaving out all that are not ``kept`` (``bool[files]``), of so many ``tokens`` (``int64[files]``);
        None if that is none. ``tree`` is that of the texts."""
        chosen = np.zeros(len(tree.sizes), np.bool_)
        chosen[self.numbers] = True
        chosen &= tree.included & (tokens > 0)
        others = tree.takes_part
        if kept is not None:
            chosen &= ~kept
            others = others | kept
        files = np.flatnonzero(chosen)
        saves = int(tokens[files].sum())
        if not saves:
            return None
        sums = tree.shape.sums
        nodes = tree.shape.outermost((sums(chosen) > 0) & (sums(others & ~chosen) == 0))
        return Suggestion(Kind.MEDIA, IMAGES_TITLE, files, saves, nodes=tuple(nodes))


class TextPlan(Protocol):
    """What to shorten and leave out of the texts."""

    @property
    def steps(self) -> Sequence[Suggestion]:
        """In the order of giving up."""

    @property
    def left(self) -> int:
        """The tokens of texts that are left after all of them."""


Plan = TypeVar("Plan", bound=TextPlan)


@dataclass(frozen=True, eq=False)
class ImagesToPlan:
    """The images that take part of the room."""

    tokens: NDArray[np.int64]
    """What each file is as an image and takes part as: ``int64[files]``."""
    drop: Suggestion | None
    """Leaves them out, as far as that may be."""
    shape: TreeShape

    @classmethod
    def of(
        cls, images: TreeImages, tree: TokenTree, model: LanguageModel, kept: NDArray[np.bool_] | None
    ) -> "ImagesToPlan | None":
        """Those of a tree for a model; None where no formula is known for it. ``kept``: see ``left_out``."""
        tokens = images.tokens(tree, model)
        if tokens is None:
            return None
        tokens = tokens * tree.included
        return cls(tokens, images.left_out(tree, tokens, kept), tree.shape)

    def plan(
        self, kinds: FileKinds, most: int, plan_texts: Callable[[int], Plan]
    ) -> tuple[Plan, list[Suggestion], int]:
        """A plan after which texts and images together are at most ``most`` tokens: that of the texts, all
        steps, and the tokens of images that are left. Images go before anything that a maintainer gives up
        later.

        ``plan_texts`` makes a plan of the texts for so many tokens.
        """
        every = int(self.tokens.sum())
        found = plan_texts(most - every)
        steps, left = self._along(found.steps, kinds)
        later = any(ORDER.index(one.kind) > _PLACE for one in steps if not one.shortening)
        if self.drop is None or (found.left + left <= most and not later):
            return found, steps, left
        found = plan_texts(most - every + self.drop.saves)
        steps, left = self._along(self.added_to(found.steps), kinds)
        return found, steps, left

    def added_to(self, steps: Sequence[Suggestion]) -> list[Suggestion]:
        """``steps`` with the one that leaves out images in its place, if there is one."""
        if self.drop is None:
            return list(steps)
        later = [one for one in steps if ORDER.index(one.kind) > _PLACE]
        return [*(one for one in steps if one not in later), self.drop, *later]

    def _along(self, steps: Sequence[Suggestion], kinds: FileKinds) -> tuple[list[Suggestion], int]:
        """The steps, each with the images that its lines leave out too, and the tokens of those that are
        left after all."""
        left, told = self.tokens.copy(), []
        for step in steps:
            if step.shortening:
                told.append(step)
                continue
            also = np.zeros(len(left), np.bool_)
            for node in step.nodes:
                also[self.shape.first_files[node] : self.shape.end_files[node]] = True
            also |= np.isin(kinds.patterns, [kinds.lines.index(line) for line in step.patterns])
            files = np.flatnonzero(also & (left > 0))
            if step.of_images:
                step = replace(step, files=files, saves=int(left[files].sum()))
            elif len(files):
                saves = step.saves + int(left[files].sum())
                step = replace(step, files=np.union1d(step.files, files), saves=saves)
            left[files] = 0
            if step.saves:
                told.append(step)
        return told, int(left.sum())
