"""What a habit costs: so many calls a day, each with this text, an answer, and a beginning that is cached."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial

from tokviz import language
from tokviz.analysis import cost_words, formatting, table_text
from tokviz.analysis.budget import Fit, fit
from tokviz.analysis.cost import Cost, Request, request_cost
from tokviz.analysis.evaluation import evaluate
from tokviz.catalog.caching import CachingRules
from tokviz.catalog.model import LanguageModel, Prices
from tokviz.language import _, ngettext, number, percent, pgettext
from tokviz.tokens import Count, Provenance

DAYS = 30
"""Days of a month."""
CHEAPEST = _("cheapest that fits")
HEADERS = (
    _("Model"),
    _("Tokens"),
    _("Provenance"),
    _("Fits"),
    _("Per call"),
    _("Per day"),
    _("Per {days} days", days=DAYS),
    _("Notes"),
)
NUMBERS = (1, 4, 5, 6)
"""The columns that hold numbers."""


Note = Callable[[], str]
"""What must be said of a cost, in the language that is spoken when it is said."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a text is to be used."""

    calls: int = 1
    """A day."""
    answer: int = 0
    """Tokens of each answer."""
    cached: int | Decimal = 0
    """The beginning of each request that stays the same: tokens, or as a Decimal a share of the text."""
    batch: bool = False
    """Answered within a day, not at once."""
    tokens: int | None = None
    """Of the text, where they are given; None: they are counted for each model."""

    def prefix(self, tokens: int) -> int:
        """The tokens of the cached beginning of a text of ``tokens``."""
        wanted = int(tokens * self.cached) if isinstance(self.cached, Decimal) else self.cached
        return min(wanted, tokens)

    @property
    def words(self) -> str:
        """“100 calls a day, each with the text and an answer of 500 tokens.”"""
        clauses = (self._calls(), self._prefix(), _("in batches") if self.batch else "")
        return formatting.stopped("; ".join(filter(None, clauses)))

    def _calls(self) -> str:
        given = pgettext("calls, each with …", "the text")
        if self.tokens is not None:
            given = ngettext("a text of {n} token", "a text of {n} tokens", self.tokens)
        if not self.answer:
            # Translators: {text} is “the text” or such as “a text of 500 tokens”.
            return ngettext(
                "{n} call a day, each with {text}",
                "{n} calls a day, each with {text}",
                self.calls,
                text=given,
            )
        return ngettext(
            # Translators: {text} is “the text” or such as “a text of 500 tokens”, {answer} “9 tokens”.
            "{n} call a day, each with {text} and an answer of {answer}",
            "{n} calls a day, each with {text} and an answer of {answer}",
            self.calls,
            text=given,
            answer=formatting.tokens(self.answer),
        )

    def _prefix(self) -> str:
        if not self.cached:
            return ""
        if isinstance(self.cached, Decimal):
            share = percent(f"{(self.cached * 100).normalize():f}")
            return _("{share} of it cached: written once a day, read by the other calls", share=share)
        return ngettext(
            "its first {n} token cached: written once a day, read by the other calls",
            "its first {n} tokens cached: written once a day, read by the other calls",
            self.cached,
        )


