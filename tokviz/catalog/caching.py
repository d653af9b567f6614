"""Reads ``resources/catalog/caching.toml``: how makers keep the beginning of a request for the next one."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from tokviz.assets import Assets, TomlFile
from tokviz.catalog.model import LanguageModel
from tokviz.language import _, gettext

Text = Annotated[str, Meta(min_length=1)]


class CachingSource(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a maker published it."""

    title: Text
    date: date
    """When it was read."""


class CachingRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One maker's; the head of the file explains every field."""

    id: Text
    developer: Text
    models: tuple[Text, ...] = ()
    minimum: Annotated[int, Meta(ge=0)] = 0
    step: Annotated[int, Meta(ge=1)] = 1
    whole: bool = False
    asked: bool = False
    breakpoints: int | None = None
    lookback: int | None = None
    keeps: Text
    doubt: Text | None = None
    source: Text

    @property
    def sentence(self) -> str:
        """How long the maker keeps what, and what of that is not verified."""
        # Translators: of a request; {keeps} is such as “for at least 30 minutes”.
        said = _("{developer} keeps a beginning {keeps}", developer=self.developer, keeps=gettext(self.keeps))
        return f"{said}; {gettext(self.doubt)}." if self.doubt else f"{said}."


class CachingRules:
    """By developer and model. DataFileError if the file is wrong."""

    def __init__(self, assets: Assets) -> None:
        file = TomlFile(assets.path("catalog", "caching.toml"), ("sources", "rules"))
        self.sources = file.table("sources", CachingSource)
        self.rules = tuple(file.read(name, row, CachingRule) for name, row in file.rows("rules").items())
        for rule in self.rules:
            if rule.source not in self.sources:
                file.fail(rule.id, _("unknown source “{name}”", name=rule.source))

    def find(self, developer: str, model_id: str) -> CachingRule | None:
        """The rule for a maker's model; None where nothing was published."""
        those = (rule for rule in self.rules if rule.developer == developer)
        return next((rule for rule in those if not rule.models or model_id.startswith(rule.models)), None)

    def shortest(self, model: LanguageModel) -> int | None:
        """Tokens of the shortest beginning that is kept, the model's own figure first; None if unknown."""
        if model.min_cacheable is not None:
            return model.min_cacheable
        rule = self.find(model.developer, model.id)
        return rule.minimum or None if rule else None
