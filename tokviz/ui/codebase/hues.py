"""Which hue each file and folder has: that of its top folder, the largest first. No Qt here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.token_tree import FileState, TokenTree
from tokviz.language import _

HUES = (214, 158, 275, 38, 338, 24, 248)
"""Degrees; the first for what is largest."""
LOOSE = 200
"""Of files that lie in no folder."""
GREY = -1


@dataclass(frozen=True, slots=True, eq=False)
class TopHues:
    """The hues of one tree."""

    of_node: NDArray[np.int16]
    """Degrees, or GREY: ``int16[n]``."""
    named: tuple[tuple[int, str], ...]
    """Each hue with what it stands for, the largest first."""


def top_hues(tree: TokenTree) -> TopHues:
    """Top folders are those in the root, or the roots if there are several. Sizes are bytes on the disk,
    which stay what they are while files are counted and taken out."""
    shape = tree.shape
    sizes = tree.shape.sums(np.where(tree.states == FileState.LEFT_OUT, 0, tree.sizes))
    of_node = np.full(len(shape), GREY, np.int16)
    roots = shape.root_nodes
    inside = shape.children(roots[0]).tolist() if len(roots) == 1 else list(roots)
    folders = sorted((node for node in inside if not shape.is_file[node]), key=lambda node: -sizes[node])
    loose = [node for node in inside if shape.is_file[node]]
    named: list[tuple[int, str]] = []
    for hue, node in zip(HUES, folders, strict=False):
        of_node[node : shape.ends[node]] = hue
        named.append((hue, shape.names[node]))
    if loose:
        of_node[loose] = LOOSE
        named.append((LOOSE, _("top files")))
    if len(folders) > len(HUES):
        named.append((GREY, _("other folders")))
    return TopHues(of_node, tuple(named))
