"""Notebooks become their cells; images are named by type and size; broken ones stay and say so."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.documents.shortening.kept import KeptError
from tokviz.documents.shortening.notebooks import notebook_cells
from tokviz.documents.shortening.shorten import shorten
from tokviz.documents.shortening.shortenings import Shortening

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20).decode()


def notebook(*cells: dict[str, object]) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def code(source: object, *outputs: dict[str, object]) -> dict[str, object]:
    return {"cell_type": "code", "source": source, "outputs": outputs, "execution_count": 1, "metadata": {}}


def test_cells_hold_source_prose_and_text_output() -> None:
    text = notebook(
        {"cell_type": "markdown", "source": ["# Title\n", "and prose"], "metadata": {}},
        code(
            ["import x\n", "x.plot()"],
            {"output_type": "stream", "name": "stdout", "text": ["one\n", "\x1b[31mtwo\x1b[0m\n"]},
            {
                "output_type": "display_data",
                "data": {"image/png": PNG, "text/plain": ["<Figure>"]},
                "metadata": {},
            },
        ),
        code("df", {"output_type": "execute_result", "data": {"text/html": "<b>é</b>", "text/plain": "é"}}),
        code(
            "1/0", {"output_type": "error", "ename": "Z", "evalue": "by zero", "traceback": ["a", "\x1b[1mb"]}
        ),
        code("  \n"),
    )
    assert notebook_cells(text).decode() == (
        "# %% [markdown]\n# Title\nand prose\n\n"
        "# %%\nimport x\nx.plot()\n\n"
        "# %% [output]\none\ntwo\n<Figure>\n[image/png, 5,128 bytes]\n\n"
        "# %%\ndf\n\n# %% [output]\né\n[text/html, 9 bytes]\n\n"
        "# %%\n1/0\n\n# %% [output]\na\nb\n"
    )


def test_attachments_and_what_is_pasted_into_prose() -> None:
    cell: dict[str, object] = {
        "cell_type": "markdown",
        "source": f"![a](attachment:a.png) ![b](data:image/png;base64,{PNG})",
        "attachments": {"a.png": {"image/png": PNG}},
    }
    assert notebook_cells(notebook(cell)).decode() == (
        "# %% [markdown]\n![a](attachment:a.png) ![b](data:image/png;base64,[5,128 bytes])\n\n"
        "[a.png: image/png, 5,128 bytes]\n"
    )


def test_the_third_format() -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "source": "Title"},
        {"cell_type": "code", "input": ["x"], "outputs": [{"output_type": "pyout", "text": "1", "png": PNG}]},
    ]
    text = json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode()
    assert notebook_cells(text).decode() == (
        "# %% [markdown]\nTitle\n\n# %%\nx\n\n# %% [output]\n1\n[image/png, 5,128 bytes]\n"
    )


def test_no_cells() -> None:
    assert notebook_cells(notebook()) == b""


BROKEN = [
    b"",
    b"{",
    b"[]",
    b"{}",
    b"null",
    b'{"cells": 1}',
    b'{"cells": [1]}',
    b'{"cells": [{}]}',
    b'{"cells": [{"cell_type": "code", "source": {"a": 1}}]}',
    b'{"cells": [{"cell_type": "code", "source": "", "outputs": 3}]}',
    b'{"cells": [{"cell_type": "code", "source": "", "outputs": [3]}]}',
    b'{"cells": [{"cell_type": "code", "source": "", "outputs": [{"output_type": "stream"}]}]}',
    b'{"cells": [{"cell_type": "markdown", "source": "", "attachments": [1]}]}',
    b'{"worksheets": 1}',
    b"[" * 100_000,
    b"<<<<<<< HEAD\n{}",
]


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_notebook_stays_and_says_so(text: bytes) -> None:
    with pytest.raises(KeptError, match="the notebook is broken"):
        notebook_cells(text)
    found = shorten(text, "a.ipynb", {Shortening.NOTEBOOKS})
    assert (found.text, found.applied) == (text, ())
    assert "the notebook is broken" in found.kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "cell_type", "source", "outputs", "text", "data", "output_type"]
            )
            | st.text(max_size=3),
            inner | st.sampled_from(["code", "stream", "error", "display_data"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_it_holds_the_answer_is_text_or_a_reason(value: object) -> None:
    for each in (value, {"cells": value}, {"cells": [value]}, {"cells": [code("x", value)]}):  # type: ignore[arg-type]
        found = shorten(json.dumps(each).encode(), "a.ipynb", {Shortening.NOTEBOOKS})
        found.text.decode()


def test_lone_surrogates_become_text() -> None:
    assert notebook_cells(b'{"cells": [{"cell_type": "code", "source": "\\ud800"}]}').decode()


def test_numbers_that_json_does_not_know() -> None:
    assert notebook_cells(b'{"cells": [], "metadata": {"best": NaN}}') == b""
