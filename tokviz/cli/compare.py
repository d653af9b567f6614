"""``tokviz compare``: what each tokenizer makes of the inputs, and how far their boundaries agree."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from tokviz.analysis import formatting
from tokviz.analysis.comparison import comparison_export as export
from tokviz.analysis.comparison.comparison import BoundaryCounter, BoundaryCounts
from tokviz.analysis.comparison.comparison_table import TableRow, comparison_entries, comparison_table
from tokviz.analysis.cost_words import price_dates
from tokviz.analysis.count_plan import CountPlan, TokenCounter
from tokviz.analysis.tokens.statistics import TextSize
from tokviz.assets import Assets
from tokviz.cli.catalogs import known_models
from tokviz.cli.compare_request import CompareRequest, parse
from tokviz.cli.console import Console
from tokviz.cli.heading import heading
from tokviz.cli.inputs import named_paths, user_packs
from tokviz.cli.own_tokenizers import asked_tokenizers, own_records
from tokviz.cli.process_shards import load_counters
from tokviz.cli.progress import Progress
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.cli.totals import Inputs, Totals
from tokviz.documents.tree.walking import WalkOptions
from tokviz.language import _, ngettext
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count, Provenance

__all__ = ["parse", "run"]
_COLUMNS = (
    Column(_("Tokenizer")),
    Column(_("Tokens"), right=True),
    Column(_("Counts")),
    Column(_("Relative"), right=True),
    Column(_("Bytes/token"), right=True, optional=1),
    Column(_("Chars/token"), right=True, optional=2),
    Column(_("Tokens/word"), right=True, optional=3),
    Column(_("Vocabulary"), right=True, optional=4),
    Column(_("Sending costs"), right=True),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was counted of all inputs."""

    size: TextSize
    counts: dict[str, Count]
    names: tuple[str, ...]
    """The tokenizers whose boundaries were compared."""
    boundaries: BoundaryCounts


def run(request: CompareRequest, console: Console) -> int:
    """Compare and print; 1 if an input or a tokenizer failed."""
    assets = Assets()
    registry = Registry(assets)
    if request.model_ids:
        from tokviz.cli import compare_models  # starting fast matters

        return compare_models.run(request, assets, registry, console)
    request = _with_files(request, registry, console)
    plan = CountPlan(chosen(request.tokenizers, request.baseline, registry), registry.assumed)
    if request.forms:
        from tokviz.cli import compare_forms  # starting fast matters

        return compare_forms.run(request, plan, assets, registry, console)
    models = known_models(assets, console).models
    paths = named_paths(request.paths, console)
    counters, unusable = load_counters(plan.sources, registry)
    inputs = Inputs(
        paths,
        console,
        WalkOptions(largest=request.reading.largest, reading=request.reading, packs=user_packs().read()),
        in_parts=False,
    )
    published = [
        each
        for each in counters
        if isinstance(each, TokenCounter)
        and each.tokenizer.name in plan.names
        and registry.info(each.tokenizer.name).provenance is not Provenance.RECONSTRUCTED
    ]
    counter = BoundaryCounter([each.tokenizer for each in published])
    others = [each for each in counters if each not in published]
    with inputs.read_ahead(plan.sources[:1]) as batches, Progress() as progress:
        totals = inputs.count(batches, [counter, *others], progress)
    console.complain_first([*unusable, *totals.failed, *totals.problems])
    found = _compared(totals, counter, plan)
    shown_ones = [each for each in comparison_entries(registry) if each.name in plan.names]
    baseline = request.baseline or plan.names[0]
    rows = comparison_table(found.size, found.counts, shown_ones, models, baseline, date.today())
    match request.output:
        case "json":
            console.print_json(
                json.dumps(
                    _record(found, totals, rows, baseline) | own_records(registry),
                    indent=2,
                    ensure_ascii=False,
                )
            )
        case "csv":
            console.print(export.csv_table(rows).rstrip("\n"))
        case "markdown":
            console.print(export.markdown(rows, baseline).rstrip("\n"))
        case _:
            console.print(_report(paths, found, totals, rows, baseline, console))
    return 1 if unusable or totals.failed else 0


