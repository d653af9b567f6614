"""``--fits`` and ``--budget``: whether the inputs are small enough, and else what to leave out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis import fit_words, formatting
from tokviz.analysis.budget import Standing
from tokviz.analysis.codebase.file_kinds import ORDER, FileKinds, Kind
from tokviz.analysis.codebase.planning import plan
from tokviz.analysis.codebase.shrinking import Shrinking, chosen, plan_smaller
from tokviz.analysis.codebase.suggestions import Suggestion
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_images import ImagesToPlan, TreeImages
from tokviz.analysis.evaluation import Evaluation
from tokviz.catalog.model import LanguageModel
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.language import _, ngettext
from tokviz.tokens import Count, Provenance

DOES_NOT_FIT = 3
"""The exit code."""


_TRIES = 6
"""How often less is aimed at, where what is left turned out to be too much all the same."""
Measure = Callable[[str, NDArray[np.bool_], NDArray[np.uint8] | None], int]
"""The tokens, by a tokenizer, of a text that holds these files (``bool[files]``), shortened so (a mask for
each)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of tokens that the inputs may be."""

    tokenizer: str
    most: int
    count: Count
    sentence: str
    """Whether they are, and by how much."""
    kept: bool | None
    """None where that depends on where in its range an estimate lies."""
    model: LanguageModel | None = None
    """Whose formula counts images, which are in ``count`` if there are any; None: there are none in it."""


def model_limit(row: Evaluation) -> Limit:
    """The usable window of a model."""
    fit, name = row.fit, row.model.name
    between = formatting.count_range(row.count)
    count = formatting.count(row.count)
    values = {
        "model": name,
        # Translators: {tokens} is an estimate, {between} the range that it lies in.
        "tokens": _("{tokens} ({between})", tokens=count, between=between) if between else count,
        "usable": formatting.grouped(fit.usable or 0),
        "room": fit_words.room_and_doubt(fit),
    }
    match fit.standing:
        # Translators: {room} says how many tokens are left, or over.
        case Standing.FITS:
            sentence = _("Fits {model}: {tokens} of {usable} usable tokens, {room}.", **values)
        case Standing.MAY_NOT_FIT:
            sentence = _("May not fit {model}: {tokens} of {usable} usable tokens, {room}.", **values)
        case Standing.ANSWER_CUT:
            sentence = _(
                "Leaves the answer of {model} too little: {tokens} of {usable} usable tokens, {room}.",
                **values,
            )
        case Standing.TOO_LONG:
            sentence = _("Does not fit {model}: {tokens} of {usable} usable tokens, {room}.", **values)
        case Standing.UNKNOWN:
            sentence = _("The window of {model} is unknown.", model=name)
    return Limit(row.model.tokenizer, fit.usable or 0, row.count, sentence, fit.fits, row.model)


def budget_limit(name: str, counted: Count, budget: int) -> Limit:
    """A number of tokens of one tokenizer."""
    kept = True if counted.high <= budget else False if counted.low > budget else None
    values = {
        "n": formatting.count(counted),
        "budget": formatting.grouped(budget),
        "tokenizer": name,
    }
    if kept:
        sentence = ngettext(
            "Within the budget of {budget}: {n} token ({tokenizer}).",
            "Within the budget of {budget}: {n} tokens ({tokenizer}).",
            counted.tokens,
            **values,
        )
    elif kept is None:
        sentence = ngettext(
            "Perhaps over the budget of {budget}: {n} token ({tokenizer}), {between}.",
            "Perhaps over the budget of {budget}: {n} tokens ({tokenizer}), {between}.",
            counted.tokens,
            between=formatting.count_range(counted),
            **values,
        )
    else:
        sentence = ngettext(
            "Over the budget of {budget} by {over}: {n} token ({tokenizer}).",
            "Over the budget of {budget} by {over}: {n} tokens ({tokenizer}).",
            counted.tokens,
            over=formatting.mark(counted) + formatting.grouped(counted.tokens - budget),
            **values,
        )
    return Limit(name, budget, counted, sentence, kept)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to leave out so that every limit is kept."""

    tree: TokenTree
    weights: NDArray[np.int64]
    """Each file's tokens (``int64[files]``), an image's too, when what is to be shortened is."""
    steps: list[Suggestion]
    left: int
    """Tokens that then are left."""
    most: int
    """Tokens that may be."""
    kinds: FileKinds
    mark: str
    """What stands before figures that are worked out from an estimate."""
    unmeasured: bool = False
    """Whether it is not known what comments and blank lines would save, which would change it."""

    @property
    def shorten(self) -> list[Shortening]:
        """What is to be shortened."""
        return [step.shortening for step in self.steps if step.shortening]

    @property
    def of_code(self) -> NDArray[np.bool_]:
        """The files that could do with fewer lines, where tests or the own source are to go: what is left
        when everything before them is. ``bool[files]``"""
        drops = [step for step in self.steps if not step.shortening]
        last = max((ORDER.index(step.kind) for step in drops), default=0)
        if last < ORDER.index(Kind.TESTS):
            return np.zeros(len(self.weights), np.bool_)
        rest = self.tree.takes_part.copy()
        for step in drops:
            if ORDER.index(step.kind) < last:
                rest[step.files] = False
        return rest

    @property
    def leaves_nothing(self) -> bool:
        """Whether all that there is is to be left out."""
        return bool(self.steps) and self.left == 0

    @property
    def saves(self) -> int:
        """The tokens that are saved."""
        return sum(step.saves for step in self.steps)

    def lines(self, shown: Callable[[int], str]) -> list[str]:
        """For people: every pattern and path. ``shown`` gives the path of a node."""
        if not self.steps:
            return [_("Nothing can be left out.")]
        if self.shorten:
            lines = [_("To make it fit:"), *self._shorten_lines()]
        else:
            lines = [
                _("To make it fit, leave out (as in .tokvizignore or with --exclude; --apply writes it):")
            ]
        drops = [step for step in self.steps if not step.shortening]
        if self.shorten and drops:
            lines.append(_("and leave out (as in .tokvizignore or with --exclude; --apply writes it):"))
        source = False
        for step in drops:
            if step.kind is ORDER[-1] and not source:
                source = True
                lines.append(_("and of your own source, for nothing else is left:"))
            what = step.words if step.patterns or step.of_images else step.kind.words
            head = f"  {self._figure(step.saves)}  {what}"
            named = [*step.patterns, *map(shown, step.nodes)]
            lines += (
                [f"{head}: {named[0]}"] if len(named) == 1 else [head, *(f"{'':16}{one}" for one in named)]
            )
        # Translators: stands behind a number.
        fits = _("tokens are left, which fits")
        # Translators: stands behind a number.
        too_many = _("tokens are left, still too many: what is kept is larger")
        lines.append(f"  {self._figure(self.left)}  {fits if self.left <= self.most else too_many}")
        return lines

    def _shorten_lines(self) -> list[str]:
        lines = [_("shorten (with --shorten {ways}):", ways=",".join(self.shorten))]
        for step in self.steps:
            if step.shortening:
                files = ngettext("{n} file", "{n} files", len(step.files))
                lines.append(f"  {self._figure(step.saves)}  {step.words} ({files})")
        return lines

    def _figure(self, tokens: int) -> str:
        return (self.mark + formatting.grouped(tokens)).rjust(12)

    def records(self, shown: Callable[[int], str]) -> Iterator[dict[str, object]]:
        """For programs: an object for each pattern and path, and for each way of shortening."""
        for step in self._apart():
            if step.shortening:
                yield {
                    "pattern": "*",
                    "shorten": step.shortening,
                    "kind": step.title,
                    "action": "shrink",
                    "files": len(step.files),
                    "tokens": step.saves,
                }
            for pattern, files in self._by_pattern(step):
                yield self._record("pattern", pattern, step, files)
            for node in step.nodes:
                first, end = self.tree.shape.first_files[node], self.tree.shape.end_files[node]
                inside = step.files[(step.files >= first) & (step.files < end)]
                yield self._record("path", shown(node), step, inside)

    def _apart(self) -> list[Suggestion]:
        """The steps, and in the place of what is told together each by its own kind, in order."""
        found = [step for step in self.steps if not step.parts]
        for part in (part for step in self.steps for part in step.parts):
            later = (at for at, one in enumerate(found) if ORDER.index(one.kind) > ORDER.index(part.kind))
            found.insert(next(later, len(found)), part)
        return found

    def _by_pattern(self, step: Suggestion) -> Iterator[tuple[str, NDArray[np.int64]]]:
        named = np.zeros(len(self.weights), np.bool_)
        for node in step.nodes:
            named[self.tree.shape.first_files[node] : self.tree.shape.end_files[node]] = True
        rest = step.files[~named[step.files]]
        for pattern in step.patterns:
            yield pattern, rest[self.kinds.patterns[rest] == self.kinds.lines.index(pattern)]

    def _record(self, what: str, name: str, step: Suggestion, files: NDArray[np.int64]) -> dict[str, object]:
        tokens = int(self.weights[files].sum())
        record: dict[str, object] = {what: name, "kind": step.kind.value, "action": "drop"}
        record |= {"files": len(files), "tokens": tokens}
        return record | ({"provenance": Provenance.FORMULA.value} if step.of_images else {})


