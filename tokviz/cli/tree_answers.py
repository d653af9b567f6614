"""What ``tokviz count`` says of single files and folders: tables for people, JSON for programs."""

import json
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis import formatting
from tokviz.analysis.codebase.packing import shown
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_export import by_node
from tokviz.analysis.codebase.tree_shape import TOP, TreeShape
from tokviz.analysis.count_plan import make_decoder
from tokviz.cli.console import printable
from tokviz.cli.tables import Column, render
from tokviz.cli.tally import Tally
from tokviz.tokens import Provenance

DEFAULT_DEPTH = 2
"""Storeys of a tree shown where none are asked for."""

Tokens = Mapping[str, NDArray[np.int64]]
"""By tokenizer or estimator, the (likely) tokens of each file: ``int64[files]``."""


def token_tree(sums: Tally) -> TokenTree:
    """All inputs as one tree. A named file stands in a root called like the folder that it lies in."""
    roots = []
    for part in sums.parts:
        name = part.path if part.is_folder else str(part.listing.root)
        roots.append((name, [file.path for file in part.listing.files]))
    sizes = [file.size for part in sums.parts for file in part.listing.files]
    tree = TokenTree.begin(TreeShape(roots), sizes, sums.columns)
    first = 0
    for part in sums.parts:
        tree = tree.with_counts(part.counted, first)
        first += len(part.listing.files)
    return tree


def file_table(tree: TokenTree, tokens: Tokens, top: int | None, width: int, styled: bool) -> list[str]:
    """A row for each file in the order of the tree, or for the ``top`` largest."""
    first = next(iter(tokens.values()))
    chosen = np.flatnonzero(tree.takes_part)
    if top is not None:
        chosen = chosen[np.argsort(-first[chosen], kind="stable")[:top]]
    nodes = tree.shape.file_nodes[chosen]
    return _table(tree, tokens, nodes.tolist(), [_path(tree, node) for node in nodes.tolist()], width, styled)


def tree_table(tree: TokenTree, tokens: Tokens, depth: int, width: int, styled: bool) -> list[str]:
    """A row for each folder and file down to ``depth``, the largest of a folder first."""
    weights = by_node(tree, next(iter(tokens.values())) * tree.takes_part)
    nodes = list(_downwards(tree.shape, weights, TOP, depth + 1))
    depths = tree.shape.depths
    labels = [f"{'  ' * (int(depths[node]) - 1)}{_name(tree.shape, node)}" for node in nodes]
    return _table(tree, tokens, nodes, labels, width, styled)


def path_records(sums: Tally, tree: TokenTree, tokens: Tokens) -> Iterator[str]:
    """Each counted file as a JSON object: its path, its bytes of UTF-8, its tokens by name."""
    names = list(tokens)
    sizes = tree.figures[tree.column("bytes")].tolist()
    figures = np.array([*tokens.values()]).T.tolist() if names else [[]] * len(sizes)
    taken = tree.takes_part.tolist()
    number = 0
    for part in sums.parts:
        for file in part.listing.files:
            if taken[number]:
                counts = dict(zip(names, figures[number], strict=True))
                path = printable(part.shown(file.path))
                yield json.dumps({"path": path, "bytes": sizes[number], "tokens": counts})
            number += 1


def _downwards(shape: TreeShape, weights: NDArray[np.int64], node: int, depth: int) -> Iterator[int]:
    children = shape.children(node)
    for child in children[np.argsort(-weights[children], kind="stable")].tolist():
        yield child
        if depth > 1:
            yield from _downwards(shape, weights, child, depth - 1)


def _table(
    tree: TokenTree, tokens: Tokens, nodes: Sequence[int], labels: Sequence[str], width: int, styled: bool
) -> list[str]:
    columns = [
        Column("Path"),
        *(Column(name, right=True) for name in tokens),
        Column("Share", right=True, optional=1),
        Column("Bytes", right=True, optional=2),
        Column("Language", optional=3),
    ]
    places = np.array(nodes, np.int64)
    sums = [by_node(tree, values * tree.takes_part)[places] for values in tokens.values()]
    sizes = tree.totals(places)[:, tree.column("bytes")]
    total = int((next(iter(tokens.values())) * tree.takes_part).sum())
    marks = ["~" if make_decoder(name).provenance is Provenance.ESTIMATE else "" for name in tokens]
    rows = []
    for row, (node, label) in enumerate(zip(nodes, labels, strict=True)):
        is_file = bool(tree.shape.is_file[node])
        language = tree.language_names[tree.language_of[tree.shape.first_files[node]]] if is_file else ""
        rows.append(
            [
                label,
                *(f"{mark}{sums[i][row]:,}" for i, mark in enumerate(marks)),
                formatting.percent(int(sums[0][row]) / total) if total else "",
                f"{sizes[row]:,}",
                language,
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
