"""The numbers before the items of a list, as documents have them written: 3, c, iii."""

from collections.abc import Callable

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")),
    *((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST_ROMAN = 4_999
_MOST_REPEATED = 30
_LETTERS = 26


def decimal(number: int) -> str:
    """“12”"""
    return str(number)


def padded(number: int) -> str:
    """“07”, “12”"""
    return f"{number:02}"


def letters(number: int) -> str:
    """“a” to “z”, “aa”, “ab”; as digits what has none."""
    if number < 1:
        return str(number)
    found = ""
    while number:
        number, letter = divmod(number - 1, _LETTERS)
        found = chr(ord("a") + letter) + found
    return found


def repeated_letters(number: int) -> str:
    """“a” to “z”, “aa”, “bb”; as digits what has none."""
    times, letter = divmod(number - 1, _LETTERS)
    return chr(ord("a") + letter) * (times + 1) if 0 <= times < _MOST_REPEATED else str(number)


def roman(number: int) -> str:
    """“iv”; as digits what has none."""
    if not 0 < number <= _MOST_ROMAN:
        return str(number)
    found = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        found += sign * times
    return found


def upper(form: Callable[[int], str]) -> Callable[[int], str]:
    """“IV” for “iv”."""
    return lambda number: form(number).upper()


LETTERED: dict[str, Callable[[int], str]] = {
    "1": decimal,
    "a": letters,
    "A": upper(letters),
    "i": roman,
    "I": upper(roman),
}
"""By the sign that HTML and OpenDocument have for each."""
