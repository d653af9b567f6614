"""Reads ``resources/catalog/caching.toml``: how makers keep the beginning of a request for the next one."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from tokviz.assets import Assets, TomlFile

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
    minimum: Annotated[int, Meta(ge=0)] = 0
    step: Annotated[int, Meta(ge=1)] = 1
    asked: bool = False
    breakpoints: int | None = None
    lookback: int | None = None
    keeps: Text
    source: Text


class CachingRules:
    """By developer. DataFileError if the file is wrong."""

    def __init__(self, assets: Assets) -> None:
        file = TomlFile(assets.path("catalog", "caching.toml"), ("sources", "rules"))
        self.sources = file.table("sources", CachingSource)
        self.rules = tuple(file.read(name, row, CachingRule) for name, row in file.rows("rules").items())
        for rule in self.rules:
            if rule.source not in self.sources:
                file.fail(rule.id, f"unknown source “{rule.source}”")

    def find(self, developer: str) -> CachingRule | None:
        """The rule of a maker; None where nothing was published."""
        return next((rule for rule in self.rules if rule.developer == developer), None)