def _with_files(request: CompareRequest, registry: Registry, console: Console) -> CompareRequest:
    """The request with the names of its tokenizers, those that are files included; ``Failure`` for one that
    is not known."""
    baseline = asked_tokenizers([request.baseline] if request.baseline else [], registry, console)
    wanted = asked_tokenizers(request.tokenizers, registry, console)
    return replace(request, tokenizers=wanted, baseline=baseline[0] if baseline else None)


def chosen(wanted: Sequence[str], baseline: str | None, registry: Registry) -> tuple[str, ...]:
    """The tokenizers and estimators to compare: all by default.

    A baseline that is not among those named is compared too.
    """
    known = (*registry.names(), *registry.estimator_names())
    return tuple(dict.fromkeys(chain([baseline] if baseline and wanted else [], wanted or known)))


def _compared(totals: Totals, counter: BoundaryCounter, plan: CountPlan) -> Compared:
    counts = plan.counts(totals.columns, totals.values)
    size = TextSize(totals["bytes"], totals["characters"], counter.words(totals.__getitem__), totals["lines"])
    return Compared(size, counts, counter.names, counter.boundaries(totals.__getitem__))


def _record(found: Compared, totals: Totals, rows: Sequence[TableRow], baseline: str) -> dict[str, object]:
    return {
        "files": totals.files,
        **export.json_record(found.size, rows, baseline, found.names, found.boundaries),
        "skipped": totals.skipped_records(),
    }


def _report(
    paths: Sequence[str],
    found: Compared,
    totals: Totals,
    rows: Sequence[TableRow],
    baseline: str,
    console: Console,
) -> list[str]:
    lines = [heading(totals, paths, found.size.words)]
    if not totals.files:
        return lines
    cells = [export.narrow_cells(row) for row in rows if row.count]
    lines += ["", *render(_COLUMNS, cells, console.width, console.styled)]
    if len(found.names) > 1:
        lines += ["", *_agreement(found, console)]
    return [*lines, "", *remark_lines(_remarks(rows, baseline), console.width, console.styled)]


def _agreement(found: Compared, console: Console) -> list[str]:
    """Each pair once, below the diagonal; columns are numbered as the rows are, to stay narrow."""
    counts = found.boundaries
    if not counts.any:
        return [_("Agreement: no tokenizer cuts inside this text, so there are no boundaries to compare.")]
    columns = [Column(_("Agreement"))]
    columns += [Column(str(number), right=True) for number in range(1, len(found.names))]
    rows = []
    for row, name in enumerate(found.names):
        pairs = [formatting.percent(counts.agreement(column, row).share) for column in range(row)]
        rows.append([f"{row + 1} {name}", *pairs, *[""] * (len(found.names) - 1 - len(pairs))])
    whole = ngettext(
        "{share} of all boundaries are common to all; {n} differs.",
        "{share} of all boundaries are common to all; {n} differ.",
        counts.differing,
        share=formatting.percent(counts.common_share),
    )
    return [*render(columns, rows, console.width, console.styled), whole]


def _remarks(rows: Sequence[TableRow], baseline: str) -> list[str]:
    lines = [
        _(
            "Relative: tokens compared with {baseline}. Words are runs without white space.",
            baseline=baseline,
        ),
        _("Agreement: boundaries inside the text that both tokenizers have, of all that either has."),
        _("Sending costs, in US dollars: from the cheapest model that uses the tokenizer to the dearest."),
    ]
    if any(row.count and row.count.provenance is Provenance.ESTIMATE for row in rows):
        lines.append(
            _(
                "~ An estimate: {explanation}. It has no boundaries to compare.",
                explanation=Provenance.ESTIMATE.explanation,
            )
        )
    if any(row.count and row.count.provenance is Provenance.RECONSTRUCTED for row in rows):
        lines.append(
            _(
                "Reconstructed: {explanation}. Its boundaries are not known, and so they are not compared.",
                explanation=Provenance.RECONSTRUCTED.explanation,
            )
        )
    if span := price_dates([each.model for row in rows for each in row.models]):
        lines.append(_("Prices as of {span}; --json has each model's cost.", span=span))
    return lines
