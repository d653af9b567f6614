"""Days as people read them beside a model."""

from datetime import date

from tokviz import language

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # verbatim


def spelled_day(day: date) -> str:
    """``11 Dec 2026`` in English; elsewhere in digits, as ``language.date`` has it."""
    if language.language() == language.ENGLISH:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return language.date(day)
