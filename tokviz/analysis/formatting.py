"""How numbers, money and shares are written, in the window and on the command line alike."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from math import floor, log10

from tokviz import language
from tokviz.analysis.cost import Cost
from tokviz.language import _, ngettext
from tokviz.tokens import Count, Provenance

UNKNOWN = _("unknown")
_LEFT_TO_RIGHT = "\u200e"
"""Keeps a ``~`` before its number where one reads from the right."""
_SIGNIFICANT = 3
"""Digits shown of an amount under one dollar."""


def grouped(number: int | None) -> str:
    """``12345`` as ``12,345``; None is unknown."""
    return UNKNOWN if number is None else language.number(number)


def signed(number: int) -> str:
    """A change: grouped, with its sign (a minus, not a hyphen)."""
    return language.number(f"{number:+,}".replace("-", "−"))


def day(time: str) -> str:
    """The day of a time as programs write it: ``2026-03-09T12:00:00Z`` as ``2026-03-09``."""
    try:
        return language.date(date.fromisoformat(time[:10]))
    except ValueError:
        return time[:10]


def sentence(words: str) -> str:
    """``words`` with a capital first letter; the others stay as they are."""
    return words[:1].upper() + words[1:]


def stopped(clause: str) -> str:
    """A clause as a sentence: with the language's full stop."""
    # Translators: puts the full stop behind what is a sentence already.
    return _("{clause}.", clause=clause)


def told_of(subject: str, remark: str) -> str:
    """What there is to say of something: ``GPT-4o: it is retired.``"""
    # Translators: {remark} is a clause about {subject}, the name of a model, a file or the like.
    return _("{subject}: {remark}.", subject=subject, remark=remark)


def count(value: Count) -> str:
    """A number of tokens; an estimate has a ``~`` before it."""
    return mark(value) + language.number(value.tokens)


def tokens(value: int | Count, written: str = "") -> str:
    """``1 token``, ``12,345 tokens``, ``~1,204 tokens``; ``written``: the number as it is to stand there."""
    number = value.tokens if isinstance(value, Count) else value
    return ngettext(
        "{n} token",
        "{n} tokens",
        number,
        n=written or (count(value) if isinstance(value, Count) else language.number(number)),
    )


def tokens_between(least: int, most: int, mark: str = "") -> str:
    """``1,204 tokens``, ``980 to 1,204 tokens``; ``mark`` stands before estimates."""
    written = mark + language.number(most)
    if least < most:
        # Translators: two numbers of tokens.
        written = _("{least} to {most}", least=mark + language.number(least), most=language.number(most))
    return tokens(most, written)


def mark(value: Count) -> str:
    """``~``, before whatever is worked out from an estimate or a count with a range."""
    if value.low == value.high and value.provenance is not Provenance.ESTIMATE:
        return ""
    return _LEFT_TO_RIGHT * language.right_to_left() + "~"


def count_range(value: Count) -> str:
    """The range of an estimate as ``1,040–1,380``; empty where there is none."""
    return "" if value.low == value.high else f"{language.number(value.low)}–{language.number(value.high)}"


def ungrouped(text: str) -> str:
    """A whole number as somebody wrote it, without the signs that part its groups."""
    return text.replace(language.number(1000)[1:-3], "").strip()


def short(number: int) -> str:
    """A number in little room: ``812``, ``12.4k``, ``1.3M``."""
    value, unit = float(number), ""
    for larger in ("k", "M", "G"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    if not unit:
        return str(number)
    return language.number(f"{value:.{1 if value < 99.95 else 0}f}") + unit


def short_range(value: Count) -> str:
    """The range of an estimate in little room: ``10.0M–12.5M``; empty where there is none, or where it is so
    small that both ends would read alike."""
    low, high = short(value.low), short(value.high)
    return "" if low == high else f"{low}–{high}"


def money(amount: Decimal | None) -> str:
    """US dollars with enough digits to be true: ``$12.35``, ``$0.0125``, ``$0.000012``; never 0 for little.

    From one dollar up to the cent, below it to three significant digits.
    """
    if amount is None:
        return UNKNOWN
    if amount == 0:
        return language.dollars("0")
    places = 2 if abs(amount) >= 1 else max(2, _SIGNIFICANT - 1 - amount.adjusted())
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    whole, _point, fraction = f"{rounded:,f}".partition(".")
    fraction = fraction.rstrip("0") if places > 2 else fraction
    return language.dollars(f"{whole}.{fraction:0<2}")


def money_range(amount: Cost | None) -> str:
    """The range of an estimated cost as ``$0.0104–$0.0138``; empty where there is none."""
    if amount is None or amount.low == amount.high:
        return ""
    return f"{money(amount.low)}–{money(amount.high)}"


def percent(share: float | None) -> str:
    """A share as a percentage of three figures at most: ``0.05 %``, ``2.4 %``, ``42.1 %``, ``4,898 %``.

    It never reads 0 for something, nor 100 for what is a little less or more.
    """
    if share is None:
        return UNKNOWN
    if share <= 0:
        return language.percent("0")
    value = share * 100
    if value >= 100:
        return ">" + language.percent("100") if 100 < value < 100.5 else language.percent(f"{value:,.0f}")
    if value >= 0.995:
        return language.percent(f"{min(value, 99.9):.1f}")
    if value >= 0.01:
        return language.percent(f"{value:.2f}")
    return language.percent(f"{value:.{-floor(log10(value))}f}".rstrip("0"))


def share_of(value: Count, whole: float | None) -> str:
    """``percent`` of a share that was worked out from ``value``: ``~37.5 %`` if that is an estimate."""
    return UNKNOWN if whole is None else mark(value) + percent(whole)
