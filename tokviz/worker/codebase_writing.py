"""Taking a codebase's metrics away, as CSV and as JSON."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_export import as_csv, as_json, tokens_by_file
from tokviz.analysis.count_plan import CountPlan, Decoder
from tokviz.documents.writing import write_file
from tokviz.language import pgettext
from tokviz.tokens import Provenance
from tokviz.worker.jobs import Compute


class MetricsFormat(StrEnum):
    """How a table of metrics is written."""

    CSV = "csv"
    JSON = "json"


def write_metrics(
    path: Path,
    tree: TokenTree,
    plan: CountPlan,
    form: MetricsFormat,
    images: Mapping[str, NDArray[np.int64]] | None = None,
) -> Compute:
    """Write the metrics of every folder and file to a file, by what ``plan`` counts with, and by model what
    each is as an image (``int64[m]``). WriteError if it cannot be written."""
    return Compute(
        _write_metrics,
        (path, tree, plan, form, images or {}),
        pgettext("stopped while …", "writing {file}", file=path.name),
    )


def _write_metrics(
    path: Path,
    tree: TokenTree,
    plan: CountPlan,
    form: MetricsFormat,
    images: Mapping[str, NDArray[np.int64]],
) -> None:
    counted = tokens_by_file(tree, plan)
    tokens = {_title(plan.decoders[name]): each for name, each in counted.items()}
    tokens |= {f"{model}, images by formula": each for model, each in images.items()}  # verbatim
    write = as_csv if form is MetricsFormat.CSV else as_json
    write_file(path, write(tree, tokens).encode())


def _title(decoder: Decoder) -> str:
    return f"{decoder.name} (estimate)" if decoder.provenance is Provenance.ESTIMATE else decoder.name
