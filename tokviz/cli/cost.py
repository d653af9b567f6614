"""``tokviz cost``: what it costs to send a text so many times a day, model beside model."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tokviz.analysis import planner, table_text
from tokviz.analysis.cost_words import price_dates
from tokviz.analysis.formatting import told_of
from tokviz.analysis.planner import Plan, PlannedCost
from tokviz.assets import Assets
from tokviz.catalog.caching import CachingRules
from tokviz.catalog.catalog import Catalog
from tokviz.cli.catalogs import known_models, named_models
from tokviz.cli.console import Console, Failure
from tokviz.cli.heading import heading
from tokviz.cli.inputs import (
    add_forms,
    add_names,
    add_paths,
    add_reading,
    named_paths,
    number,
    reading_of,
    tokens,
)
from tokviz.cli.model_counts import count_for_models
from tokviz.cli.models import display_name, remarks
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.documents.decoding import ReadOptions
from tokviz.language import _
from tokviz.lists import listed
from tokviz.tokenization.registry import Registry

_COLUMNS = tuple(
    Column(
        title, right=number in planner.NUMBERS, optional={2: 1, len(planner.HEADERS) - 1: 2}.get(number, 0)
    )
    for number, title in enumerate(planner.HEADERS)
)


@dataclass(frozen=True, slots=True)
class CostRequest:
    """The inputs, the plan, and the form of the answer."""

    paths: tuple[str, ...]
    model_ids: tuple[str, ...]
    plan: Plan
    output: str
    """``table``, ``json``, ``csv`` or ``markdown``."""
    reading: ReadOptions


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> CostRequest:
    """Read the command's arguments; argparse ends the program where they are wrong."""
    add_paths(parser, _("files and folders; - is standard input"), "*")
    add_names(parser, "--model", "ID", _("a model (repeatable); `tokviz models` lists them"))
    add = parser.add_argument
    add("--calls", metavar="N", type=number, default=1, help=_("calls a day (1 by default)"))
    add("--answer", metavar="N", type=tokens, default=0, help=_("tokens of each answer (none by default)"))
    add(
        "--cached",
        metavar="N|P%",
        type=_cached,
        default=0,
        help=_(
            "the beginning of each request that stays the same, in tokens or percent of the text: it is "
            "written to the maker's cache once a day and read by the other calls"
        ),
    )
    add("--batch", action="store_true", help=_("batches: answered within a day, at a lower price"))
    add_reading(parser)
    add_forms(parser)
    found = parser.parse_args(argv)
    if not found.calls:
        parser.error(_("--calls takes at least 1"))
    plan = Plan(found.calls, found.answer, found.cached, found.batch)
    return CostRequest(
        tuple(found.paths), tuple(dict.fromkeys(found.model)), plan, found.output, reading_of(found)
    )


def run(request: CostRequest, console: Console) -> int:
    """Count, reckon and print; 1 if an input or a tokenizer failed."""
    if not request.model_ids:
        raise Failure(_("Name a model with --model ID; `tokviz models` lists them."), 2)
    assets = Assets()
    registry, catalog = Registry(assets), known_models(assets, console)
    models = named_models(request.model_ids, catalog)
    paths = named_paths(request.paths, console)
    found = count_for_models(models, paths, request.reading, assets, registry, console)
    counts = {model.id: found.counts[model.tokenizer] for model in models if model.tokenizer in found.counts}
    rows = planner.planned_costs(models, counts, request.plan, catalog.today, CachingRules(assets))
    match request.output:
        case "json":
            record = {"files": found.totals.files, **planner.json_record(rows, request.plan)}
            console.print(table_text.json_text(record).rstrip("\n"))
        case "csv":
            console.print(planner.csv_table(rows).rstrip("\n"))
        case "markdown":
            console.print(planner.markdown(rows).rstrip("\n"))
        case _:
            console.print([heading(found.totals, paths), *_report(rows, request.plan, catalog, console)])
    return 1 if found.failed else 0


def _report(rows: Sequence[PlannedCost], plan: Plan, catalog: Catalog, console: Console) -> list[str]:
    if not rows:
        return []
    today = catalog.today
    table = [[display_name(row.model, today), *planner.cells(row)[1:]] for row in rows]
    lines = ["", *render(_COLUMNS, table, console.width, console.styled), ""]
    notes = [plan.words]
    cheapest = [row.model.name for row in rows if row.is_cheapest]
    if cheapest:
        notes.append(_("Cheapest that fits: {models}.", models=listed(cheapest)))
    for row in rows:
        notes += [told_of(row.model.name, remark) for remark in row.remarks]
    models = [row.model for row in rows]
    if span := price_dates(models):
        notes.append(_("Prices in US dollars as of {span}.", span=span))
    notes += remarks(models, today)
    return [*lines, *remark_lines(notes, console.width, console.styled)]


def _cached(text: str) -> int | Decimal:
    """“8000” tokens, or “80%” of the text."""
    if not text.endswith("%"):
        return tokens(text)
    digits = text[:-1].strip()
    if not digits.replace(".", "", 1).isdecimal() or Decimal(digits) > 100:
        raise argparse.ArgumentTypeError(_("“{text}” is no percentage from 0 to 100", text=text))
    return Decimal(digits) / 100
