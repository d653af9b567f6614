"""Reads ``resources/catalog/models.toml``: the language models, each figure with its source."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import NoReturn, TypeAlias

from tokviz.assets import Assets
from tokviz.catalog.model import Access, Citation, LanguageModel, Peak, Prices, Rates, Source, Tier
from tokviz.catalog.names import UnknownNameError
from tokviz.tokens import Provenance

PRICE_SET_BY_HOST = "set by the host"
"""What stands in place of prices for open weights that their maker does not serve."""

_PLAIN_FIGURES = ("context_window", "max_input", "max_output", "prices", "released", "retired")
_KEYS = {
    *("id", "name", "developer", "access", "strengths", "tokenizer", "provenance", "sources", "notes"),
    *_PLAIN_FIGURES,
}
_RATES = ("input", "output", "cached_input", "cache_write", "batch_input", "batch_output")

_Table: TypeAlias = dict[str, object]


class CatalogError(Exception):
    """The catalog file cannot be used. ``str()`` is one sentence that names the place."""


class Catalog:
    """The language models in the order of ``models.toml``, read when they are first asked for.

    Every method raises ``CatalogError`` if the file is missing or wrong.
    """

    def __init__(self, assets: Assets) -> None:
        self._path = assets.path("catalog", "models.toml")

    @cached_property
    def models(self) -> tuple[LanguageModel, ...]:
        """All models."""
        return read_models(self._path)

    def get(self, model_id: str) -> LanguageModel:
        """The model of that id; ``UnknownNameError``, which names the nearest id, if there is none."""
        for model in self.models:
            if model.id == model_id:
                return model
        raise UnknownNameError("model", model_id, [model.id for model in self.models])


def read_models(path: Path) -> tuple[LanguageModel, ...]:
    """The rows of the file at ``path``, checked; ``CatalogError`` names the first row and figure amiss."""
    try:
        with path.open("rb") as file:
            document: _Table = tomllib.load(file, parse_float=Decimal)
    except OSError as error:
        raise CatalogError(f"The model catalog {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(f"The model catalog {path} is not valid TOML: {error}.") from error
    reader = _Reader(path)
    sources = {name: reader.source(name, row) for name, row in reader.table(document, "sources").items()}
    rows = document.get("models")
    models = tuple(reader.model(row, sources) for row in (rows if isinstance(rows, list) else []))
    ids = [model.id for model in models]
    for model_id in ids:
        if ids.count(model_id) > 1:
            reader.fail("stands in it twice", model_id)
    if not models:
        raise CatalogError(f"The model catalog {path} lists no models.")
    return models


class _Reader:
    """Turns tables of TOML into values, and says which row is wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._row = ""

    def fail(self, what: str, row: str = "") -> NoReturn:
        raise CatalogError(f"The model catalog {self._path} is wrong: “{row or self._row}” {what}.")

    def table(self, row: _Table, key: str) -> _Table:
        value = row.get(key, {})
        return value if isinstance(value, dict) else self.fail(f"needs a table as “{key}”")

    def text(self, row: _Table, key: str) -> str:
        value = row.get(key)
        return value if isinstance(value, str) and value else self.fail(f"has no “{key}”")

    def tokens(self, row: _Table, key: str) -> int | None:
        value = row.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
            return value
        return self.fail(f"has a “{key}” that is no number of tokens")

    def day(self, row: _Table, key: str) -> date | None:
        value = row.get(key)
        return value if value is None or type(value) is date else self.fail(f"has a “{key}” that is no date")

    def dollars(self, row: _Table, key: str) -> Decimal | None:
        value = row.get(key)
        if value is None:
            return None
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value >= 0:
            return Decimal(value)
        return self.fail(f"has a price “{key}” that is no amount")

    def source(self, name: str, row: object) -> Source:
        self._row = name
        if not isinstance(row, dict):
            self.fail("is no table")
        return Source(name, self.text(row, "title"), self.day(row, "date") or self.fail("has no “date”"))

    def model(self, row: object, sources: Mapping[str, Source]) -> LanguageModel:
        self._row = "models"
        if not isinstance(row, dict):
            self.fail("is no list of tables")
        self._row = self.text(row, "id")
        if unknown := row.keys() - _KEYS:
            self.fail(f"has an unknown “{min(unknown)}”")
        prices = row.get("prices")
        if isinstance(prices, str) and prices != PRICE_SET_BY_HOST:
            self.fail(f"has the prices “{prices}”, which are neither a table nor “{PRICE_SET_BY_HOST}”")
        try:
            access = Access(self.text(row, "access"))
            provenance = Provenance(self.text(row, "provenance"))
        except ValueError as error:
            self.fail(f"has an unknown value: {error}")
        return LanguageModel(
            id=self._row,
            name=self.text(row, "name"),
            developer=self.text(row, "developer"),
            access=access,
            context_window=self.tokens(row, "context_window"),
            max_input=self.tokens(row, "max_input"),
            max_output=self.tokens(row, "max_output"),
            strengths=self.text(row, "strengths"),
            tokenizer=self.text(row, "tokenizer"),
            provenance=provenance,
            prices=self.prices(prices) if isinstance(prices, dict) else None,
            host_sets_price=prices == PRICE_SET_BY_HOST,
            released=self.day(row, "released"),
            retired=self.day(row, "retired"),
            sources=self.citations(row, sources),
            notes={key: str(note) for key, note in self.table(row, "notes").items()},
        )

    def citations(self, row: _Table, sources: Mapping[str, Source]) -> dict[str, Citation]:
        cited = {}
        for figure, text in self.table(row, "sources").items():
            name, _, key = str(text).partition(" ")
            if name not in sources:
                self.fail(f"cites the unknown source “{name}”")
            cited[figure] = Citation(sources[name], key)
        figures = {"tokenizer", *(figure for figure in _PLAIN_FIGURES if figure in row)}
        if figures != cited.keys():
            self.fail(f"needs a source for exactly these: {', '.join(sorted(figures))}")
        return cited

    def prices(self, table: _Table) -> Prices:
        tiers = []
        listed = table.get("tiers", [])
        for row in listed if isinstance(listed, list) else self.fail("needs a list as “tiers”"):
            if not isinstance(row, dict):
                self.fail("has a tier that is no table")
            above = self.tokens(row, "above") or self.fail("has a tier without “above”")
            tiers.append(Tier(above, self.rates(row, "above")))
        if tiers != sorted(tiers, key=lambda tier: tier.above):
            self.fail("has tiers that do not rise")
        note = table.get("note", "")
        return Prices(self.rates(table, "tiers", "peak", "note"), tuple(tiers), self.peak(table), str(note))

    def peak(self, table: _Table) -> Peak | None:
        row = self.table(table, "peak")
        if not row:
            return None
        factor = self.dollars(row, "factor") or self.fail("has a peak without “factor”")
        return Peak(factor, self.text(row, "hours"))

    def rates(self, row: _Table, *other: str) -> Rates:
        if unknown := row.keys() - {*_RATES, *other}:
            self.fail(f"has an unknown price “{min(unknown)}”")
        return Rates(
            self._required(row, "input"),
            self._required(row, "output"),
            *(self.dollars(row, key) for key in _RATES[2:]),
        )

    def _required(self, row: _Table, key: str) -> Decimal:
        value = self.dollars(row, key)
        return value if value is not None else self.fail(f"has prices without “{key}”")
