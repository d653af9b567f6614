"""A language model as the catalog knows it: how much it takes, what it costs, and who says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct, field

from tokviz.catalog.days import spelled_day
from tokviz.language import N_, TranslatedEnum, _, gettext
from tokviz.lists import both, listed
from tokviz.tokens import Provenance

Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Tokens: TypeAlias = Annotated[int, Meta(ge=1)]


_DAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


class Access(TranslatedEnum):
    """How its maker gives a model out."""

    API = N_("API")
    OPEN_WEIGHTS = N_("open weights")
    BOTH = N_("open weights and API")


class Capability(TranslatedEnum):
    """What a model takes or does beside text in, text out."""

    VISION = N_("vision")
    AUDIO = N_("audio")
    VIDEO = N_("video")
    PDF = N_("PDF")
    REASONING = N_("reasoning")
    TOOLS = N_("tools")
    STRUCTURED = N_("structured output")
    SEARCH = N_("web search")


class Rates(Struct, frozen=True, forbid_unknown_fields=True):
    """US dollars per million tokens; None is unknown (or not offered), never free."""

    input: Decimal
    output: Decimal
    cached_input: Decimal | None = None
    """Input that the maker still holds from an earlier request (a cache hit)."""
    cache_write: Decimal | None = None
    """Input that the maker is asked to hold for its usual time (Anthropic: five minutes)."""
    cache_write_1h: Decimal | None = None
    """Input that the maker is asked to hold for an hour."""
    cache_write_12h: Decimal | None = None
    """Input that the maker is asked to hold for more than twelve hours (OpenAI)."""
    batch_input: Decimal | None = None
    """Answered within a day, not at once; so with the other batch rates."""
    batch_output: Decimal | None = None
    batch_cached_input: Decimal | None = None
    batch_cache_write: Decimal | None = None
    batch_cache_write_1h: Decimal | None = None

    def __post_init__(self) -> None:
        for name in RATES:
            amount = getattr(self, name)
            if amount is not None and not (amount.is_finite() and amount >= 0):
                raise ValueError(_("the price “{name}” is no amount of money", name=name))


RATES = Rates.__struct_fields__
"""The names of the rates, input and output first."""


class Tier(Rates, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a request of more than ``above`` input tokens pays on all its tokens."""

    above: Tokens


class Weekday(StrEnum):
    """The days of the week, Monday first."""

    MONDAY = "Mon"  # verbatim
    TUESDAY = "Tue"  # verbatim
    WEDNESDAY = "Wed"  # verbatim
    THURSDAY = "Thu"  # verbatim
    FRIDAY = "Fri"  # verbatim
    SATURDAY = "Sat"  # verbatim
    SUNDAY = "Sun"  # verbatim


Hours: TypeAlias = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$")]


