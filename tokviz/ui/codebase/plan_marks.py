"""How what a plan would leave out is told in the tree: by badges on its outermost files and folders."""

from collections.abc import Sequence

import numpy as np

from tokviz.analysis.codebase.file_kinds import Kind
from tokviz.analysis.codebase.suggestions import Suggestion
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.language import _, pgettext

# Translators: what a file or folder is that may be left out, beside its name in the tree
_BADGES = {
    Kind.LOCK_FILES: _("lock file"),
    Kind.GENERATED: _("generated"),
    Kind.MINIFIED: _("minified"),
    Kind.VENDORED: _("vendored"),
    Kind.BUILT: _("build output"),
    Kind.DATA: _("data"),
    Kind.FIXTURES: _("fixture"),
    Kind.SNAPSHOTS: _("snapshot"),
    Kind.TRANSLATIONS: _("translation"),
    Kind.MEDIA: _("media"),
    Kind.CHANGELOGS: _("changelog"),
    Kind.EXAMPLES: _("example"),
    Kind.WEBSITE: _("website"),
    Kind.DOCUMENTATION: _("documentation"),
    Kind.TESTS: _("tests"),
    Kind.SOURCE: _("own source"),
}


def badges(tree: TokenTree, suggestions: Sequence[Suggestion]) -> dict[int, str]:
    """What stands beside names, by node: what would be left out, and else which files are shortened."""
    shortened = tree.shape.file_nodes[np.flatnonzero(tree.shortened)].tolist()
    return dict.fromkeys(shortened, pgettext("file that is shortened", "short")) | plan_badges(
        tree, suggestions
    )


def plan_badges(tree: TokenTree, suggestions: Sequence[Suggestion]) -> dict[int, str]:
    """What stands beside the names of the outermost nodes that would be left out as a whole by one of the
    suggestions, by node. No file is in two of them."""
    dropping = [one for one in suggestions if one.shortening is None]
    which = np.zeros(len(tree.sizes), np.int64)
    for number, suggestion in enumerate(dropping, 1):
        which[suggestion.files] = number
    which[~tree.takes_part] = 0
    shape = tree.shape
    files, numbers, squares = (shape.sums(values) for values in (tree.takes_part, which, which**2))
    # Numbers are all alike where the square of their sum is that of their squares, taken as often. (Int64 has
    # room for it: of a million files, for three thousand suggestions.)
    whole = (shape.sums(which > 0) == files) & (files > 0) & (numbers**2 == files * squares)
    return {node: _BADGES[dropping[numbers[node] // files[node] - 1].kind] for node in shape.outermost(whole)}
