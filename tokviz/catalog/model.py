"""A language model as the catalog knows it: how much it takes, what it costs, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tokviz.tokens import Provenance


class Access(StrEnum):
    """How its maker gives a model out."""

    API = "API"
    OPEN_WEIGHTS = "open weights"
    BOTH = "open weights and API"


@dataclass(frozen=True, slots=True)
class Rates:
    """US dollars per million tokens; None is unknown (or not offered), never free."""

    input: Decimal
    output: Decimal
    cached_input: Decimal | None = None
    """Input that the maker still holds from an earlier request (a cache hit)."""
    cache_write: Decimal | None = None
    """Input that the maker is asked to hold."""
    batch_input: Decimal | None = None
    batch_output: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """A request of more than ``above`` input tokens pays ``rates`` on all its tokens."""

    above: int
    rates: Rates


@dataclass(frozen=True, slots=True)
class Peak:
    """Hours at which the price is ``factor`` times the one listed."""

    factor: Decimal
    hours: str


@dataclass(frozen=True, slots=True)
class Prices:
    """What a model costs: the usual rates, and what changes them."""

    usual: Rates
    tiers: tuple[Tier, ...] = ()
    """By rising threshold."""
    peak: Peak | None = None
    note: str = ""
    """What else a person must know to trust the figures, in a few words."""

    def rates(self, input_tokens: int) -> Rates:
        """The rates of a request of ``input_tokens``: those of the highest tier it exceeds."""
        for tier in reversed(self.tiers):
            if input_tokens > tier.above:
                return tier.rates
        return self.usual


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that figures were taken from."""

    name: str
    title: str
    date: date
    """When it was published, or read if it has no date of its own."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where one figure stands: a source, and the entry in it (empty if there is but one)."""

    source: Source
    key: str = ""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """One row of ``models.toml``: a model as its maker last offered it. None is unknown.

    Windows and limits are tokens.
    """

    id: str
    name: str
    developer: str
    access: Access
    context_window: int | None
    """Input and answer together."""
    max_input: int | None
    max_output: int | None
    strengths: str
    tokenizer: str
    """A name of ``tokenizers.toml``, or an estimator's."""
    provenance: Provenance
    """What a count made with ``tokenizer`` is for this model."""
    prices: Prices | None
    host_sets_price: bool
    """There is no one price: whoever runs the open weights asks what they like."""
    released: date | None
    retired: date | None
    """When the maker's own API stopped serving it, or is announced to."""
    sources: Mapping[str, Citation]
    """For each figure by its name in ``models.toml``, where it comes from."""
    notes: Mapping[str, str]
    """By figure: where sources disagree, which one was taken and why."""

    @property
    def prices_as_of(self) -> date | None:
        """The date of the source of the prices; None if there are none."""
        return self.sources["prices"].source.date if self.prices else None

    def is_retired(self, today: date) -> bool:
        """Whether the maker's own API no longer serves it."""
        return self.retired is not None and self.retired <= today
