"""Reads ``resources/catalog/models.toml``: the language models, each figure with its source."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import asdict

from tokviz.assets import Assets, TomlFile
from tokviz.catalog.model import Citation, LanguageModel, ModelFigures, Prices, Source, Text

PRICE_SET_BY_HOST = "set by the host"
"""What stands in place of prices for open weights that their maker does not serve."""

_CITED = ("context_window", "max_input", "max_output", "prices", "released", "retired")


class UnknownNameError(LookupError):
    """A name that nothing has. ``str()`` is one sentence with the nearest name that something has."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.nearest = nearest(name, known)
        super().__init__(f"There is no {kind} “{name}”; did you mean “{self.nearest}”?")

    def __str__(self) -> str:
        return str(self.args[0])


def nearest(name: str, known: Iterable[str]) -> str:
    """The one of ``known``, which may not be empty, that is most like ``name``, letter case aside."""
    # Imported here: it is needed only when something went wrong.
    from difflib import SequenceMatcher

    def likeness(other: str) -> tuple[bool, float]:
        plain, given = other.casefold(), name.casefold()
        return plain == given, SequenceMatcher(None, given, plain).ratio()

    return max(known, key=likeness)


class _SourceRow(Struct, frozen=True, forbid_unknown_fields=True):
    title: Text
    date: date


class _ModelRow(ModelFigures, frozen=True, kw_only=True):
    prices: Prices | str | None = None
    sources: dict[str, str] = field(default_factory=dict)


class Catalog:
    """The language models in the order of ``models.toml``, read when they are first asked for.

    Every method raises ``DataFileError`` if the file is missing or wrong.
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
    """The rows of the file at ``path``, checked; ``DataFileError`` names the first row and key amiss."""
    file = TomlFile(path, ("sources", "models"))
    listed = file.table("sources", _SourceRow).items()
    sources = {name: Source(name, row.title, row.date) for name, row in listed}
    models: dict[str, LanguageModel] = {}
    for where, row in file.rows("models").items():
        model = _model(file, where, row, sources)
        if model.id in models:
            file.fail(where, "the id stands in the file twice")
        models[model.id] = model
    if not models:
        file.fail("", "it lists no models")
    return tuple(models.values())


def _model(file: TomlFile, where: str, row: object, sources: Mapping[str, Source]) -> LanguageModel:
    if isinstance(row, dict):
        row = row | {"prices": _exact(row.get("prices"))}
    read = file.read(where, row, _ModelRow)
    if isinstance(read.prices, str) and read.prices != PRICE_SET_BY_HOST:
        what = f"the prices “{read.prices}” are neither a table nor “{PRICE_SET_BY_HOST}”"
        file.fail(where, what)
    cited = {}
    for figure, text in read.sources.items():
        name, _, key = text.partition(" ")
        if name not in sources:
            file.fail(where, f"“sources.{figure}” cites the unknown source “{name}”")
        cited[figure] = Citation(sources[name], key)
    figures = {"tokenizer", *(figure for figure in _CITED if getattr(read, figure) is not None)}
    if figures != cited.keys():
        file.fail(where, f"it needs a source for exactly these: {', '.join(sorted(figures))}")
    prices = read.prices if isinstance(read.prices, Prices) else None
    by_host = read.prices == PRICE_SET_BY_HOST
    return LanguageModel(**asdict(read) | {"prices": prices, "host_sets_price": by_host, "sources": cited})


def _exact(prices: object) -> object:
    """A table of prices in which whole dollars are Decimals like the others."""
    if isinstance(prices, list):
        return [_exact(row) for row in prices]
    if not isinstance(prices, dict):
        return prices
    return {
        key: Decimal(value) if type(value) is int and key != "above" else _exact(value)
        for key, value in prices.items()
    }
