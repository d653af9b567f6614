"""The table of all tokenizers for one text: how many tokens each makes of it, and what that costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tokviz.analysis.cost import Cost
from tokviz.analysis.evaluation import evaluate
from tokviz.analysis.tokens.statistics import TextSize
from tokviz.catalog.model import LanguageModel
from tokviz.language import N_, _, gettext
from tokviz.lists import listed
from tokviz.tokenization.claude.infos import PLAIN_TITLES
from tokviz.tokenization.estimate import ESTIMATE, SOURCES
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count

_ESTIMATORS = {ESTIMATE: N_("Unpublished tokenizers (estimate)")}
_PLAIN_TITLES = {**PLAIN_TITLES, **_ESTIMATORS}


@dataclass(frozen=True, slots=True)
class Range:
    """A figure at the low, the likely and the high end; all equal unless an estimate is behind it."""

    low: float
    likely: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether it has no range."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class ComparisonEntry:
    """A tokenizer, or an estimator, as the table introduces it."""

    name: str
    """Its name in ``tokenizers.toml``, or the estimator's."""
    title: str
    """What a person reads."""
    vocabulary_size: int | None
    """None where nobody has said."""
    note: str = ""

    @property
    def plain_title(self) -> str:
        """The same in English, for files."""
        return _PLAIN_TITLES.get(self.name, self.title)


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What sending the text to one model costs."""

    model: LanguageModel
    cost: Cost | None
    """None: the price is unknown, or set by the host."""
    retired: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    """One tokenizer with what it makes of the text. None: not counted yet, or there is nothing to divide."""

    entry: ComparisonEntry
    count: Count | None
    bytes_per_token: Range | None
    characters_per_token: Range | None
    tokens_per_word: Range | None
    """Words as ``TextSize`` has them."""
    relative: Range | None
    """Tokens, where the baseline's likely count is 1.0."""
    models: tuple[ModelCost, ...]
    """The models that use it, those still served first."""

    @property
    def priced(self) -> tuple[ModelCost, ...]:
        """The models whose price is known, the cheapest first; retired ones only if there are no others."""
        known = [each for each in self.models if each.cost]
        served = [each for each in known if not each.retired] or known
        return tuple(sorted(served, key=_likely_cost))


def comparison_entries(registry: Registry) -> list[ComparisonEntry]:
    """Every tokenizer in the registry's order, then every estimator."""
    known = [registry.info(name) for name in registry.names()]
    entries = [
        ComparisonEntry(
            info.name, info.display_name, info.vocabulary_size, gettext(info.note) if info.note else ""
        )
        for info in known
    ]
    for name in registry.estimator_names():
        note = _("An estimate: there is no public tokenizer.")
        if name == ESTIMATE:
            sources = listed(SOURCES)
            note = _("The lowest, the middle and the highest count of {tokenizers}.", tokenizers=sources)
        entries.append(ComparisonEntry(name, gettext(_ESTIMATORS.get(name, name)), None, note))
    return entries


def _likely_cost(each: ModelCost) -> Decimal:
    return each.cost.likely if each.cost else Decimal("Infinity")  # verbatim


def comparison_table(
    size: TextSize,
    counts: Mapping[str, Count],
    entries: Sequence[ComparisonEntry],
    models: Sequence[LanguageModel],
    baseline: str,
    today: date,
) -> list[TableRow]:
    """A row for each entry, in their order. ``counts`` are those known so far, by name.

    A size of 0 is one that is not known yet.
    """
    base = counts.get(baseline)
    return [_row(each, size, counts.get(each.name), base, models, today) for each in entries]


def _row(
    entry: ComparisonEntry,
    size: TextSize,
    count: Count | None,
    base: Count | None,
    models: Sequence[LanguageModel],
    today: date,
) -> TableRow:
    uses = [
        ModelCost(model, evaluate(model, count).sending if count else None, model.is_retired(today))
        for model in models
        if model.tokenizer == entry.name
    ]
    return TableRow(
        entry,
        count,
        _per_token(size.bytes, count),
        _per_token(size.characters, count),
        _divided(count, size.words),
        _divided(count, base.tokens if base else 0),
        tuple(sorted(uses, key=lambda use: use.retired)),
    )


def _per_token(amount: int, count: Count | None) -> Range | None:
    """More tokens mean fewer bytes for each, so the ends change places."""
    if not amount or not count or not count.low:
        return None
    return Range(amount / count.high, amount / count.tokens, amount / count.low)


def _divided(count: Count | None, by: int) -> Range | None:
    if not count or not by:
        return None
    return Range(count.low / by, count.tokens / by, count.high / by)
