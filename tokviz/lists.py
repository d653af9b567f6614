"""Several things in one sentence, with the signs and words that the language has between them."""

from collections.abc import Iterable
from functools import reduce

from tokviz.language import _, pgettext


def listed(parts: Iterable[str]) -> str:
    """``one, two, three``, with the language's sign between them."""
    *before, text = [*parts] or [""]
    for part in reversed(before):
        # Translators: joins the parts of a list; {rest} is what follows.
        text = pgettext("a list", "{first}, {rest}", first=part, rest=text)
    return text


def either(names: Iterable[str]) -> str:
    """``UTF-8``, ``UTF-8 or GBK``, ``UTF-8 or GBK or Big5``."""
    return reduce(lambda one, other: _("{one} or {other}", one=one, other=other), names)


def both(names: Iterable[str]) -> str:
    """``Monday``, ``Monday and Tuesday``, ``Monday and Tuesday and Friday``."""
    return reduce(lambda one, other: _("{one} and {other}", one=one, other=other), names)
