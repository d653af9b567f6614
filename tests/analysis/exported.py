"""What programs read of comparisons, forms and contexts, on standard output.

    python -m tests.analysis.exported

A test runs it in several languages: it must be the same in each.
"""

import json
from datetime import date

from tokviz.analysis.comparison import comparison_export, model_export
from tokviz.analysis.comparison.comparison_table import comparison_entries, comparison_table
from tokviz.analysis.comparison.model_table import model_table
from tokviz.analysis.conversation.counted_context import FRAMING, NOT_IN_FILE, ContextPart
from tokviz.analysis.conversation.groups import GroupBy, grouped, kind_name
from tokviz.analysis.conversation.stack import layer_of
from tokviz.analysis.forms import forms_export
from tokviz.analysis.forms.forms import all_written, find_data
from tokviz.analysis.tokens.statistics import TextSize
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.conversations.model import PartKind, Side
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count, Provenance

_DAY = date(2026, 11, 29)
_DATA = b'{"berths": [{"name": "Dock 1", "depth": 1.50, "tags": []}, {"name": "", "depth": null}]}'
_ESTIMATE = Count(1_000, Provenance.ESTIMATE, 800, 1_250)


def comparisons() -> list[object]:
    """The tables of tokenizers and of models, each as CSV and as JSON."""
    assets = Assets()
    models, entries = Catalog(assets).models, comparison_entries(Registry(assets))
    counts = {entry.name: Count.certain(900 + place) for place, entry in enumerate(entries[:-1])}
    counts["o200k_base"] = _ESTIMATE
    size = TextSize(bytes=4_000, characters=3_600, words=600, lines=40)
    rows = comparison_table(size, counts, entries, models, entries[1].name, _DAY)
    table = model_table(counts, models, models[0].id, _DAY)
    return [
        comparison_export.csv_table(rows),
        comparison_export.json_record(size, rows, entries[1].name),
        model_export.csv_table(table),
        model_export.json_record(table, models[0].id),
    ]


def forms() -> list[object]:
    """Data that most forms lose something of."""
    found = find_data(_DATA)
    rows = [forms_export.as_it_is(_DATA, found.form, {})]
    rows += [forms_export.form_row(each, {"o200k_base": _ESTIMATE}) for each in all_written(found.value)]
    names = ["o200k_base"]
    # A problem is a sentence for people wherever it stands.
    written = [row for row in rows if not row.written.problem]
    return [
        forms_export.csv_table(written, names),
        forms_export.json_record(found.form, found.notes, written, names),
    ]


def contexts() -> list[object]:
    """A part of every kind, and the groups that they are put into."""
    kinds = [kind.value for kind in PartKind] + ["system", "tool", "schema", FRAMING]
    parts = [ContextPart(kind, 10, side=side, message=1) for kind in kinds for side in (None, *Side)]
    parts.append(ContextPart(NOT_IN_FILE, 10, name="system prompt, tools"))
    groups = [(group.kind, group.name) for by in (None, *GroupBy) for group in grouped(parts, by)]
    return [[(kind_name(part), layer_of(part)) for part in parts], groups]


if __name__ == "__main__":
    print(json.dumps([comparisons(), forms(), contexts()], indent=1))
