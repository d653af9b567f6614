"""What a request costs, in words: every amount says what it is for."""

from collections.abc import Sequence
from decimal import Decimal

from tokviz.analysis import formatting
from tokviz.analysis.cost import Cost
from tokviz.analysis.evaluation import Evaluation
from tokviz.catalog.model import LanguageModel, Prices, Rates
from tokviz.language import _, date, ngettext, number
from tokviz.tokens import Count

_NEAR = 10
"""A tier is spoken of from within this fraction (a tenth) of its threshold."""
_TIMES = {
    Decimal(2): _("twice"),
    Decimal(3): _("three times"),
    Decimal("0.5"): _("half"),
    Decimal(1): _("just"),
}


def amount(cost: Cost | None, count: Count) -> str:
    """The likely amount: ``$0.0118``, ``~$0.187``, ``unknown``."""
    return formatting.UNKNOWN if cost is None else formatting.mark(count) + formatting.money(cost.likely)


def input_cost(found: Evaluation) -> str:
    """``input $0.0118``."""
    return _("input {amount}", amount=amount(found.sending, found.count))


def total_cost(found: Evaluation, *, brief: bool = False) -> str:
    """``with an answer of 4,096 tokens $0.0527``; ``brief``, where the reserve stands near by, without it."""
    cost = amount(found.answering, found.count)
    if brief:
        return _("with answer {amount}", amount=cost)
    return ngettext(
        "with an answer of {n} token {amount}",
        "with an answer of {n} tokens {amount}",
        found.fit.reserve,
        amount=cost,
    )


def tier_warning(count: Count, prices: Prices | None) -> str:
    """What a little more or less text would do to the price; empty where no tier is near.

    ``1,800 tokens more and the whole request costs twice as much``, and from the other side of the threshold
    ``1,800 tokens less and the whole request costs half as much``.
    """
    below: Rates | None = prices
    for tier in prices.tiers if prices else ():
        if below is not None and _is_near(count, tier.above):
            more = tier.above - count.tokens + 1
            change = _change(below, tier) if more > 0 else _change(tier, below)
            n = more if more > 0 else 1 - more
            tokens = formatting.mark(count) + number(n)
            if more > 0:
                return ngettext(
                    "{n} token more and the whole request {change}",
                    "{n} tokens more and the whole request {change}",
                    n,
                    n=tokens,
                    change=change,
                )
            return ngettext(
                "{n} token less and the whole request {change}",
                "{n} tokens less and the whole request {change}",
                n,
                n=tokens,
                change=change,
            )
        below = tier
    return ""


def price_dates(models: Sequence[LanguageModel]) -> str:
    """The date of the models' prices, or from when to when they are; empty if none has a price."""
    dates = sorted(model.prices_as_of for model in models if model.prices_as_of)
    if not dates:
        return ""
    if dates[0] == dates[-1]:
        return date(dates[0])
    return _("{first} to {last}", first=date(dates[0]), last=date(dates[-1]))


def _is_near(count: Count, threshold: int) -> bool:
    reach = threshold // _NEAR
    return threshold - reach <= count.tokens <= threshold + reach or count.low <= threshold < count.high


def _change(before: Rates, after: Rates) -> str:
    """``costs twice as much``; where output changes by another factor than input, both are said."""
    if not before.input or not before.output:
        return _(
            "pays {input} and {output} per million tokens",
            input=formatting.money(after.input),
            output=formatting.money(after.output),
        )
    for_input, for_output = _times(after.input / before.input), _times(after.output / before.output)
    if for_input == for_output:
        return _("costs {times} as much", times=for_input)
    return _(
        "pays {for_input} as much for input, {for_output} as much for output",
        for_input=for_input,
        for_output=for_output,
    )


def _times(factor: Decimal) -> str:
    written = number(f"{factor:.2f}".rstrip("0").rstrip("."))
    return _TIMES.get(factor) or _("{factor} times", factor=written)
