"""The user's own models: a file that they write, in which a mistake costs one model and no more.

``EXAMPLE`` shows what it says.
``prices`` may have all that ``resources/catalog/models.toml`` explains: tiers, cache, batch, hours, dates.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import asdict, fields, replace

from tokviz import language, system_errors
from tokviz.assets import DataFileError, TomlFile
from tokviz.catalog.model import (
    RATES,
    Access,
    Capability,
    Citation,
    LanguageModel,
    LaterPrices,
    Prices,
    Rates,
    Source,
    Text,
    Tier,
    Tokens,
    likeliest_ids,
)
from tokviz.catalog.model_file import PRICE_SET_BY_HOST, exact
from tokviz.language import N_, _, clause, gettext, within
from tokviz.names import UnknownNameError
from tokviz.tokens import Provenance

EXAMPLE = """\
[[models]]
id = "house-claude"
name = "Claude through our reseller"
like = "claude-opus-5.5"    # everything that is not said here is that model's
discount = 15               # percent off every price
max_output = 32_000

[[models]]
id = "house-llama"
developer = "Our own machine"
access = "open weights"
context_window = 32_768
tokenizer = "llama3"
prices = { input = 0.1, output = 0.4 }   # dollars per million tokens
"""  # verbatim
OWN = "own"
"""The name of the source of what the user says."""
STRENGTHS = N_("your own")
_HEADER = re.compile(r"\s*\[\[\s*models\s*\]\]")
_SYNTAX = re.compile(r"\(at line (\d+),")
_PERCENT = Decimal(100)
_Values: TypeAlias = dict[str, Any]
"""The fields of a model by name."""


class _OwnRow(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a row may say; what is None is the other model's, or unknown."""

    id: Text
    like: Text | None = None
    discount: Decimal | int | None = None
    name: Text | None = None
    developer: Text | None = None
    access: Access | None = None
    context_window: Tokens | None = None
    max_input: Tokens | None = None
    max_output: Tokens | None = None
    capabilities: tuple[Capability, ...] | None = None
    min_cacheable: Tokens | None = None
    strengths: Text | None = None
    tokenizer: Text | None = None
    provenance: Provenance | None = None
    released: date | None = None
    retired: date | None = None
    prices: Prices | str | None = None


_FIGURES = (
    *("context_window", "max_input", "max_output", "capabilities", "min_cacheable"),
    *("tokenizer", "released", "retired", "prices"),
)
"""What has a source."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in the file. ``str()`` is one sentence with file, line and key."""

    path: Path
    line: int | None
    """From 1; None where the file as a whole is meant."""
    what: str
    """One sentence, which names the key."""

    def __str__(self) -> str:
        if not self.line:
            return f"{self.path}: {self.what}"
        # Translators: {what} is a sentence that says what is wrong there.
        return _("{file}, line {line}: {what}", file=self.path, line=self.line, what=self.what)


def read_own_models(
    path: Path,
    listed: Sequence[LanguageModel],
    tokenizers: Collection[str],
    today: date,
    text: str | None = None,
) -> tuple[tuple[LanguageModel, ...], tuple[Mistake, ...]]:
    """The models of the file at ``path``, or of ``text`` that is to be written to it, and every mistake.

    ``listed``: what a row may be like. ``tokenizers``: those there are.
    """
    try:
        written = today if text is not None else date.fromtimestamp(path.stat().st_mtime)
        text = path.read_text("utf-8") if text is None else text
        file = TomlFile(path, ("models",), text)
        rows = file.rows("models")
    except DataFileError as error:
        syntax = _SYNTAX.search(error.what)
        return (), (Mistake(path, int(syntax[1]) if syntax else None, f"{error.what}."),)
    except (OSError, UnicodeDecodeError) as error:
        reason = system_errors.words(error) if isinstance(error, OSError) else _("it is not UTF-8")
        return (), (Mistake(path, None, _("it cannot be read: {reason}.", reason=reason)),)
    lines = text.splitlines()
    source = Source(OWN, _("your own models ({file})", file=path.name), written)
    reader = _Reader(file, listed, tokenizers, source, today)
    problems = []
    for nth, (where, row) in enumerate(rows.items()):
        try:
            reader.add(where, row)
        except DataFileError as error:
            what = f"{error.what}.".replace("?.", "?").replace("？.", "？")
            problems.append(Mistake(path, _line(lines, nth, error.key), what))
    return tuple(reader.models.values()), tuple(problems)


