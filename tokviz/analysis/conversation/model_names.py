"""Which model of the catalog a recorded name means: ``us.anthropic.claude-sonnet-4-5-20250929-v1:0``."""

import re
from collections.abc import Callable, Iterable
from functools import cache

from tokviz.catalog.model import LanguageModel

_HOSTS = re.compile(
    r"^(?:(?:us|eu|apac|global)\.)?(?:anthropic|meta|mistral|deepseek|amazon|openai|google)\."
)
_VERSIONS = re.compile(
    r"(?:[-@]\d{8}|-\d{4}-\d{2}-\d{2}|-\d{2}-\d{4}|-v\d+(?::\d+)?|:[\w.-]+|-latest|-preview|-exp|-instruct)$"
)
_DIGITS = re.compile(r"(?<=\d)-(?=\d{1,2}(?:-|$))")


def plain_name(name: str) -> str:
    """The name without host, date and version, with a point between its numbers: ``claude-sonnet-4.5``."""
    plain = _HOSTS.sub("", name.lower().rpartition("/")[2])
    while (shorter := _VERSIONS.sub("", plain)) != plain:
        plain = shorter
    return _DIGITS.sub(".", plain)


def find_model(name: str | None, models: Iterable[LanguageModel]) -> LanguageModel | None:
    """The model that a file means by ``name``; None if there is none of exactly that name.

    Makers put the size before or after the number (``claude-3.5-haiku``, ``claude-haiku-3.5``), so the words
    may stand in any order; nothing may be missing.
    """
    if not name:
        return None
    wanted = plain_name(name)
    known = {plain_name(model.id): model for model in models}
    words = sorted(wanted.split("-"))
    alike = (model for plain, model in known.items() if sorted(plain.split("-")) == words)
    return known.get(wanted) or next(alike, None)


def model_finder(models: Iterable[LanguageModel]) -> Callable[[str | None], LanguageModel | None]:
    """``find_model`` among these models. It looks once for each name: a session names one thousands of times,
    and each look reads every model's name."""
    known = tuple(models)
    return cache(lambda name: find_model(name, known))
