"""A language model as the catalog knows it: how much it takes, what it costs, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, field

from tokviz.tokens import Provenance

Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Tokens: TypeAlias = Annotated[int, Meta(ge=1)]


class Access(StrEnum):
    """How its maker gives a model out."""

    API = "API"
    OPEN_WEIGHTS = "open weights"
    BOTH = "open weights and API"


class Rates(Struct, frozen=True, forbid_unknown_fields=True):
    """US dollars per million tokens; None is unknown (or not offered), never free."""

    input: Decimal
    output: Decimal
    cached_input: Decimal | None = None
    """Input that the maker still holds from an earlier request (a cache hit)."""
    cache_write: Decimal | None = None
    """Input that the maker is asked to hold."""
    batch_input: Decimal | None = None
    batch_output: Decimal | None = None

    def __post_init__(self) -> None:
        for name in Rates.__struct_fields__:
            amount = getattr(self, name)
            if amount is not None and not (amount.is_finite() and amount >= 0):
                raise ValueError(f"the price “{name}” is no amount of money")


class Tier(Rates, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a request of more than ``above`` input tokens pays on all its tokens."""

    above: Tokens


class Peak(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours at which the price is ``factor`` times the one listed."""

    factor: Decimal
    hours: Text


class Prices(Rates, frozen=True, forbid_unknown_fields=True):
    """What a model costs: the usual rates, and what changes them."""

    tiers: tuple[Tier, ...] = ()
    """By rising threshold."""
    peak: Peak | None = None
    note: str = ""
    """What else a person must know to trust the figures, in a few words."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if list(self.tiers) != sorted(self.tiers, key=lambda tier: tier.above):
            raise ValueError("the tiers do not rise")

    def rates(self, input_tokens: int) -> Rates:
        """The rates of a request of ``input_tokens``: those of the highest tier it exceeds."""
        return next((tier for tier in reversed(self.tiers) if input_tokens > tier.above), self)


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


class ModelFigures(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a row of ``models.toml`` says as it stands. None is unknown. Windows and limits are tokens."""

    id: Text
    name: Text
    developer: Text
    access: Access
    context_window: Tokens | None = None
    """Input and answer together."""
    max_input: Tokens | None = None
    max_output: Tokens | None = None
    strengths: Text
    tokenizer: Text
    """A name of ``tokenizers.toml``, or an estimator's."""
    provenance: Provenance
    """What a count made with ``tokenizer`` is for this model."""
    released: date | None = None
    retired: date | None = None
    """When the maker's own API stopped serving it, or is announced to."""
    notes: dict[str, str] = field(default_factory=dict)
    """By figure: where sources disagree, which one was taken and why."""


class LanguageModel(ModelFigures, frozen=True, kw_only=True):
    """A model as its maker last offered it."""

    prices: Prices | None
    host_sets_price: bool
    """There is no one price: whoever runs the open weights asks what they like."""
    sources: Mapping[str, Citation]
    """For each figure by its name in ``models.toml``, where it comes from."""

    @property
    def prices_as_of(self) -> date | None:
        """The date of the source of the prices; None if there are none."""
        return self.sources["prices"].source.date if self.prices else None

    def is_retired(self, today: date) -> bool:
        """Whether the maker's own API no longer serves it."""
        return self.retired is not None and self.retired <= today
