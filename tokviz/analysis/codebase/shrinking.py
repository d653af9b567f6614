"""Plans that shrink before they drop: what to shorten and what to leave out so that a codebase fits.

What loses no point is first: lock and minified files as a line, notebooks as their cells, base64 as a note.
Then by-products are left out; then blank lines go before tests do, and comments before the own source.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.file_kinds import ORDER, FileKinds, Kind
from tokviz.analysis.codebase.planning import plan_apart
from tokviz.analysis.codebase.shortened_counts import ShortenedCounts, bit_of
from tokviz.analysis.codebase.suggestions import TINY, Suggestion, folded
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.count_plan import make_decoder
from tokviz.documents.shortening.shortenings import Shortening

_FIRST = (Shortening.LOCK_FILES, Shortening.MINIFIED, Shortening.NOTEBOOKS, Shortening.BASE64)
_BEFORE = {
    **dict.fromkeys(_FIRST, ORDER[0]),
    Shortening.BLANK_LINES: Kind.TESTS,
    Shortening.COMMENTS: Kind.SOURCE,
}
"""What is not left out before everything was shortened so."""


@dataclass(frozen=True, eq=False)
class Shrinking:
    """A codebase of which every file may be shortened, and what each then counts by one tokenizer."""

    tree: TokenTree
    """With the counts of whole texts."""
    found: ShortenedCounts
    wanted: NDArray[np.uint8]
    """What is chosen already: a mask for each file, ``uint8[m]``."""
    name: str
    """The tokenizer or estimator."""
    around: int = 0
    """Tokens that packing adds to each file."""

    def weights(self, wanted: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Each file's tokens when so much is chosen: ``int64[m]``."""
        decoder = make_decoder(self.name)
        columns = self.found.columns(self.tree, self.tree.positions(decoder.sources), wanted)
        return decoder.tokens(columns) + self.around

    def suggestion(
        self, one: Shortening, wanted: NDArray[np.uint8], part: NDArray[np.bool_]
    ) -> Suggestion | None:
        """What choosing one more saves in ``part`` (``bool[m]``), beside ``wanted``; None if nothing."""
        gains = self.weights(wanted) - self.weights(np.where(part, wanted | np.uint8(bit_of(one)), wanted))
        files = np.flatnonzero((gains > 0) & part)
        if not len(files):
            return None
        return Suggestion(_BEFORE[one], one.label, files, int(gains[files].sum()), shortening=one)


def suggest_shrinking(shrinking: Shrinking, kept: NDArray[np.bool_] | None = None) -> list[Suggestion]:
    """Every shortening that saves something beside what is chosen already, in the order of giving up."""
    part = _part(shrinking.tree, kept)
    found = [shrinking.suggestion(one, shrinking.wanted, part) for one in _BEFORE]
    return [one for one in found if one is not None]


def plan_smaller(
    shrinking: Shrinking, kinds: FileKinds, budget: int, kept: NDArray[np.bool_] | None = None
) -> list[Suggestion]:
    """What to shorten and leave out so that at most ``budget`` tokens are left, or as near as that comes.

    Each says what it saves of the files' own tokens.
    """
    tree, wanted, total = shrinking.tree, shrinking.wanted, left_after(shrinking, [])
    part = _part(tree, kept)
    shrinks: list[Suggestion] = []

    def drops() -> list[Suggestion]:
        return plan_apart(tree, shrinking.weights(wanted), kinds, budget, kept)

    def over() -> int:
        return int(shrinking.weights(wanted)[tree.takes_part].sum()) - budget

    while (missing := over()) > 0 and (
        best := _best([shrinking.suggestion(one, wanted, part) for one in _FIRST], missing)
    ):
        shrinks.append(best)
        wanted = chosen(wanted, best)
    steps = drops()
    for one in (Shortening.BLANK_LINES, Shortening.COMMENTS):
        if not any(ORDER.index(step.kind) >= ORDER.index(_BEFORE[one]) for step in steps):
            break
        more = shrinking.suggestion(one, wanted, part)
        if more and more.saves > TINY * total:
            shrinks.append(more)
            wanted = chosen(wanted, more)
            steps = drops()
    alone = replace(shrinking, around=0)
    while True:
        told = _told(alone, _ordered(_needed(shrinking, shrinks, steps, budget), steps))
        # Of what is left when others are left out, next to nothing may be to shorten.
        vain = {step.shortening for step in told if step.shortening and step.saves < TINY * total}
        if not vain:
            return folded(told, total)
        shrinks = [one for one in shrinks if one.shortening not in vain]
        wanted = shrinking.wanted
        for shrink in shrinks:
            wanted = chosen(wanted, shrink)
        steps = drops()


def chosen(wanted: NDArray[np.uint8], shrink: Suggestion) -> NDArray[np.uint8]:
    """``wanted`` with what a suggestion shortens."""
    assert shrink.shortening is not None
    found = wanted.copy()
    found[shrink.files] |= np.uint8(bit_of(shrink.shortening))
    return found


def _part(tree: TokenTree, kept: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    return tree.takes_part if kept is None else tree.takes_part & ~kept


def _best(offered: Collection[Suggestion | None], over: int) -> Suggestion | None:
    """The smallest that is enough, else the largest."""
    found = sorted((one for one in offered if one), key=lambda one: one.saves)
    return next((one for one in found if one.saves >= over), found[-1] if found else None)


def _needed(
    shrinking: Shrinking, shrinks: Sequence[Suggestion], drops: Sequence[Suggestion], budget: int
) -> list[Suggestion]:
    """Without those of which every file is left out all the same, and those without which the rest fits: but
    nothing is left out, and no comment removed, before what loses no point was shortened."""
    gone = np.concatenate([np.zeros(0, np.int64), *(drop.files for drop in drops)])
    left = [replace(one, files=np.setdiff1d(one.files, gone)) for one in shrinks]
    needed = [one for one in left if len(one.files)]
    for one in reversed(needed):
        if one.shortening in _FIRST and (drops or needed[-1].shortening not in _FIRST):
            break
        others = [other for other in needed if other is not one]
        if left_after(shrinking, [*others, *drops]) <= budget:
            needed = others
    return needed


def left_after(shrinking: Shrinking, steps: Iterable[Suggestion]) -> int:
    """The tokens that are left after all of ``steps``."""
    wanted, part = shrinking.wanted, shrinking.tree.takes_part.copy()
    for step in steps:
        if step.shortening:
            wanted = chosen(wanted, step)
        else:
            part[step.files] = False
    return int(shrinking.weights(wanted)[part].sum())


def _ordered(shrinks: Sequence[Suggestion], drops: Sequence[Suggestion]) -> list[Suggestion]:
    """Each shortening before what is not left out before it."""
    # Of one kind, what is shortened stands first: sorting is stable.
    return sorted([*shrinks, *drops], key=lambda one: ORDER.index(one.kind))


def _told(shrinking: Shrinking, steps: Sequence[Suggestion]) -> list[Suggestion]:
    """Each with what it saves after those before it."""
    before, told = left_after(shrinking, []), []
    for number, step in enumerate(steps):
        now = left_after(shrinking, steps[: number + 1])
        told.append(replace(step, saves=before - now))
        before = now
    return [step for step in told if step.saves]
