"""Tables as text: what stands in a cell comes back, whatever it is."""

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.escaping import table_cell
from tokviz.analysis.table_text import csv_text, json_text, markdown_table

LETTERS = st.characters(exclude_characters="\r", exclude_categories=["Cs"])
"""A lone CR is written bare where lines end with LF, before Python 3.13."""
CELLS = st.lists(st.lists(st.text(LETTERS), min_size=1, max_size=4), max_size=5)


@given(CELLS, st.sampled_from(["\n", "\r\n"]))
def test_csv_is_read_back(rows: list[list[str]], line_end: str) -> None:
    text = csv_text(rows, line_end)
    defused = [[table_cell(cell) for cell in row] for row in rows]
    assert list(csv.reader(io.StringIO(text, newline=""))) == defused


def test_csv_ends_lines_as_it_is_told() -> None:
    assert csv_text([["a", 1], ['"', ""]]) == 'a,1\n"""",\n'
    assert csv_text([["a"], ["b"]], "\r\n") == "a\r\nb\r\n"


def test_markdown_aligns_numbers_and_keeps_bars_apart() -> None:
    assert markdown_table(["Name", "Count"], [["a|b", "1"]], numbers={1}) == (
        "| Name | Count |\n| --- | ---: |\n| a\\|b | 1 |\n"
    )


def test_json_keeps_letters_of_all_scripts() -> None:
    text = json_text({"हिन्दी": [1, None]})
    assert "हिन्दी" in text
    assert text.endswith("}\n")
    assert json.loads(text) == {"हिन्दी": [1, None]}
