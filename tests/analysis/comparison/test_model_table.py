"""The table of models: figures relative to a baseline, and marks that no range leaves in doubt unsaid."""

import csv
import io
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.comparison import model_export as export
from tokviz.analysis.comparison.model_table import CHEAPEST, SMALLEST, ModelRow, model_table
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.tokens import Count, Provenance

CATALOG = Catalog(Assets())
DAY = date(2026, 11, 29)
SERVED = [model for model in CATALOG.models if not model.is_retired(DAY)]
NAMES = sorted({model.tokenizer for model in CATALOG.models})


def rows(counts: dict[str, Count], *ids: str, baseline: str = "") -> dict[str, ModelRow]:
    table = model_table(counts, [CATALOG.get(each) for each in ids], baseline or ids[0], DAY)
    return {row.model.id: row for row in table}


def same(tokens: int, **others: Count) -> dict[str, Count]:
    return {name: Count.certain(tokens) for name in NAMES} | others


def test_figures_are_relative_to_the_baseline() -> None:
    counts = same(1000, o200k_base=Count.certain(500))
    table = rows(counts, "gpt-5", "gpt-4", baseline="gpt-4")
    gpt5 = table["gpt-5"]
    assert gpt5.relative and gpt5.relative.likely == 0.5 and table["gpt-4"].relative
    assert table["gpt-4"].relative.likely == 1
    assert gpt5.found and gpt5.found.sending and gpt5.relative_cost
    base = table["gpt-4"].found
    assert base and base.sending
    assert gpt5.relative_cost.likely == float(gpt5.found.sending.likely) / float(base.sending.likely)


def test_the_cheapest_and_the_smallest_are_marked() -> None:
    table = rows(same(1000, o200k_base=Count.certain(500)), "gpt-5", "gpt-6-luna", "deepseek-v4-pro")
    smallest = [name for name, row in table.items() if row.has(SMALLEST)]
    assert smallest == ["gpt-5", "gpt-6-luna"]
    priced = {
        name: row.found.sending.likely for name, row in table.items() if row.found and row.found.sending
    }
    cheapest = [name for name, row in table.items() if row.has(CHEAPEST)]
    assert cheapest == [min(priced, key=lambda name: priced[name])]


def test_a_range_that_leaves_it_open_is_said() -> None:
    guess = Count(400, Provenance.ESTIMATE, 300, 600)
    model = CATALOG.get("deepseek-v4-pro")
    table = rows(same(500) | {model.tokenizer: guess}, "gpt-5", model.id)
    assert table[model.id].marks[0] == f"likely {SMALLEST}" and table[model.id].has(SMALLEST)


def test_what_is_retired_or_too_small_is_no_answer() -> None:
    retired = next(model for model in CATALOG.models if model.is_retired(DAY) and model.prices)
    table = rows(same(1000) | {retired.tokenizer: Count.certain(1)}, retired.id, "gpt-5", "deepseek-v4-pro")
    assert not table[retired.id].marks and table[retired.id].retired
    small = min((m for m in SERVED if m.context_window), key=lambda m: m.context_window or 0)
    counts = same(2 * (small.context_window or 0)) | {
        small.tokenizer: Count.certain((small.context_window or 0) + 1)
    }
    large = max((m for m in SERVED if m.tokenizer != small.tokenizer), key=lambda m: m.context_window or 0)
    assert not rows(counts, small.id, large.id)[small.id].marks


def test_what_is_not_counted_yet_is_empty() -> None:
    table = rows({"o200k_base": Count.certain(5)}, "gpt-5", "deepseek-v4-pro")
    row = table["deepseek-v4-pro"]
    assert row.found is None and not row.marks and set(export.cells(row)[1:]) == {""}


@given(st.lists(st.sampled_from([model.id for model in CATALOG.models]), min_size=1, unique=True), st.data())
def test_every_output_tells_the_same(ids: list[str], data: st.DataObject) -> None:
    counts = {}
    for name in NAMES:
        low = data.draw(st.integers(0, 2_000_000))
        exact = Count.certain(low)
        counts[name] = data.draw(
            st.sampled_from([exact, replace(exact, provenance=Provenance.ESTIMATE, high=low + 1000)])
        )
    table = list(rows(counts, *ids).values())
    assert export.markdown(table, "X").count("\n") == len(ids) + 2
    assert export.csv_table(table).count("\n") >= len(ids) + 1
    record = export.json_record(table, ids[0])
    assert [each["model"] for each in record["models"]] == ids  # type: ignore[attr-defined]
    for row in table:
        assert len(export.cells(row)) == len(export.HEADERS)


def test_exports_say_in_a_word_that_a_model_is_not_counted() -> None:
    table = [rows({}, "gpt-4o")["gpt-4o"]]
    header, line = csv.reader(io.StringIO(export.csv_table(table)))
    assert line[header.index("provenance")] == "not counted"
    assert "| not counted |" in export.markdown(table, "GPT-4o")
    assert "'provenance': 'not counted'" in str(export.json_record(table, "gpt-4o"))
