"""A codebase's metrics as CSV and JSON, a row for every folder and file."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.packing import shown
from tokviz.analysis.codebase.token_tree import FileState, Inclusion, TokenTree
from tokviz.analysis.count_plan import SIZE_COLUMNS, CountPlan
from tokviz.analysis.table_text import csv_text

_INCLUSION = {Inclusion.NONE: "no", Inclusion.PARTLY: "partly", Inclusion.ALL: "yes"}

Value = str | int | bool | dict[str, int]


def as_csv(tree: TokenTree, tokens: Mapping[str, NDArray[np.int64]]) -> str:
    """A table with a heading; ``tokens`` gives each name's tokens by file (``int64[m]``)."""
    heading = ["path", "kind", "language", *SIZE_COLUMNS, *tokens, "counted", "included"]
    return csv_text(chain([heading], map(_csv_row, _rows(tree, tokens))))


def _csv_row(row: dict[str, Value]) -> list[object]:
    values = row.pop("tokens")
    assert isinstance(values, dict)
    counted, included = row.pop("counted"), row.pop("included")
    return [*row.values(), *values.values(), "yes" if counted else "estimated", included]


def as_json(tree: TokenTree, tokens: Mapping[str, NDArray[np.int64]]) -> str:
    """A list of objects, one a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in _rows(tree, tokens))
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def tokens_by_file(tree: TokenTree, plan: CountPlan) -> dict[str, NDArray[np.int64]]:
    """Each file's tokens (``int64[m]``) by tokenizer and estimator. An estimate is the likely value."""
    return {
        name: decoder.tokens(
            np.array([tree.values[position] for position in tree.positions(decoder.sources)])
        )
        for name, decoder in plan.decoders.items()
    }


def _rows(tree: TokenTree, tokens: Mapping[str, NDArray[np.int64]]) -> Iterator[dict[str, Value]]:
    shape = tree.shape
    sizes = tree.full_totals(np.arange(len(shape)))[:, : len(SIZE_COLUMNS)].tolist()
    sums = {name: tree.shape.sums(values).tolist() for name, values in tokens.items()}
    waiting = tree.shape.sums(tree.states == FileState.WAITING).tolist()
    inclusion = tree.inclusion(np.arange(len(shape))).tolist()
    paths = _paths(tree)
    for node in range(1, len(shape)):
        is_file = bool(shape.is_file[node])
        number = shape.first_files[node]
        yield {
            "path": paths[node],
            "kind": "file" if is_file else "folder",
            "language": tree.language_names[tree.language_of[number]] if is_file else "",
            **dict(zip(SIZE_COLUMNS, sizes[node], strict=True)),
            "tokens": {name: values[node] for name, values in sums.items()},
            "counted": waiting[node] == 0,
            "included": _INCLUSION[Inclusion(inclusion[node])],
        }


def _paths(tree: TokenTree) -> list[str]:
    """Each node's path from its root, as text; with the root's name in front where there are several."""
    shape = tree.shape
    roots = [shape.names[node] for node in shape.root_nodes]
    return [shown(path) for path in shape.paths(roots if len(roots) > 1 else ())]
