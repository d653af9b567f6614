"""Which model of the catalog a recorded name means: ``us.anthropic.claude-sonnet-4-5-20250929-v1:0``."""

import re
from collections.abc import Callable, Iterable
from functools import cache

from tokviz.catalog.model import LanguageModel

_HOSTS = re.compile(
    r"^(?:(?:us|eu|apac|global)\.)?(?:anthropic|meta|mistral|deepseek|amazon|openai|google)\."
)
_VERSIONS = re.compile(
    r"(?:[-@]\d{8}|-\d{4}-\d{2}-\d{2}|-\d{2}-\d{4}|-v\d+(?::\d+)?|:[\w.-]+|-latest|-preview|-exp|-instruct"
    r"|-versatile|-instant|-turbo(?<=b-turbo)|-turbo(?<=b-instruct-turbo)|-\d+b-\d+e|(?<=b)-\d+)$"
)
_TAG = re.compile(r":(\d+(?:\.\d+)?b)\b.*$")
"""The size in a name of Ollama's: ``gpt-oss:120b``."""
_LLAMA = re.compile(r"^(?:meta-)?llama-?(?=\d\.)")
"""What hosts call Llama's later versions: ``llama3.1``, ``Meta-Llama-3.1``."""
_DIGITS = re.compile(r"(?<=\d)-(?=\d{1,2}(?:-|$))")
FindModel = Callable[[str | None], LanguageModel | None]
"""The model that a file means by a name; None if there is none of exactly that name."""


def without_host(name: str) -> str:
    """The name without the maker and the region that a host puts before it: ``us.anthropic.``"""
    return _HOSTS.sub("", name.lower().rpartition("/")[2])


def plain_name(name: str) -> str:
    """The name without host, date and version, with a point between its numbers: ``claude-sonnet-4.5``."""
    plain = _LLAMA.sub("llama-", _TAG.sub(r"-\1", without_host(name).replace(" ", "-")))
    while (shorter := _VERSIONS.sub("", plain)) != plain:
        plain = shorter
    return _DIGITS.sub(".", plain)


def model_finder(models: Iterable[LanguageModel]) -> FindModel:
    """Finds a model among these. It reads the models' names once and looks once for each name: a session
    names one thousands of times.

    Makers put the size before or after the number (``claude-3.5-haiku``, ``claude-haiku-3.5``), so the words
    may stand in any order; nothing may be missing.
    """
    known = {plain_name(model.id): model for model in models}
    by_words: dict[tuple[str, ...], LanguageModel] = {}
    for plain, model in known.items():
        by_words.setdefault(_words(plain), model)

    @cache
    def find(name: str | None) -> LanguageModel | None:
        if not name:
            return None
        wanted = plain_name(name)
        return known.get(wanted) or by_words.get(_words(wanted))

    return find


def _words(plain: str) -> tuple[str, ...]:
    return tuple(sorted(plain.split("-")))
