"""Taking a codebase's metrics away, as CSV and as JSON."""

from enum import StrEnum
from pathlib import Path

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


def write_metrics(path: Path, tree: TokenTree, plan: CountPlan, form: MetricsFormat) -> Compute:
    """Write the metrics of every folder and file to a file, by what ``plan`` counts with. WriteError if it
    cannot be written."""
    return Compute(
        _write_metrics,
        (path, tree, plan, form),
        pgettext("stopped while …", "writing {file}", file=path.name),
    )


def _write_metrics(path: Path, tree: TokenTree, plan: CountPlan, form: MetricsFormat) -> None:
    counted = tokens_by_file(tree, plan)
    tokens = {_title(plan.decoders[name]): each for name, each in counted.items()}
    write = as_csv if form is MetricsFormat.CSV else as_json
    write_file(path, write(tree, tokens).encode())


def _title(decoder: Decoder) -> str:
    return f"{decoder.name} (estimate)" if decoder.provenance is Provenance.ESTIMATE else decoder.name
