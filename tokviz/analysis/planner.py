"""What a habit costs: so many calls a day, each with this text, an answer, and a beginning that is cached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tokviz.analysis import cost_words, formatting, table_text
from tokviz.analysis.budget import Fit, fit
from tokviz.analysis.cost import Cost, Request, request_cost
from tokviz.analysis.evaluation import evaluate
from tokviz.catalog.model import LanguageModel, Prices
from tokviz.tokens import Count

DAYS = 30
"""Days of a month."""
CHEAPEST = "cheapest that fits"
HEADERS = ("Model", "Tokens", "Fits", "Per call", "Per day", f"Per {DAYS} days", "Notes")
NUMBERS = (1, 3, 4, 5)
"""The columns that hold numbers."""
_HOST = "the host sets the price"


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
        given = (
            "the text" if self.tokens is None else f"a text of {formatting.quantity(self.tokens, 'token')}"
        )
        text = f"{formatting.quantity(self.calls, 'call')} a day, each with {given}"
        text += f" and an answer of {formatting.quantity(self.answer, 'token')}" if self.answer else ""
        if self.cached:
            prefix = (
                f"{self.cached * 100:f}".rstrip("0").rstrip(".") + " % of it"
                if isinstance(self.cached, Decimal)
                else f"its first {formatting.quantity(self.cached, 'token')}"
            )
            text += f"; {prefix} cached: written once a day, read by the other calls"
        return text + ("; in batches." if self.batch else ".")


@dataclass(frozen=True, slots=True)
class PlannedCost:
    """What the plan means for one model. Costs are None where a price is unknown or not offered."""

    model: LanguageModel
    fit: Fit
    """With room for the answer."""
    call: Cost | None
    """A call that finds its beginning in the cache."""
    day: Cost | None
    """All calls; the first of them writes the beginning to the cache."""
    notes: tuple[str, ...]
    is_cheapest: bool = False

    @property
    def month(self) -> Cost | None:
        """``DAYS`` such days."""
        return _times(self.day, DAYS) if self.day else None

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notes, a price tier that is near, and the range of an estimate."""
        tier = cost_words.tier_warning(self.fit.count, self.model.prices)
        between = formatting.money_range(self.day)
        return (*self.notes, *filter(None, (tier, f"an estimate, {between} a day" if between else "")))


def planned_costs(
    models: Sequence[LanguageModel], counts: Mapping[str, Count], plan: Plan, today: date
) -> tuple[PlannedCost, ...]:
    """The models in their order, the cheapest of those that surely fit and are still served marked.

    ``counts``: by model id; a model without one is left out, unless the plan gives the tokens.
    """
    if plan.tokens is not None:
        counts = dict.fromkeys((model.id for model in models), Count.certain(plan.tokens))
    rows = [_planned(model, counts[model.id], plan, today) for model in models if model.id in counts]
    amounts = [row.day.likely for row in rows if row.day and row.fit.fits and not row.model.is_retired(today)]
    least = min(amounts, default=None)
    return tuple(
        replace(
            row,
            is_cheapest=bool(
                row.day and row.fit.fits and not row.model.is_retired(today) and row.day.likely == least
            ),
        )
        for row in rows
    )


def _planned(model: LanguageModel, count: Count, plan: Plan, today: date) -> PlannedCost:
    counted = plan.tokens is None
    fitted = evaluate(model, count, plan.answer).fit if counted else fit(count, model, plan.answer)
    notes = ["no longer served by its maker"] if model.is_retired(today) else []
    if model.max_output is not None and plan.answer > model.max_output:
        notes.append(f"its longest answer is {formatting.grouped(model.max_output)} tokens")
    prices = model.prices
    if prices is None:
        notes.append(_HOST if model.host_sets_price else "no price is known")
        return PlannedCost(model, fitted, None, None, tuple(notes))
    if plan.batch and prices.batch_input is None:
        notes.append("no price for batches")
        return PlannedCost(model, fitted, None, None, tuple(notes))
    why_not = _uncached(model, prices, count, plan)
    if why_not:
        notes.append(why_not)
        plan = replace(plan, cached=0)
    if prices.peak:
        notes.append(f"{prices.peak.factor} times as much in peak hours")
    notes += [f"other prices from {later.start}" for later in prices.later[:1]]
    call = _cost(count, prices, plan, hit=True)
    first = _cost(count, prices, plan, hit=False)
    day = _plus(first, _times(call, plan.calls - 1)) if call and first and plan.calls else None
    return PlannedCost(model, fitted, call, day, tuple(notes))


def _uncached(model: LanguageModel, prices: Prices, count: Count, plan: Plan) -> str:
    """Why nothing is cached although the plan wants it; empty if it is, or is not wanted."""
    prefix = plan.prefix(count.tokens)
    if not prefix:
        return ""
    rates = prices.rates(count.tokens)
    if (rates.batch_cached_input if plan.batch else rates.cached_input) is None:
        return "no price for cached input: all of it is paid in full"
    if model.min_cacheable is not None and prefix < model.min_cacheable:
        return f"caches from {formatting.grouped(model.min_cacheable)} tokens on: all of it is paid in full"
    return ""


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
        str(row.fit.standing),
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
    lines: list[Sequence[object]] = [("model", "tokens", "fits", *periods, "cheapest", "notes", *ends)]
    for row in rows:
        costs = (row.call, row.day, row.month)
        likely = [_plain(cost.likely) if cost else "" for cost in costs]
        between = [text for cost in costs for text in _ends(cost)]
        cheapest, notes = "yes" if row.is_cheapest else "", "; ".join(row.remarks)
        start = (row.model.id, row.fit.used, str(row.fit.standing), *likely, cheapest, notes)
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
                "provenance": row.fit.count.provenance if plan.tokens is None else "given",
                "fits": row.fit.fits,
                "per_call": _amounts(row.call),
                "per_day": _amounts(row.day),
                f"per_{DAYS}_days": _amounts(row.month),
                "cheapest_that_fits": row.is_cheapest,
                "notes": list(row.remarks),
            }
            for row in rows
        ],
    }


def _amounts(cost: Cost | None) -> dict[str, float] | None:
    if cost is None:
        return None
    return {"low": float(cost.low), "likely": float(cost.likely), "high": float(cost.high)}
