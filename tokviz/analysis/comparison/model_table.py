"""The table of models for one text: tokens, share of the window and cost of each, and how they compare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tokviz.analysis.budget import Standing
from tokviz.analysis.comparison.comparison_table import Range
from tokviz.analysis.cost import Cost
from tokviz.analysis.evaluation import Evaluation, evaluate
from tokviz.catalog.model import LanguageModel
from tokviz.language import N_, gettext
from tokviz.tokens import Count

SMALLEST, CHEAPEST = N_("fewest tokens"), N_("cheapest")
_LIKELY = {SMALLEST: N_("likely fewest tokens"), CHEAPEST: N_("likely cheapest")}
"""What a mark is that another model's range leaves open."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model with what the text is to it. None: not counted yet, or nothing to compare with."""

    model: LanguageModel
    found: Evaluation | None
    relative: Range | None
    """Tokens, where the baseline's likely count is 1.0."""
    relative_cost: Range | None
    """The cost of sending, where the baseline's likely cost is 1.0."""
    retired: bool
    marks: tuple[str, ...] = ()
    """``SMALLEST`` and ``CHEAPEST``, with ``likely`` before it where a range leaves it open; in English."""

    @property
    def mark_words(self) -> list[str]:
        """The marks for people."""
        return list(map(gettext, self.marks))

    def has(self, mark: str) -> bool:
        """Whether it bears the mark, for certain or likely."""
        return mark in self.marks or _LIKELY[mark] in self.marks


def model_table(
    counts: Mapping[str, Count],
    models: Sequence[LanguageModel],
    baseline: str,
    today: date,
    reserve: int | None = None,
) -> list[ModelRow]:
    """A row for each of ``models``, in their order.

    ``counts`` are those known so far, by tokenizer; ``baseline`` is the id of the model that is 100 %;
    ``reserve``: tokens kept for the answer, None for each model's own default. Retired models, and those that
    the text cannot be sent to, are neither the cheapest nor the one with the fewest tokens.
    """
    found = {
        model.id: evaluate(model, counts[model.tokenizer], reserve)
        for model in models
        if model.tokenizer in counts
    }
    taking_part = [
        found[model.id]
        for model in models
        if model.id in found
        and not model.is_retired(today)
        and found[model.id].fit.standing is not Standing.TOO_LONG
    ]
    marks = {
        SMALLEST: _least([(each.model.id, _tokens(each)) for each in taking_part]),
        CHEAPEST: _least([(each.model.id, _dollars(each.sending)) for each in taking_part]),
    }
    base = found.get(baseline)
    return [
        ModelRow(
            model,
            found.get(model.id),
            _compared(found.get(model.id), base, _tokens),
            _compared(found.get(model.id), base, lambda each: _dollars(each.sending)),
            model.is_retired(today),
            tuple(
                _LIKELY[mark] if those[model.id] else mark
                for mark, those in marks.items()
                if model.id in those
            ),
        )
        for model in models
    ]


def _tokens(found: Evaluation) -> Range:
    return Range(found.count.low, found.count.tokens, found.count.high)


def _dollars(cost: Cost | None) -> Range | None:
    return None if cost is None else Range(float(cost.low), float(cost.likely), float(cost.high))


def _least(values: Sequence[tuple[str, Range | None]]) -> dict[str, bool]:
    """By the id of each model with the smallest likely value, whether a range leaves that open."""
    known = [(name, value) for name, value in values if value is not None]
    if len(known) < 2:
        return {}
    least = min(value.likely for _name, value in known)
    those = [(name, value) for name, value in known if value.likely == least]
    if len(those) == len(known):
        return {}
    others = [value for name, value in known if value.likely > least]
    return {name: any(other.low < value.high for other in others) for name, value in those}


def _compared(
    found: Evaluation | None, base: Evaluation | None, value: Callable[[Evaluation], Range | None]
) -> Range | None:
    own = value(found) if found else None
    other = value(base) if base else None
    if own is None or other is None or not other.likely:
        return None
    return Range(own.low / other.likely, own.likely / other.likely, own.high / other.likely)