@dataclass(frozen=True, slots=True)
class PlannedCost:
    """What the plan means for one model. Costs are None where a price is unknown or not offered."""

    model: LanguageModel
    fit: Fit
    """With room for the answer."""
    call: Cost | None
    """A call that finds its beginning in the cache, where there is more than the one that writes it."""
    day: Cost | None
    """All calls; the first of them writes the beginning to the cache."""
    said: tuple[Note, ...]
    is_cheapest: bool = False
    given: bool = False
    """Whether the plan gives the tokens: then they were counted by nothing."""

    @property
    def provenance(self) -> Provenance | None:
        """How the tokens are known; None if the plan gives them."""
        return None if self.given else self.fit.count.provenance

    @property
    def notes(self) -> tuple[str, ...]:
        """Why a cost is unknown, or what it leaves out."""
        return tuple(note() for note in self.said)

    @property
    def month(self) -> Cost | None:
        """``DAYS`` such days."""
        return _times(self.day, DAYS) if self.day else None

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notes, a price tier that is near, and the range of an estimate."""
        tier = cost_words.tier_warning(self.fit.count, self.model.prices)
        between = formatting.money_range(self.day)
        # Translators: {money} is such as “$1.80–$2.40”.
        estimate = _("an estimate, {money} a day", money=between) if between else ""
        return (*self.notes, *filter(None, (tier, estimate)))


def planned_costs(
    models: Sequence[LanguageModel],
    counts: Mapping[str, Count],
    plan: Plan,
    today: date,
    caching: CachingRules,
) -> tuple[PlannedCost, ...]:
    """The models in their order, the cheapest of those that surely fit and are still served marked.

    ``counts``: by model id; a model without one is left out, unless the plan gives the tokens.
    """
    if plan.tokens is not None:
        counts = dict.fromkeys((model.id for model in models), Count.certain(plan.tokens))
    rows = [
        _planned(model, counts[model.id], plan, today, caching.shortest(model))
        for model in models
        if model.id in counts
    ]
    amounts = [row.day.likely for row in rows if row.day and row.fit.fits and not row.model.is_retired(today)]
    least = min(amounts, default=None)
    return tuple(
        replace(
            row,
            is_cheapest=bool(
                row.day and row.fit.fits and not row.model.is_retired(today) and row.day.likely == least
            ),
            given=plan.tokens is not None,
        )
        for row in rows
    )


def _planned(
    model: LanguageModel, count: Count, plan: Plan, today: date, shortest: int | None
) -> PlannedCost:
    counted = plan.tokens is None
    fitted = evaluate(model, count, plan.answer).fit if counted else fit(count, model, plan.answer)
    notes: list[Note] = []
    if model.is_retired(today):
        notes.append(lambda: _("no longer served by its maker"))
    if model.max_output is not None and plan.answer > model.max_output:
        notes.append(partial(_longest_answer, model.max_output))
    prices = model.prices
    if prices is None:
        host = model.host_sets_price
        notes.append(lambda: _("the host sets the price") if host else _("no price is known"))
        return PlannedCost(model, fitted, None, None, tuple(notes))
    if plan.batch and prices.batch_input is None:
        notes.append(lambda: _("no price for batches"))
        return PlannedCost(model, fitted, None, None, tuple(notes))
    why_not = _uncached(shortest, prices, count, plan)
    if why_not:
        notes.append(why_not)
        plan = replace(plan, cached=0)
    if prices.peak:
        notes.append(partial(_peak, prices.peak.factor))
    notes += [partial(_later, later.start) for later in prices.later[:1]]
    first = _cost(count, prices, plan, hit=False)
    call = _cost(count, prices, plan, hit=True) if plan.calls > 1 else first
    day = _plus(first, _times(call, plan.calls - 1)) if call and first and plan.calls else None
    return PlannedCost(model, fitted, call, day, tuple(notes))


def _longest_answer(tokens: int) -> str:
    return ngettext("its longest answer is {n} token", "its longest answer is {n} tokens", tokens)


def _peak(factor: Decimal) -> str:
    return _("{factor} times as much in peak hours", factor=number(str(factor)))


def _later(start: date) -> str:
    return _("other prices from {date}", date=language.date(start))


def _uncached(shortest: int | None, prices: Prices, count: Count, plan: Plan) -> Note | None:
    """Why nothing is cached although the plan wants it; None if it is, or is not wanted."""
    prefix = plan.prefix(count.tokens)
    if not prefix:
        return None
    rates = prices.rates(count.tokens)
    if (rates.batch_cached_input if plan.batch else rates.cached_input) is None:
        return lambda: _("no price for cached input: all of it is paid in full")
    if shortest is not None and prefix < shortest:
        return partial(_least_cached, shortest)
    return None


def _least_cached(tokens: int) -> str:
    return ngettext(
        "caches from {n} token on: all of it is paid in full",
        "caches from {n} tokens on: all of it is paid in full",
        tokens,
    )


def _cost(count: Count, prices: Prices, plan: Plan, *, hit: bool) -> Cost | None:
    amounts = []
    for tokens in (count.low, count.tokens, count.high):
        prefix = plan.prefix(tokens)
        request = Request(
            fresh=tokens - prefix,
            cached=prefix if hit else 0,
            written=0 if hit else prefix,
            answer=plan.answer,
            batch=plan.batch,
        )
        amounts.append(request_cost(request, prices))
    low, likely, high = amounts
    # A dearer tier begins within an estimate's range, or none: the ends stay in their order all the same.
    return None if low is None or likely is None or high is None else Cost(low, likely, high)


def _times(cost: Cost, factor: int) -> Cost:
    return Cost(cost.low * factor, cost.likely * factor, cost.high * factor)


def _plus(cost: Cost, other: Cost) -> Cost:
    return Cost(cost.low + other.low, cost.likely + other.likely, cost.high + other.high)


# ------------------------------------------------------------------ as text


def cells(row: PlannedCost) -> tuple[str, ...]:
    """What each of ``HEADERS`` says."""
    mark = formatting.mark(row.fit.count)
    notes = (*([CHEAPEST] if row.is_cheapest else []), *row.remarks)
    return (
        row.model.name,
        formatting.count(row.fit.count),
        row.provenance.words if row.provenance else _("given"),
        row.fit.standing.words,
        *(
            f"{mark}{formatting.money(cost.likely)}" if cost else formatting.UNKNOWN
            for cost in (row.call, row.day, row.month)
        ),
        "; ".join(notes),
    )


def csv_table(rows: Sequence[PlannedCost]) -> str:
    """A row a model, amounts in full, an estimate's low and high ends last."""
    periods = ("per_call", "per_day", f"per_{DAYS}_days")
    ends = [f"{name}_{end}" for name in ("tokens", *periods) for end in ("low", "high")]
    lines: list[Sequence[object]] = [
        ("model", "tokens", "provenance", "fits", *periods, "cheapest", "notes", *ends)
    ]
    for row in rows:
        costs = (row.call, row.day, row.month)
        likely = [_plain(cost.likely) if cost else "" for cost in costs]
        between = [text for cost in costs for text in _ends(cost)]
        cheapest = "yes" if row.is_cheapest else ""
        notes = "; ".join(_for_programs(row))
        known = str(row.provenance or "given")
        start = (row.model.id, row.fit.used, known, str(row.fit.standing), *likely, cheapest, notes)
        lines.append((*start, row.fit.count.low, row.fit.count.high, *between))
    return table_text.csv_text(lines)


