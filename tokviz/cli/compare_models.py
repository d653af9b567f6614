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
from tokviz.cli.heading import heading
from tokviz.cli.inputs import named_paths
from tokviz.cli.model_counts import count_for_models
from tokviz.cli.models import display_name, remarks
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.cli.totals import Totals
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Provenance

_COLUMNS = (
    Column(_("Model")),
    Column(_("Tokens"), right=True),
    Column(_("Counts"), optional=2),
    Column(_("Relative"), right=True),
    Column(_("Share"), right=True),
    Column(_("Left or over"), right=True, optional=3),
    Column(_("Input cost"), right=True),
    Column(_("With answer"), right=True, optional=1),
    Column(_("Relative"), right=True),
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
    lines = [heading(totals, paths)]
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
    if not names:
        return []
    models, is_sure = listed(names), all(mark in row.marks for row in rows if row.has(mark))
    if mark == SMALLEST:
        sure = _("Fewest tokens: {models}.", models=models)
        return [sure if is_sure else _("Likely fewest tokens: {models}.", models=models)]
    sure = _("Cheapest: {models}.", models=models)
    return [sure if is_sure else _("Likely cheapest: {models}.", models=models)]


def _costs_remark(reserve: int, differs: bool) -> str:
    """``reserve``: tokens kept for the answer, at the most; ``differs``: a model keeps fewer."""
    if differs:
        return ngettext(
            "Share is of the window. Costs in US dollars: of sending the text, and with an answer of {n} "
            "token (less where a window or an answer is small).",
            "Share is of the window. Costs in US dollars: of sending the text, and with an answer of {n} "
            "tokens (less where a window or an answer is small).",
            reserve,
        )
    return ngettext(
        "Share is of the window. Costs in US dollars: of sending the text, and with an answer of {n} token.",
        "Share is of the window. Costs in US dollars: of sending the text, and with an answer of {n} tokens.",
        reserve,
    )


def _remarks(rows: Sequence[ModelRow], baseline: str) -> list[str]:
    found = [row.found for row in rows if row.found]
    reserves = {each.fit.reserve for each in found}
    lines = [
        *_best(rows, SMALLEST),
        *_best(rows, CHEAPEST),
        _("Relative: tokens, and the cost of sending, compared with {baseline}.", baseline=baseline),
        _costs_remark(max(reserves, default=0), len(reserves) > 1),
    ]
    for each in found:
        between = formatting.count_range(each.count)
        if between:
            estimate = ngettext(
                "{model}: an estimate, {between} token.",
                "{model}: an estimate, {between} tokens.",
                each.count.high,
                model=each.model.name,
                between=between,
            )
            lines.append(f"{estimate} {fit_words.doubt(each.fit)}".strip())
        if warning := cost_words.tier_warning(each.count, each.model.prices):
            lines.append(formatting.told_of(each.model.name, warning))
    present = {each.count.provenance for each in found}
    lines += [
        formatting.told_of(formatting.sentence(kind.words), kind.explanation)
        for kind in Provenance
        if kind in present and kind is not Provenance.EXACT
    ]
    models = [each.model for each in found]
    if span := price_dates(models):
        lines.append(_("Prices as of {span}.", span=span))
    return [*lines, *remarks(models, date.today())]
