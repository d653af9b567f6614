"""``tokviz compare --model``: what the same text is to several models, side by side."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date

from tokviz.analysis import cost_words, fit_words, formatting
from tokviz.analysis.comparison import model_export as export
from tokviz.analysis.comparison.model_table import CHEAPEST, SMALLEST, ModelRow, model_table
from tokviz.analysis.cost_words import price_dates
from tokviz.analysis.count_plan import CountPlan
from tokviz.analysis.escaping import json_safe
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LanguageModel
from tokviz.cli.catalogs import known_models
from tokviz.cli.compare_request import CompareRequest
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import named_paths
from tokviz.cli.models import display_name, remarks
from tokviz.cli.process_shards import MOST_BYTES, load_in_shards, usable_processes
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.cli.totals import Inputs, Progress, Totals
from tokviz.documents.tree.walking import WalkOptions
from tokviz.names import UnknownNameError
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Provenance

_COLUMNS = (
    Column("Model"),
    Column("Tokens", right=True),
    Column("Counts", optional=2),
    Column("Relative", right=True),
    Column("Share", right=True),
    Column("Left or over", right=True, optional=3),
    Column("Input cost", right=True),
    Column("With answer", right=True, optional=1),
    Column("Relative", right=True),
)


def run(request: CompareRequest, assets: Assets, registry: Registry, console: Console) -> int:
    """Compare and print; 1 if an input or a tokenizer failed."""
    models = _chosen(request, known_models(assets, console))
    baseline = request.baseline or models[0].id
    paths = named_paths(request.paths, console)
    inputs = Inputs(
        paths, console, WalkOptions(largest=request.reading.largest, reading=request.reading), MOST_BYTES
    )
    plan = CountPlan(tuple(dict.fromkeys(model.tokenizer for model in models)))
    with ExitStack() as stack:
        batches = stack.enter_context(inputs.read_ahead(len(plan.sources)))
        processes = usable_processes() if inputs.size <= MOST_BYTES else 1
        counters, unusable = load_in_shards(plan.sources, registry, assets, processes, stack)
        totals = inputs.count(batches, counters, stack.enter_context(Progress()), file_by_file=False)
    console.complain_first([*unusable, *totals.failed, *totals.problems])
    counts = plan.counts(totals.columns, totals.values)
    rows = model_table(counts, models, baseline, date.today(), request.reserve)
    console.print(_answer(request, paths, totals, rows, baseline, console))
    return 1 if unusable or totals.failed else 0


def _chosen(request: CompareRequest, catalog: Catalog) -> list[LanguageModel]:
    """The models named, each once; a baseline that is not among them comes first."""
    first = [request.baseline] if request.baseline and request.baseline not in request.model_ids else []
    try:
        return [catalog.get(name) for name in dict.fromkeys((*first, *request.model_ids))]
    except UnknownNameError as error:
        raise Failure(str(error), 2) from error


def _answer(
    request: CompareRequest,
    paths: Sequence[str],
    totals: Totals,
    rows: Sequence[ModelRow],
    baseline: str,
    console: Console,
) -> str:
    name = next(row.model.name for row in rows if row.model.id == baseline)
    match request.output:
        case "json":
            record = {"files": totals.files, "bytes": totals["bytes"], **export.json_record(rows, baseline)}
            record["skipped"] = totals.skipped_records()
            return json_safe(json.dumps(record, indent=2, ensure_ascii=False))
        case "csv":
            return export.csv_table(rows).rstrip("\n")
        case "markdown":
            return export.markdown(rows, name).rstrip("\n")
    lines = [totals.heading(paths)]
    if totals.files:
        cells = [_cells(row) for row in rows if row.found]
        lines += ["", *render(_COLUMNS, cells, console.width, console.styled), ""]
        lines += remark_lines(_remarks(rows, name), console.width, console.styled)
    return "\n".join(lines)


def _cells(row: ModelRow) -> tuple[str, ...]:
    """With marks and the ranges of estimates in the remarks, where they make no column wide."""
    cells = [display_name(row.model, date.today()), *export.cells(row)[1:-1]]
    if row.found:
        cells[1] = formatting.count(row.found.count)
    return tuple(cells)


def _best(rows: Sequence[ModelRow], mark: str) -> list[str]:
    """A line with the models that bear the mark; none where all are alike."""
    names = [row.model.name for row in rows if row.has(mark)]
    likely = "" if all(mark in row.marks for row in rows if row.has(mark)) else "Likely "
    return [f"{(likely + mark).capitalize()}: {', '.join(names)}."] if names else []


def _remarks(rows: Sequence[ModelRow], baseline: str) -> list[str]:
    found = [row.found for row in rows if row.found]
    reserves = {each.fit.reserve for each in found}
    lines = [
        *_best(rows, SMALLEST),
        *_best(rows, CHEAPEST),
        f"Relative: tokens, and the cost of sending, compared with {baseline}.",
        "Share is of the window. Costs in US dollars: of sending the text, and with an answer of "
        + formatting.quantity(max(reserves, default=0), "token")
        + (" (less where a window or an answer is small)." if len(reserves) > 1 else "."),
    ]
    for each in found:
        between = formatting.count_range(each.count)
        if between:
            lines.append(
                f"{each.model.name}: an estimate, {between} tokens. {fit_words.doubt(each.fit)}".strip()
            )
        if warning := cost_words.tier_warning(each.count, each.model.prices):
            lines.append(f"{each.model.name}: {warning}.")
    present = {each.count.provenance for each in found}
    lines += [
        f"{str(kind).capitalize()}: {kind.explanation}."
        for kind in Provenance
        if kind in present and kind is not Provenance.EXACT
    ]
    models = [each.model for each in found]
    if span := price_dates(models):
        lines.append(f"Prices as of {span}.")
    return [*lines, *remarks(models, date.today())]
