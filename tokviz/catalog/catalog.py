"""The catalog: the language models that ship or were updated, and the user's own."""

import os
import sys
from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cached_property
from pathlib import Path

from tokviz.assets import Assets, DataFileError
from tokviz.catalog.folders import UserFolders, user_folders
from tokviz.catalog.model import LanguageModel, likeliest_ids
from tokviz.catalog.model_file import read_models
from tokviz.catalog.own_models import Mistake, read_own_models
from tokviz.language import _, ngettext
from tokviz.language import date as date_in_digits
from tokviz.names import UnknownNameError

AGED = 90
"""Days after which prices and limits have likely changed: the packages they come from change weekly."""


FIRST = 8
"""So many models, the first of the file, are shown where nobody has chosen any: they stay for ever."""


class Catalog:
    """The language models in the order of their file, with the user's own after them.

    Files are read when they are first asked for. Every method raises ``DataFileError`` if the file that ships
    is missing or wrong; what is wrong with the user's own files is in ``problems``, and the rest is used.
    """

    def __init__(
        self,
        assets: Assets,
        today: date | None = None,
        folders: UserFolders | None = None,
        own_tokenizers: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """``today``: whose prices are taken; None is the day on which the catalog is read. ``folders``: the
        user's; None is to know of none. ``own_tokenizers``: the names of those that the user has opened."""
        self._assets = assets
        self._own_tokenizers = own_tokenizers
        self._today = today
        self._folders = folders

    def renewed(self) -> "Catalog":
        """The same, from the files as they are now."""
        return Catalog(self._assets, self._today, self._folders, self._own_tokenizers)

    @property
    def days(self) -> int:
        """How old the figures are."""
        return (self.today - self.published).days

    @property
    def age(self) -> str:
        """“Figures of 2026-11-20, 9 days old.”, with a word where that is too old."""
        days = self.days
        if self.is_updated:
            text = ngettext(
                "Figures of {date}, {n} day old (an update that you took)",
                "Figures of {date}, {n} days old (an update that you took)",
                days,
                date=date_in_digits(self.published),
            )
        else:
            text = ngettext(
                "Figures of {date}, {n} day old",
                "Figures of {date}, {n} days old",
                days,
                date=date_in_digits(self.published),
            )
        # Translators: {figures} is such as “Figures of 2026-11-20, 99 days old”.
        return f"{text}." if days <= AGED else _("{figures}: prices have likely changed.", figures=text)

    @property
    def is_aged(self) -> bool:
        """Whether a newer list should be looked for."""
        return self.days > AGED

    @property
    def folders(self) -> UserFolders | None:
        """Where the user's own files lie."""
        return self._folders

    @property
    def today(self) -> date:
        """The day whose prices hold."""
        return self._today or date.today()

    @property
    def models(self) -> tuple[LanguageModel, ...]:
        """All models. One of the user's own stands in the place of another with its id, else at the end."""
        own = {model.id: model for model in self._own[0]}
        listed = [own.pop(model.id, model) for model in self.listed]
        return (*listed, *own.values())

    @property
    def first(self) -> tuple[LanguageModel, ...]:
        """The models to show where none is named: the first of the file, and the user's own."""
        listed = {model.id for model in self.listed}
        return (*self.models[:FIRST], *(model for model in self.models[FIRST:] if model.id not in listed))

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each mistake in the user's own files, with file, line and key."""
        return (*self._current[1], *map(str, self._own[1]))

    @property
    def listed(self) -> tuple[LanguageModel, ...]:
        """The models that ship, or of the update that the user took, without the user's own."""
        return self._current[0]

    @property
    def own(self) -> tuple[LanguageModel, ...]:
        """The user's own models."""
        return self._own[0]

    @cached_property
    def shipped(self) -> tuple[LanguageModel, ...]:
        """The models that ship with this version of tokviz."""
        return read_models(self._assets.path("catalog", "models.toml"), self.today)

    @property
    def is_updated(self) -> bool:
        """Whether an update is in use: it is newer than what ships."""
        return self.listed is not self.shipped

    @property
    def published(self) -> date:
        """The day of the newest source."""
        return newest_source(self.listed)

    def get(self, model_id: str) -> LanguageModel:
        """The model of that id; ``UnknownNameError``, which names a near id, if there is none."""
        for model in self.models:
            if model.id == model_id:
                return model
        raise UnknownNameError("model", model_id, likeliest_ids(self.models, self.today))

    @cached_property
    def _current(self) -> tuple[tuple[LanguageModel, ...], tuple[str, ...]]:
        if self._folders is None or not self._folders.update.exists():
            return self.shipped, ()
        try:
            update = read_models(self._folders.update, self.today)
        except DataFileError as error:
            return self.shipped, (f"{error} {_('The list of models that ships is used.')}",)
        # A newer version of tokviz may have overtaken it.
        return (update if newest_source(update) > newest_source(self.shipped) else self.shipped), ()

    @cached_property
    def _own(self) -> tuple[tuple[LanguageModel, ...], tuple[Mistake, ...]]:
        if self._folders is None or not self._folders.own_models.exists():
            return (), ()
        return self.check_own()

    def check_own(self, text: str | None = None) -> tuple[tuple[LanguageModel, ...], tuple[Mistake, ...]]:
        """The user's own models as ``text`` has them (None: their file), and what is wrong there."""
        assert self._folders is not None, "nobody's own models are known"
        tokenizers = {model.tokenizer for model in self.listed} | tokenizer_names(self._assets)
        tokenizers |= {name for name in self._own_tokenizers() if name}
        return read_own_models(self._folders.own_models, self.listed, tokenizers, self.today, text)


def newest_source(models: Iterable[LanguageModel]) -> date:
    """The newest day of a source of these models' prices."""
    return max((model.prices_as_of for model in models if model.prices_as_of), default=date.min)


def tokenizer_names(assets: Assets) -> set[str]:
    """The tokenizers with a row of their own."""
    import tomllib

    return set(tomllib.loads(assets.path("catalog", "tokenizers.toml").read_text("utf-8")))


def user_catalog(assets: Assets, own_tokenizers: Callable[[], Collection[str]] = tuple) -> Catalog:
    """The catalog of whoever runs the program, their own models and update included."""
    folders = user_folders(os.environ, sys.platform, Path.home())
    return Catalog(assets, folders=folders, own_tokenizers=own_tokenizers)