def _ends(cost: Cost | None) -> tuple[str, str]:
    return (_plain(cost.low), _plain(cost.high)) if cost else ("", "")


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def markdown(rows: Sequence[PlannedCost]) -> str:
    """The table that people see."""
    return table_text.markdown_table(HEADERS, [cells(row) for row in rows], NUMBERS)


def json_record(rows: Sequence[PlannedCost], plan: Plan) -> dict[str, object]:
    """The plan, and every amount with its range."""
    share = isinstance(plan.cached, Decimal)
    return {
        "calls_a_day": plan.calls,
        "answer": plan.answer,
        "cached_share" if share else "cached_tokens": float(plan.cached) if share else plan.cached,
        "batch": plan.batch,
        "days": DAYS,
        "models": [
            {
                "id": row.model.id,
                "tokens": row.fit.used,
                "low": row.fit.count.low,
                "high": row.fit.count.high,
                "provenance": row.provenance or "given",
                "fits": row.fit.fits,
                "per_call": _amounts(row.call),
                "per_day": _amounts(row.day),
                f"per_{DAYS}_days": _amounts(row.month),
                "cheapest_that_fits": row.is_cheapest,
                "notes": _for_programs(row),
            }
            for row in rows
        ],
    }


def _for_programs(row: PlannedCost) -> list[str]:
    with language.in_english():
        return list(row.remarks)


def _amounts(cost: Cost | None) -> dict[str, float] | None:
    if cost is None:
        return None
    return {"low": float(cost.low), "likely": float(cost.likely), "high": float(cost.high)}