class _Reader:
    def __init__(
        self,
        file: TomlFile,
        listed: Sequence[LanguageModel],
        tokenizers: Collection[str],
        written: Source,
        today: date,
    ) -> None:
        self._file = file
        self._known = {model.id: model for model in listed}
        self._tokenizers = tokenizers
        self._cited = Citation(written)
        self._today = today
        self.models: dict[str, LanguageModel] = {}

    def add(self, where: str, row: object) -> None:
        """Read one row; ``DataFileError`` says what is wrong in it."""
        if isinstance(row, dict):
            row = row | {"prices": exact(row.get("prices"))}
        read = self._file.read(where, row, _OwnRow)
        if read.id in self.models:
            self._file.fail(where, _("“{key}”: “{id}” stands in the file twice", key="id", id=read.id), "id")
        self.models[read.id] = self._model(where, read)

    def _model(self, where: str, row: _OwnRow) -> LanguageModel:
        base = self._base(where, row)
        values = _values(base) if base else _blank()
        said = {key: value for key, value in asdict(row).items() if value is not None and key in values}
        values |= said
        values |= {"id": row.id, "name": row.name or row.id}
        sources: Mapping[str, Citation] = values["sources"]
        values["sources"] = {**sources, **{key: self._cited for key in _FIGURES if key in said}}
        self._settle_tokenizer(where, row, values)
        self._settle_prices(where, row, values)
        return LanguageModel(**values)

    def _base(self, where: str, row: _OwnRow) -> LanguageModel | None:
        if row.like is None:
            if row.tokenizer is None:
                what = _("it needs a “tokenizer”, or in “like” the id of a model that it is like")
                self._file.fail(where, what, "tokenizer")
            return None
        known = self._known | self.models
        if row.like not in known:
            ids = likeliest_ids(known.values(), self._today)
            what = clause(str(UnknownNameError("model", row.like, ids)))
            self._file.fail(where, f"“like”: {within(what)}", "like")
        return known[row.like]

    def _settle_tokenizer(self, where: str, row: _OwnRow, values: _Values) -> None:
        if row.tokenizer is None:
            return
        if row.tokenizer not in self._tokenizers:
            what = clause(str(UnknownNameError("tokenizer", row.tokenizer, sorted(self._tokenizers))))
            self._file.fail(where, f"“tokenizer”: {within(what)}", "tokenizer")
        users = {model.provenance for model in self._known.values() if model.tokenizer == row.tokenizer}
        if users == {Provenance.ESTIMATE}:
            values["provenance"] = Provenance.ESTIMATE
        elif row.provenance is None:
            values["provenance"] = Provenance.ASSUMED

    def _settle_prices(self, where: str, row: _OwnRow, values: _Values) -> None:
        prices = values["prices"]
        if isinstance(prices, str):
            if prices != PRICE_SET_BY_HOST:
                what = _("“{key}” are neither a table nor “{host}”", key="prices", host=PRICE_SET_BY_HOST)
                self._file.fail(where, what, "prices")
            values |= {"prices": None, "host_sets_price": True}
        elif isinstance(prices, Prices):
            values |= {"prices": prices.on(self._today), "host_sets_price": False}
        if row.discount is None:
            return
        percent = Decimal(row.discount)
        if not 0 <= percent <= _PERCENT:
            what = _("“{key}” must be a percentage from 0 to 100", key="discount")
            self._file.fail(where, what, "discount")
        if not isinstance(values["prices"], Prices):
            what = _("“{key}”: there is no price to take it from", key="discount")
            self._file.fail(where, what, "discount")
        values["prices"] = discounted(values["prices"], percent)


def discounted(prices: Prices, percent: Decimal) -> Prices:
    """The same prices less so many percent, at every condition and day."""

    def cut(card: Rates) -> dict[str, Decimal]:
        rates = {name: getattr(card, name) for name in RATES}
        return {
            name: rate * (_PERCENT - percent) / _PERCENT for name, rate in rates.items() if rate is not None
        }

    def tiers(card: Prices | LaterPrices) -> tuple[Tier, ...]:
        return tuple(replace(tier, **cut(tier)) for tier in card.tiers)

    later = tuple(replace(card, **cut(card), tiers=tiers(card)) for card in prices.later)
    off = _("{percent} off the listed price", percent=language.percent(f"{percent.normalize():f}"))
    note = "; ".join(filter(None, (gettext(prices.note), off)))
    return replace(prices, **cut(prices), tiers=tiers(prices), later=later, note=note)


def _values(base: LanguageModel) -> _Values:
    return {field.name: getattr(base, field.name) for field in fields(base)}


def _blank() -> _Values:
    """What holds where a row says nothing and is like no other model."""
    unknown: _Values = {field.name: None for field in fields(LanguageModel)}
    return unknown | {
        "developer": "you",
        "access": Access.API,
        "strengths": STRENGTHS,
        "host_sets_price": False,
        "withdrawn": False,
        "notes": {},
        "sources": {},
    }


def _line(lines: Sequence[str], row: int, key: str) -> int:
    """The line, from 1, on which ``key`` is written; that of the row if it is not."""
    starts = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    if row >= len(starts):  # written in another way, such as models = [{…}]
        return 1
    end = starts[row + 1] if row + 1 < len(starts) else len(lines)
    for part in reversed(re.split(r"[.\[\]]+", key.strip("[]"))) if key else ():
        wanted = re.compile(rf"(?:^|[\s{{,\[.\"]){re.escape(part)}\"?\s*(?:=|\])")
        for at in range(starts[row] + 1, end):
            if wanted.search(lines[at].partition("#")[0]):
                return at + 1
    return starts[row] + 1
