"""Reads a file of language models such as ``resources/catalog/models.toml``: each figure with its source."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import asdict

from tokviz.assets import TomlFile
from tokviz.catalog.model import Citation, LanguageModel, ModelFigures, Prices, Source, Text
from tokviz.language import N_, _
from tokviz.lists import listed

PRICE_SET_BY_HOST = N_("set by the host")
"""What stands in place of prices for open weights that their maker does not serve."""

_CITED = (
    *("context_window", "max_input", "max_output", "prices", "released", "retired"),
    *("capabilities", "min_cacheable"),
)


class _SourceRow(Struct, frozen=True, forbid_unknown_fields=True):
    title: Text
    date: date


class _ModelRow(ModelFigures, frozen=True, kw_only=True):
    prices: Prices | str | None = None
    sources: dict[str, str] = field(default_factory=dict)


def read_models(path: Path, today: date) -> tuple[LanguageModel, ...]:
    """The rows of the file at ``path``, checked, with the prices of ``today``; ``DataFileError`` names the
    first row and key amiss."""
    file = TomlFile(path, ("sources", "models"))
    listed = file.table("sources", _SourceRow).items()
    sources = {name: Source(name, row.title, row.date) for name, row in listed}
    models: dict[str, LanguageModel] = {}
    for where, row in file.rows("models").items():
        model = _model(file, where, row, sources, today)
        if model.id in models:
            file.fail(where, _("the id stands in the file twice"))
        models[model.id] = model
    if not models:
        file.fail("", _("it lists no models"))
    return tuple(models.values())


def _model(
    file: TomlFile, where: str, row: object, sources: Mapping[str, Source], today: date
) -> LanguageModel:
    if isinstance(row, dict):
        row = row | {"prices": exact(row.get("prices"))}
    read = file.read(where, row, _ModelRow)
    if isinstance(read.prices, str) and read.prices != PRICE_SET_BY_HOST:
        what = _(
            "the prices “{prices}” are neither a table nor “{host}”",
            prices=read.prices,
            host=PRICE_SET_BY_HOST,
        )
        file.fail(where, what)
    cited = {}
    for figure, text in read.sources.items():
        name, _space, key = text.partition(" ")
        if name not in sources:
            file.fail(
                where, _("“{key}” cites the unknown source “{name}”", key=f"sources.{figure}", name=name)
            )
        cited[figure] = Citation(sources[name], key)
    figures = {"tokenizer", *(figure for figure in _CITED if getattr(read, figure) is not None)}
    if read.withdrawn:
        figures.add("retired")
    if figures != cited.keys():
        file.fail(where, _("it needs a source for exactly these: {keys}", keys=listed(sorted(figures))))
    prices = read.prices.on(today) if isinstance(read.prices, Prices) else None
    by_host = read.prices == PRICE_SET_BY_HOST
    return LanguageModel(**asdict(read) | {"prices": prices, "host_sets_price": by_host, "sources": cited})


def exact(prices: object) -> object:
    """A table of prices in which whole dollars are Decimals like the others."""
    if isinstance(prices, list):
        return [exact(row) for row in prices]
    if not isinstance(prices, dict):
        return prices
    return {
        key: Decimal(value) if type(value) is int and key != "above" else exact(value)
        for key, value in prices.items()
    }