def advise(
    limits: Sequence[Limit],
    tree: TokenTree,
    weights: Mapping[str, NDArray[np.int64]],
    kinds: FileKinds,
    kept: NDArray[np.bool_] | None,
    measure: Measure | None = None,
    shrinking: Callable[[str], Shrinking] | None = None,
    images: TreeImages | None = None,
) -> Advice | None:
    """What to leave out so that all of ``limits`` are kept; None if they are. ``weights``: by tokenizer, each
    file's tokens. ``measure``: tells what is left, if no sum does. ``shrinking``: by tokenizer, what files
    count when they are shortened, if that is known. ``images``: those that are counted by formula where a
    limit has a model."""
    asked = [
        _Asked(
            limit,
            tree,
            weights[limit.tokenizer],
            kinds,
            kept,
            measure,
            shrinking(limit.tokenizer) if shrinking else None,
            ImagesToPlan.of(images, tree, limit.model, kept) if images and limit.model else None,
        )
        for limit in sorted(limits, key=lambda one: one.most)
        if not limit.kept
    ]
    return _for_all(asked, [one.advice(one.most) for one in asked]) if asked else None


@dataclass(frozen=True, eq=False)
class _Asked:
    """One limit that is not kept, and what a plan for it needs."""

    limit: Limit
    tree: TokenTree
    weights: NDArray[np.int64]
    kinds: FileKinds
    kept: NDArray[np.bool_] | None
    measure: Measure | None
    shrinking: Shrinking | None
    images: ImagesToPlan | None

    @property
    def most(self) -> int:
        """The tokens that may be left: an estimate must be small enough at the high end of its range."""
        return self.limit.most * self.limit.count.tokens // max(1, self.limit.count.high)

    def advice(self, most: int) -> Advice:
        """What to leave out so that at most so many tokens are left."""
        if self.images is None:
            return self._of_text(most)
        # Images take part of the room.
        advice, steps, tokens = self.images.plan(self.kinds, most, self._of_text)
        weights = advice.weights + self.images.tokens
        return replace(advice, steps=steps, left=advice.left + tokens, most=most, weights=weights)

    def left(self, steps: Sequence[Suggestion]) -> int:
        """The tokens that are left after ``steps``, which may be those for another limit."""
        flags, wanted, weights = self._after(steps)
        left = self._text_left(flags, wanted, weights)
        if self.images is None:
            return left
        gone = np.zeros(len(flags), np.bool_)
        for step in steps:
            gone[step.files] |= not step.shortening
        return left + int(self.images.tokens[~gone].sum())

    def _of_text(self, most: int) -> Advice:
        aim = most
        for _attempt in range(_TRIES):
            if self.shrinking:
                steps = plan_smaller(self.shrinking, self.kinds, max(0, aim), self.kept)
            else:
                steps = plan(self.tree, self.weights, self.kinds, max(0, aim), self.kept)
            flags, wanted, weights = self._after(steps)
            left = self._text_left(flags, wanted, weights)
            if left <= most or aim <= 0:
                break
            # A plan may leave less than it may: less than that is to be aimed at.
            aim = min(aim, int(weights[flags].sum())) - (left - most)
        mark = formatting.mark(self.limit.count)
        return Advice(self.tree, weights, steps, left, most, self.kinds, mark)

    def _after(
        self, steps: Sequence[Suggestion]
    ) -> tuple[NDArray[np.bool_], NDArray[np.uint8] | None, NDArray[np.int64]]:
        """The files that are left, how they are shortened, and the tokens of each."""
        flags, wanted = self.tree.takes_part.copy(), self.shrinking.wanted if self.shrinking else None
        for step in steps:
            if step.shortening and wanted is not None:
                wanted = chosen(wanted, step)
            else:
                flags[step.files] = False
        weights = self.weights if self.shrinking is None or wanted is None else self.shrinking.weights(wanted)
        return flags, wanted, weights

    def _text_left(
        self, flags: NDArray[np.bool_], wanted: NDArray[np.uint8] | None, weights: NDArray[np.int64]
    ) -> int:
        if self.measure:
            return self.measure(self.limit.tokenizer, flags, wanted)
        return int(weights[flags].sum())


def _for_all(asked: Sequence[_Asked], found: Sequence[Advice]) -> Advice:
    """Of advice for one limit each, that which keeps all of them and most of the files; else the nearest,
    with less left until all are kept. Each tokenizer has its own count, so no sum says which that is."""
    if len(asked) == 1:
        return found[0]
    over = [_most_over(asked, advice) for advice in found]
    if good := [advice for advice, more in zip(found, over, strict=True) if more <= 0]:
        return max(good, key=lambda advice: asked[0].left(advice.steps))
    place = min(range(len(found)), key=lambda number: over[number])
    one, advice, more = asked[place], found[place], over[place]
    for _attempt in range(_TRIES):
        if more <= 0 or not advice.left:
            break
        advice = one.advice(max(0, advice.left - more))
        more = _most_over(asked, advice)
    return replace(advice, most=min(one.most, advice.left - more))


def _most_over(asked: Sequence[_Asked], advice: Advice) -> int:
    """By how many tokens the advice misses the limit that it misses most; below 0 if it misses none."""
    return max(one.left(advice.steps) - one.most for one in asked)