class Peak(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours at which the price is ``factor`` times the one listed."""

    factor: Decimal
    hours: tuple[Hours, ...]
    """``HH:MM-HH:MM``, UTC; the end is excluded."""
    days: tuple[Weekday, ...] = tuple(Weekday)
    but_not_on: str = ""
    """Days that are excepted, in words: “Chinese public holidays”."""
    excepted: tuple[date, ...] = ()
    """Those days as far as they are known."""

    @property
    def when(self) -> str:
        """“Monday to Friday, 01:00 to 04:00 and 06:00 to 10:00 UTC, except on Chinese public holidays”."""
        hours = both(_range(*span.split("-")) for span in self.hours)
        if set(self.days) == set(Weekday):
            said = _("{hours} UTC", hours=hours)
        else:
            # Translators: {days} is such as “Monday to Friday”, {hours} “01:00 to 04:00”.
            said = _("{days}, {hours} UTC", days=_days_in_words(self.days), hours=hours)
        if not self.but_not_on:
            return said
        # Translators: {when} is such as “Monday to Friday, 01:00 to 04:00 UTC”.
        return _("{when}, except on {days}", when=said, days=gettext(self.but_not_on))

    def holds(self, moment: datetime) -> bool:
        """Whether ``moment`` (with its time zone) lies in the hours."""
        utc = moment.astimezone(UTC)
        if tuple(Weekday)[utc.weekday()] not in self.days or utc.date() in self.excepted:
            return False
        clock = utc.strftime("%H:%M")
        return any(start <= clock < end for start, end in (span.split("-") for span in self.hours))


def _days_in_words(days: tuple[Weekday, ...]) -> str:
    names = [name for name, day in zip(_DAYS, Weekday, strict=True) if day in days]
    ordered = [day for day in Weekday if day in days]
    first = tuple(Weekday).index(ordered[0]) if ordered else 0
    if len(names) > 2 and ordered == list(Weekday)[first : first + len(ordered)]:
        return _range(names[0], names[-1])
    return both(names)


def _range(first: str, last: str) -> str:
    return _("{first} to {last}", first=first, last=last)


class RateCard(Rates, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a model costs for a time: the usual rates, and what changes them."""

    tiers: tuple[Tier, ...] = ()
    """By rising threshold."""
    peak: Peak | None = None
    note: str = ""
    """What else a person must know to trust the figures, in a few words."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if list(self.tiers) != sorted(self.tiers, key=lambda tier: tier.above):
            raise ValueError(_("the tiers do not rise"))

    def rates(self, input_tokens: int) -> Rates:
        """The rates of a request of ``input_tokens``: those of the highest tier it exceeds."""
        return next((tier for tier in reversed(self.tiers) if input_tokens > tier.above), self)


class LaterPrices(RateCard, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a model costs from a day on."""

    start: date = field(name="from")


class Prices(RateCard, frozen=True, forbid_unknown_fields=True):
    """What a model costs today, and what is announced."""

    later: tuple[LaterPrices, ...] = ()
    """By rising date."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if list(self.later) != sorted(self.later, key=lambda prices: prices.start):
            raise ValueError(_("the dates in “later” do not rise"))

    def on(self, day: date) -> "Prices":
        """The prices that hold on ``day``, with those that follow after it."""
        begun = [prices for prices in self.later if prices.start <= day]
        if not begun:
            return self
        values = {name: getattr(begun[-1], name) for name in RateCard.__struct_fields__}
        return Prices(**values, later=self.later[len(begun) :])


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
    capabilities: tuple[Capability, ...] | None = None
    """None: nobody has said."""
    min_cacheable: Tokens | None = None
    """The shortest beginning of a request that the maker holds for the next one."""
    strengths: Text
    tokenizer: Text
    """A name of ``tokenizers.toml``, or an estimator's."""
    provenance: Provenance
    """What a count made with ``tokenizer`` is for this model."""
    released: date | None = None
    retired: date | None = None
    """When the maker's own API stopped serving it, or is announced to."""
    withdrawn: bool = False
    """The maker's own API no longer serves it, and nobody has written down since when."""
    notes: dict[str, str] = field(default_factory=dict)
    """By figure: where sources disagree, which one was taken and why."""


class LanguageModel(ModelFigures, frozen=True, kw_only=True):
    """A model as its maker last offered it."""

    prices: Prices | None
    """Those that hold on the day when the catalog is read; ``later`` has what is announced."""
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
        return self.withdrawn or (self.retired is not None and self.retired <= today)

    @property
    def good_at(self) -> str:
        """Its strengths, in the language that was chosen."""
        return listed(map(gettext, self.strengths.split(", ")))

    def retirement(self, today: date) -> str:
        """“retires 11 Dec 2026”, “retired 23 Oct 2026”, “retired”; empty if nothing is announced."""
        if self.retired is None:
            return _("retired") if self.withdrawn else ""
        day = spelled_day(self.retired)
        # Translators: a model is or will be served no longer.
        return _("retired {day}", day=day) if self.is_retired(today) else _("retires {day}", day=day)


def likeliest_ids(models: Iterable[LanguageModel], today: date) -> list[str]:
    """Their ids, in the order in which somebody means them who types a part of one: living models first, and
    of these the newest."""
    order = sorted(models, key=lambda model: model.released or date.min, reverse=True)
    return [model.id for model in sorted(order, key=lambda model: model.is_retired(today))]
