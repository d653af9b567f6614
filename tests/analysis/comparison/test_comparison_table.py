"""The table of tokenizers: metrics with their ranges, a baseline, the models' costs, and its exports."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from tokviz.analysis.comparison import comparison_export as export
from tokviz.analysis.comparison.comparison import compare
from tokviz.analysis.comparison.comparison_table import ComparisonEntry, Range, TableRow, comparison_table
from tokviz.analysis.formatting import percent
from tokviz.analysis.tokens.statistics import TextSize
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.tokens import Count, Provenance

MODELS = Catalog(Assets()).models
SIZE = TextSize(bytes=4000, characters=3600, words=600, lines=40)
ENTRIES = [
    ComparisonEntry("o200k_base", "o200k_base", 200_019),
    ComparisonEntry("llama3", "Llama 3 | 3.1", 128_256),
    ComparisonEntry("claude-v3", "Claude 3 to 4.6", None),
    ComparisonEntry("r50k_base", "GPT-3", 50_257),
    ComparisonEntry("nobody-s", "Nobody's", 1000),
]
COUNTS = {
    "o200k_base": Count.certain(800),
    "llama3": Count.certain(900),
    "claude-v3": Count(1000, Provenance.ESTIMATE, 800, 1250),
    "r50k_base": Count.certain(1600),
}
TODAY = date(2026, 11, 24)


def rows(counts: dict[str, Count] = COUNTS, baseline: str = "o200k_base") -> dict[str, TableRow]:
    table = comparison_table(SIZE, counts, ENTRIES, MODELS, baseline, TODAY)
    return {row.entry.name: row for row in table}


def test_figures_are_the_counts_divided() -> None:
    row = rows()["llama3"]
    assert row.bytes_per_token and row.bytes_per_token.likely == pytest.approx(4000 / 900)
    assert row.characters_per_token and row.characters_per_token.likely == 4.0
    assert row.tokens_per_word == Range(1.5, 1.5, 1.5)
    assert row.relative and row.relative.likely == 1.125 and row.relative.is_certain
    assert rows()["o200k_base"].relative == Range(1.0, 1.0, 1.0)


def test_an_estimate_is_a_range_everywhere() -> None:
    row = rows()["claude-v3"]
    assert row.bytes_per_token == Range(3.2, 4.0, 5.0)
    assert row.relative == Range(1.0, 1.25, 1.5625)
    assert export.tokens(row) == "~1,000 (800–1,250)"
    assert export.full_range(row.bytes_per_token) == "~4.00 (3.20–5.00)"
    assert export.full_range(row.relative, percent) == "~125 % (100 %–156 %)"
    assert all(each.cost and each.cost.low < each.cost.likely < each.cost.high for each in row.priced)
    assert export.costs(row).startswith("~$0.00")


def test_what_is_not_counted_is_empty_and_never_zero() -> None:
    row = rows()["nobody-s"]
    assert (row.count, row.relative, row.bytes_per_token) == (None, None, None)
    assert export.cells(row) == ("Nobody's", "", "", "", "", "", "", "1,000", "")
    assert rows({"llama3": Count.certain(5)})["llama3"].relative is None
    empty = rows({name: Count.certain(0) for name in COUNTS})["o200k_base"]
    assert (empty.bytes_per_token, empty.relative) == (None, None)


def test_costs_are_those_of_the_models_that_use_the_tokenizer() -> None:
    row = rows()["o200k_base"]
    assert {each.model.id for each in row.models} == {
        model.id for model in MODELS if model.tokenizer == "o200k_base"
    }
    amounts = [each.cost.likely for each in row.priced if each.cost]
    assert amounts == sorted(amounts) and not any(each.retired for each in row.priced)
    gpt_4o = next(each for each in row.models if each.model.id == "gpt-4o")
    assert gpt_4o.cost and gpt_4o.cost.likely == Decimal("0.002")
    assert export.money(gpt_4o) == "$0.002"


def test_retired_models_count_only_where_there_are_no_others() -> None:
    row = rows()["r50k_base"]
    assert row.models and all(each.retired for each in row.models)
    assert row.priced == () or all(each.retired for each in row.priced)


def test_csv_reads_back() -> None:
    table = list(csv.DictReader(io.StringIO(export.csv_table(list(rows().values())))))
    assert [line["tokenizer"] for line in table] == [each.name for each in ENTRIES]
    by_name = {line["tokenizer"]: line for line in table}
    assert by_name["claude-v3"]["low"] == "800" and by_name["claude-v3"]["provenance"] == "estimate"
    assert by_name["llama3"]["relative_to_baseline"] == "1.125"
    assert by_name["claude-v3"]["vocabulary_size"] == "" and by_name["nobody-s"]["tokens"] == ""
    assert Decimal(by_name["o200k_base"]["cheapest_input_cost_usd"]) <= Decimal("0.002")


def test_markdown_is_a_table_whose_cells_cannot_break_out() -> None:
    lines = export.markdown(list(rows().values()), "o200k_base").splitlines()
    assert len(lines) == 2 + len(ENTRIES)
    assert all(line.replace("\\|", "").count("|") == len(export.HEADERS) + 1 for line in lines)
    assert "Relative to o200k_base" in lines[0] and "Llama 3 \\| 3.1" in lines[3]


def test_json_holds_the_table_and_the_agreement() -> None:
    ends = [np.array(each, np.int64) for each in ([1, 2, 4, 9], [2, 4, 9], [9])]
    counts = compare(9, ends).counts
    names = ["a", "b", "c"]
    record = json.loads(
        json.dumps(export.json_record(SIZE, list(rows().values()), "o200k_base", names, counts))
    )
    assert record["bytes"] == 4000 and record["baseline"] == "o200k_base"
    assert record["tokenizers"][2]["low"] == 800 and record["tokenizers"][4]["tokens"] is None
    assert record["boundaries"] == {"common": 0, "differing": 3, "common_share": 0.0}
    first = record["agreement"][0]
    assert (first["first"], first["second"], first["shared"], first["only_first"]) == ("a", "b", 2, 1)
    assert first["agreement"] == pytest.approx(2 / 3) and len(record["agreement"]) == 3


@pytest.mark.parametrize(
    ("value", "text"), [(4.0, "4.00"), (0.52, "0.52"), (0.1234, "0.123"), (1234.5, "1,234.50")]
)
def test_ratios_have_the_digits_one_compares(value: float, text: str) -> None:
    assert export.decimal(value) == text


def test_exports_say_in_a_word_that_a_tokenizer_is_not_counted() -> None:
    table = [rows({})["o200k_base"]]
    assert next(csv.DictReader(io.StringIO(export.csv_table(table))))["provenance"] == "not counted"
    assert "| not counted |" in export.markdown(table, "o200k_base")
    assert "'provenance': 'not counted'" in str(export.json_record(SIZE, table, "o200k_base"))
