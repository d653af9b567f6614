"""Tables of files and folders with their tokens, and the same for programs."""

import json
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis import formatting
from tokviz.analysis.codebase.languages import language_words
from tokviz.analysis.codebase.packing import shown
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TOP, TreeShape
from tokviz.analysis.count_plan import make_decoder
from tokviz.analysis.escaping import encodable
from tokviz.cli.encoding_words import reading_record
from tokviz.cli.shortening import Smaller
from tokviz.cli.tables import Column, render
from tokviz.cli.totals import Totals
from tokviz.language import _
from tokviz.tokens import Provenance

Tokens = Mapping[str, NDArray[np.int64]]
"""By tokenizer or estimator, the (likely) tokens of each file: ``int64[files]``."""


def file_table(
    tree: TokenTree, tokens: Tokens, top: int | None, width: int, styled: bool, images: Tokens
) -> list[str]:
    """A row for each file in the order of the tree, or for the ``top`` largest. ``images``: by what
    stands above a column, what files are as images."""
    first = sum(images.values(), next(iter(tokens.values())))
    chosen = np.flatnonzero(tree.takes_part)
    if top is not None:
        chosen = chosen[np.argsort(-first[chosen], kind="stable")[:top]]
    nodes = tree.shape.file_nodes[chosen]
    labels = [_path(tree, node) for node in nodes.tolist()]
    return _table(tree, tokens, nodes.tolist(), labels, width, styled, images)


def tree_table(
    tree: TokenTree, tokens: Tokens, depth: int, width: int, styled: bool, images: Tokens
) -> list[str]:
    """A row for each folder and file down to ``depth``, the largest of a folder first."""
    first = sum(images.values(), next(iter(tokens.values())))
    weights = tree.shape.sums(first * tree.takes_part)
    nodes = list(_downwards(tree.shape, weights, TOP, depth + 1))
    depths = tree.shape.depths
    labels = [f"{'  ' * (int(depths[node]) - 1)}{_name(tree.shape, node)}" for node in nodes]
    return _table(tree, tokens, nodes, labels, width, styled, images)


def path_records(totals: Totals, tree: TokenTree, tokens: Tokens, smaller: Smaller | None) -> Iterator[str]:
    """Each counted file as a JSON object: its path, its bytes, its tokens by name, what made it smaller, and
    its encoding where that is not just UTF-8."""
    names = list(tokens)
    sizes = tree.values[tree.column("bytes")].tolist()
    values = np.array([*tokens.values()]).T.tolist() if names else [[]] * len(sizes)
    taken = tree.takes_part.tolist()
    number = 0
    readings = dict(totals.readings)
    for part in totals.parts:
        for file in part.listing.files:
            if taken[number]:
                path = part.shown(file.path)
                about = {"path": encodable(path), "bytes": sizes[number]}
                about["tokens"] = dict(zip(names, values[number], strict=True))
                about |= smaller.of_file(number) if smaller else {}
                yield json.dumps(about | (reading_record(readings[path]) if path in readings else {}))
            number += 1


def _downwards(shape: TreeShape, weights: NDArray[np.int64], node: int, depth: int) -> Iterator[int]:
    children = shape.children(node)
    for child in children[np.argsort(-weights[children], kind="stable")].tolist():
        yield child
        if depth > 1:
            yield from _downwards(shape, weights, child, depth - 1)


def _table(
    tree: TokenTree,
    tokens: Tokens,
    nodes: Sequence[int],
    labels: Sequence[str],
    width: int,
    styled: bool,
    images: Tokens,
) -> list[str]:
    columns = [
        Column(_("Path")),
        *(Column(name, right=True) for name in (*tokens, *images)),
        Column(_("Share"), right=True, optional=1),
        Column(_("Bytes"), right=True, optional=2),
        Column(_("Language"), optional=3),
    ]
    chosen = np.array(nodes, np.int64)
    sums = [
        tree.shape.sums(values * tree.takes_part)[chosen] for values in (*tokens.values(), *images.values())
    ]
    sizes = tree.totals(chosen)[:, tree.column("bytes")]
    total = int((next(iter(tokens.values())) * tree.takes_part).sum())
    marks = ["~" if make_decoder(name).provenance is Provenance.ESTIMATE else "" for name in tokens]
    marks += [""] * len(images)
    rows = []
    for row, (node, label) in enumerate(zip(nodes, labels, strict=True)):
        is_file = bool(tree.shape.is_file[node])
        kind = tree.language_names[tree.language_of[tree.shape.first_files[node]]] if is_file else ""
        rows.append(
            [
                label,
                *(mark + formatting.grouped(int(sums[i][row])) for i, mark in enumerate(marks)),
                marks[0] + formatting.percent(int(sums[0][row]) / total) if total else "",
                formatting.grouped(int(sizes[row])),
                language_words(kind),
            ]
        )
    return render(columns, rows, width, styled)


def _name(shape: TreeShape, node: int) -> str:
    return shown(shape.names[node]) + ("" if shape.is_file[node] or shape.names[node].endswith("/") else "/")


def _path(tree: TokenTree, node: int) -> str:
    """Relative to the only root, else with the root's name in front."""
    path = shown(tree.shape.path(node))
    if len(tree.shape.root_nodes) == 1:
        return path
    root = shown(tree.shape.names[tree.shape.root_nodes[tree.shape.root(node)]])
    return path if root == "." else f"{root.removesuffix('/')}/{path}"
