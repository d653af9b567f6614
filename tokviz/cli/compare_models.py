"""``tokviz compare --model``: what the same text is to several models, side by side."""

import json
from collections.abc import Sequence
from datetime import date

from tokviz.analysis import cost_words, fit_words, formatting
from tokviz.analysis.comparison import model_export as export
from tokviz.analysis.comparison.model_table import CHEAPEST, SMALLEST, ModelRow, model_table
from tokviz.analysis.cost_words import price_dates
from tokviz.analysis.escaping import json_safe
from tokviz.assets import Assets
from tokviz.cli.catalogs import known_models, named_models
from tokviz.cli.compare_request import CompareRequest
from tokviz.cli.console import Console
from tokviz.cli.inputs import named_paths
from tokviz.cli.model_counts import count_for_models
from tokviz.cli.models import display_name, remarks
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.cli.totals import Totals
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
    # A baseline that is not among them comes first.
    first = [request.baseline] if request.baseline and request.baseline not in request.model_ids else []
    models = named_models((*first, *request.model_ids), known_models(assets, console))
    baseline = request.baseline or models[0].id
    paths = named_paths(request.paths, console)
    found = count_for_models(models, paths, request.reading, assets, registry, console)
    rows = model_table(found.counts, models, baseline, date.today(), request.reserve)
    console.print(_answer(request, paths, found.totals, rows, baseline, console))
    return 1 if found.failed else 0


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
