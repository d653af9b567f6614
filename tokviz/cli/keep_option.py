"""What ``--keep`` names: files that no plan leaves out."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.file_kinds import matching_files
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.cli.console import Failure
from tokviz.cli.count_request import CountRequest
from tokviz.language import _


def kept_files(shape: TreeShape, request: CountRequest) -> NDArray[np.bool_] | None:
    """What ``--keep`` names (``bool[files]``), if it is given; ``Failure`` if it can name nothing."""
    return _matching(shape, request.keep) if request.keep else None


def unmatched_keeps(shape: TreeShape, patterns: Iterable[str]) -> list[str]:
    """A sentence for each ``--keep`` that keeps nothing: a name that is misspelled protects no file."""
    return [
        _(
            "{option} {pattern} matches nothing here, or only what is left out.",
            option="--keep",
            pattern=pattern,
        )
        for pattern in dict.fromkeys(patterns)
        if not pattern.startswith("!") and not _matching(shape, [pattern]).any()
    ]


def _matching(shape: TreeShape, patterns: Sequence[str]) -> NDArray[np.bool_]:
    try:
        return matching_files(shape, patterns, "--keep")
    except ValueError as error:  # a pattern that can match nothing
        raise Failure(str(error), 2) from error
