"""How what a plan would leave out is told in the tree: by badges on its outermost files and folders."""

from collections.abc import Sequence

import numpy as np

from tokviz.analysis.codebase.file_kinds import Kind
from tokviz.analysis.codebase.suggestions import Suggestion
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_export import by_node

_BADGES = {
    Kind.LOCK_FILES: "lock file",
    Kind.GENERATED: "generated",
    Kind.MINIFIED: "minified",
    Kind.VENDORED: "vendored",
    Kind.BUILT: "build output",
    Kind.DATA: "data",
    Kind.FIXTURES: "fixture",
    Kind.SNAPSHOTS: "snapshot",
    Kind.TRANSLATIONS: "translation",
    Kind.MEDIA: "media",
    Kind.CHANGELOGS: "changelog",
    Kind.EXAMPLES: "example",
    Kind.WEBSITE: "website",
    Kind.DOCUMENTATION: "documentation",
    Kind.TESTS: "tests",
    Kind.SOURCE: "own source",
}


def badges(tree: TokenTree, suggestions: Sequence[Suggestion]) -> dict[int, str]:
    """What stands beside names, by node: what would be left out, and else which files are shortened."""
    shortened = tree.shape.file_nodes[np.flatnonzero(tree.shortened)].tolist()
    return dict.fromkeys(shortened, "short") | plan_badges(tree, suggestions)


def plan_badges(tree: TokenTree, suggestions: Sequence[Suggestion]) -> dict[int, str]:
    """What stands beside the names of the outermost nodes that would be left out as a whole, by node."""
    badges: dict[int, str] = {}
    taking = by_node(tree, tree.takes_part.astype(np.int64))
    for suggestion in (one for one in suggestions if one.shortening is None):
        flags = np.zeros(len(tree.sizes), np.int64)
        flags[suggestion.files] = 1
        planned = by_node(tree, flags * tree.takes_part)
        full = (planned > 0) & (planned == taking)
        full[[0, *tree.shape.root_nodes]] = False
        outermost = np.flatnonzero(full & ~full[tree.shape.parents]).tolist()
        badges |= dict.fromkeys(outermost, _BADGES[suggestion.kind])
    return badges
