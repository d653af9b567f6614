"""What ``--keep`` names: files that no plan leaves out."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.file_kinds import matching_files
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.cli.console import Failure
from tokviz.cli.count_request import CountRequest
from tokviz.language import _


def kept_files(shape: TreeShape, request: CountRequest) -> NDArray[np.bool_] | None:
    """What ``--keep`` names (``bool[files]``), if it is given; ``Failure`` if it can name nothing."""
    try:
        return matching_files(shape, request.keep, "--keep") if request.keep else None
    except ValueError as error:  # a pattern that can match nothing
        raise Failure(str(error), 2) from error


def unmatched_keeps(shape: TreeShape, patterns: Iterable[str]) -> list[str]:
    """A sentence for each ``--keep`` that keeps nothing: a name that is misspelled protects no file."""
    told = []
    for pattern in dict.fromkeys(patterns):
        try:
            kept = pattern.startswith("!") or matching_files(shape, [pattern], "--keep").any()
        except ValueError as error:  # a pattern that can match nothing
            raise Failure(str(error), 2) from error
        if not kept:
            told.append(
                _(
                    "{option} {pattern} matches nothing here, or only what is left out.",
                    option="--keep",
                    pattern=pattern,
                )
            )
    return told
