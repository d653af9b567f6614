"""What the status bar says of a codebase."""

import numpy as np

from tokviz.analysis import formatting
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.language import _, ngettext
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.tree_metrics import TreeMetrics


def filter_text(metrics: TreeMetrics, pattern: str) -> str:
    """What is among what the filter shows: ``“*.py”: 34 files, 52,110 tokens``."""
    found = metrics.of(TOP)
    return _(
        "“{pattern}”: {files}, {tokens}",
        pattern=pattern,
        files=ngettext("{n} file", "{n} files", found.files),
        tokens=formatting.tokens(found.tokens),
    )


def tree_text(metrics: TreeMetrics, codebase: Codebase, anything_counted: bool) -> list[str]:
    """What there is, what of it is not counted as it is, and what is not counted yet."""
    found = metrics.of(TOP)
    files = ngettext("{n} file", "{n} files", found.files)
    if documents := codebase.notes.documents:
        files = ngettext(
            "{files} ({n} text of documents)", "{files} ({n} texts of documents)", documents, files=files
        )
    if metrics.images is not None and metrics.by_image is not None:
        images = int(np.count_nonzero(metrics.tree.takes_part[metrics.images.numbers]))
        if images:
            files = ngettext(
                "{files} ({n} image by formula)", "{files} ({n} images by formula)", images, files=files
            )
    parts = [files, size(found.bytes)]
    if gone := len(codebase.left_out):
        parts.append(ngettext("{n} left out", "{n} left out", gone))
    if shortened := metrics.shortened(TOP):
        # Translators: {files} is such as “3 files”
        parts.append(_("{files} shortened", files=shortened))
    if not codebase.complete and not codebase.scan.under_way:
        waiting = formatting.grouped(metrics.tree.waiting)
        parts.append(
            _("stopped with {files} not counted; F5 goes on", files=waiting)
            if anything_counted
            else _("stopped while files were found; F5 goes on")
        )
    return parts
