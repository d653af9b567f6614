"""``tokviz compare --forms``: the data of one text in other forms, and what each takes."""

import json
from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np

from tokviz.analysis import formatting
from tokviz.analysis.count_plan import Counter, CountPlan
from tokviz.analysis.escaping import json_safe
from tokviz.analysis.forms import forms_export as export
from tokviz.analysis.forms.forms import FORMS, Found, all_written, find_data, form_named, written
from tokviz.analysis.forms.forms_export import FormRow
from tokviz.analysis.forms.values import FormError
from tokviz.assets import Assets
from tokviz.cli.compare_request import CompareRequest
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import named_paths, read_input, shown
from tokviz.cli.own_tokenizers import own_records
from tokviz.cli.process_shards import load_in_shards, usable_processes
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.documents.reading import ReadError
from tokviz.language import _, clause, gettext
from tokviz.lists import listed
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count


def run(
    request: CompareRequest, plan: CountPlan, assets: Assets, registry: Registry, console: Console
) -> int:
    """Print the table, or with ``--to`` the data in that form; 1 if something failed."""
    paths = named_paths(request.paths, console)
    if len(paths) > 1:
        raise Failure(_("Other forms are made of one text: name one file."), 2)
    try:
        text = read_input(paths[0], console, request.reading).text
        found = find_data(text, request.source)
    except ReadError as error:
        raise Failure(str(error)) from error
    except FormError as error:
        raise Failure(f"{shown(paths[0])}: {error}") from error
    if request.target:
        return _write(found, request.target, console)
    with ExitStack() as stack:
        counters, unusable = load_in_shards(plan.sources, registry, assets, usable_processes(), stack)
        forms = list(all_written(found.value))
        counts = _counts([text, *(each.text for each in forms)], counters, plan)
    rows = [export.as_it_is(text, found.form, counts[0])]
    for each, own in zip(forms, counts[1:], strict=True):
        rows.append(export.form_row(each, {} if each.problem else own))
    names = [name for name in plan.names if name in rows[0].counts]
    console.print(_answer(request, found, rows, names, console, registry))
    for sentence in unusable:
        console.complain(sentence)
    return 1 if unusable else 0


def _write(found: Found, target: str, console: Console) -> int:
    """The data in one form; what is lost is said on standard error."""
    made = written(found.value, form_named(target))
    if made.problem:
        raise Failure(made.problem_words)
    console.print_bytes(made.text if made.text.endswith(b"\n") else made.text + b"\n")
    for sentence in found.note_words:
        console.complain(sentence)
    if made.losses:
        console.complain(
            _(
                "The data do not come back unchanged: {losses}.",
                losses="; ".join(loss.words for loss in made.losses),
            )
        )
    return 0


def _counts(texts: Sequence[bytes], counters: Sequence[Counter], plan: CountPlan) -> list[dict[str, Count]]:
    columns = [column for counter in counters for column in counter.columns]
    parts = [counter.count(texts) for counter in counters]
    if not parts:
        return [{} for _ in texts]
    return [plan.counts(columns, sums) for sums in np.concatenate(parts, axis=1)]


def _answer(
    request: CompareRequest,
    found: Found,
    rows: Sequence[FormRow],
    names: Sequence[str],
    console: Console,
    registry: Registry,
) -> str:
    match request.output:
        case "json":
            record = export.json_record(found.form, found.notes, rows, names) | own_records(registry)
            return json_safe(json.dumps(record, indent=2, ensure_ascii=False))
        case "csv":
            return export.csv_table(rows, names).rstrip("\n")
        case "markdown":
            return export.markdown(rows, names).rstrip("\n")
    return "\n".join(_report(request, found, rows, names, console))


def _report(
    request: CompareRequest, found: Found, rows: Sequence[FormRow], names: Sequence[str], console: Console
) -> list[str]:
    wanted = request.baseline or ""
    chosen = wanted if wanted in names else next(iter(names), "")
    best = export.smallest(rows[1:], chosen)
    lines = [_("Read as {form}.", form=gettext(found.form)), *found.note_words, ""]
    columns = [
        Column(_("Form")),
        Column(_("Tokens"), right=True),
        Column(_("Saving"), right=True),
        Column(_("Bytes"), right=True, optional=1),
        Column(_("Comes back unchanged")),
    ]
    cells = [
        (
            row.words + (" ←" if row.name == best else ""),
            export.tokens_text(row, chosen),
            export.saving_text(row, rows[0], chosen),
            "–" if row.written.problem else formatting.grouped(len(row.written.text)),
            "" if row is rows[0] else row.outcome,
        )
        for row in rows
    ]
    lines += render(columns, cells, console.width, console.styled)
    lines += _losses(rows, console)
    if len(names) > 1:
        lines += ["", *_all_tokenizers(rows, names, console)]
    remarks = [
        _(
            "Tokens and savings above are those under {tokenizer}; a minus means more than the text as it "
            "is.",
            tokenizer=chosen,
        ),
        _("← The fewest tokens of the forms in which the data come back unchanged."),
        _(
            "Unchanged: the same values, names and order, numbers spelled alike, found by reading the form "
            "back."
        ),
    ]
    return [*lines, "", *remark_lines(remarks, console.width, console.styled)]


def _losses(rows: Sequence[FormRow], console: Console) -> list[str]:
    """A sentence for each outcome, with the forms that share it."""
    titles: dict[str, list[str]] = {}
    for row in rows:
        if row.loses:
            titles.setdefault(row.loss_words, []).append(row.words)
    sentences = (formatting.told_of(listed(those), clause(loses)) for loses, those in titles.items())
    lines = remark_lines(sentences, console.width)
    return ["", *lines] if lines else []


def _all_tokenizers(rows: Sequence[FormRow], names: Sequence[str], console: Console) -> list[str]:
    """A line for each tokenizer."""
    shorts = {form.name: gettext(form.short) for form in FORMS}
    columns = [
        Column(_("Tokenizer")),
        *(Column(shorts.get(row.name, _("As it is")), right=True) for row in rows),
    ]
    cells = [[name, *(export.tokens_text(row, name) for row in rows)] for name in names]
    return render(columns, cells, console.width, console.styled)
