"""What the codebase page says of files and folders, in words. No Qt here."""

from tokviz.analysis import fit_words, formatting
from tokviz.analysis.budget import Standing
from tokviz.analysis.codebase.token_tree import Inclusion
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.tokens import Provenance
from tokviz.ui.codebase.tree_metrics import Column, NodeMetrics, TreeMetrics

_KILO = 1000
_UNKNOWN_SHARE = "–"


def cell(metrics: TreeMetrics, node: int, column: Column) -> str:
    """The text of one cell."""
    found = metrics.of(node)
    if found.left_out and column in (Column.TOKENS, Column.BYTES, Column.DENSITY):
        return ""
    match column:
        case Column.NAME:
            return metrics.tree.shape.names[node]
        case Column.TOKENS:
            return formatting.count(found.tokens)
        case Column.FOLDER:
            return (
                ""
                if found.of_folder is None or found.left_out
                else formatting.share_of(found.tokens, found.of_folder)
            )
        case Column.WINDOW:
            if found.fit is None or found.left_out:
                return ""
            return _UNKNOWN_SHARE if found.fit.share is None else fit_words.share(found.fit)
        case Column.BYTES:
            return size(found.bytes)
        case Column.DENSITY:
            return density(found)
        case Column.LANGUAGE:
            return _kind(metrics, node, found)
        case Column.ENCODING:
            return metrics.encoding(node)


def size(number: int) -> str:
    """Bytes as ``812 B``, ``12.4 kB``, ``1.30 GB``, three digits at most."""
    value, unit = float(number), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 999.5:
            break
        value, unit = value / _KILO, larger
    if unit == "B":
        return f"{number} B"
    return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f} {unit}"


def density(found: NodeMetrics) -> str:
    """Bytes per token as ``3.62``."""
    if found.per_token is None:
        return ""
    mark = "~" if found.tokens.provenance is Provenance.ESTIMATE else ""
    return f"{mark}{found.per_token:.2f}"


def _kind(metrics: TreeMetrics, node: int, found: NodeMetrics) -> str:
    if found.left_out:
        return "left out"
    return metrics.language(node) or formatting.quantity(found.files, "file")


def place(metrics: TreeMetrics, node: int) -> str:
    """Where a node lies, with its root's name in front."""
    shape = metrics.tree.shape
    path = shape.path(node)
    if node == TOP:
        return "everything"
    root = shape.names[shape.root_nodes[shape.root(node)]]
    return f"{root}/{path}" if path else root


def summary(metrics: TreeMetrics, node: int) -> str:
    """The metrics of a node in one line: for the treemap, and for a screen reader."""
    found = metrics.of(node)
    if found.left_out:
        return "left out: not text, or not readable"
    if metrics.is_filtered_out(node):
        return "not among what the filter shows"
    parts = [f"{formatting.count(found.tokens)} tokens"]
    if found.of_folder is not None:
        parts.append(f"{formatting.share_of(found.tokens, found.of_folder)} of its folder")
    if found.fit and found.fit.share is not None and metrics.model:
        parts.append(f"{fit_words.share(found.fit)} of {metrics.model.name}'s window")
        if found.fit.standing not in (Standing.FITS, Standing.UNKNOWN):
            parts.append(fit_words.room_and_doubt(found.fit))
    parts.append(size(found.bytes))
    if text := density(found):
        parts.append(f"{text} bytes/token")
    parts.append(_kind(metrics, node, found))
    if shortened := metrics.shortened(node):
        parts.append(f"shortened: {shortened}")
    if found.inclusion is Inclusion.NONE:
        parts.append("taken out")
    return " · ".join(parts)


def tooltip(metrics: TreeMetrics, node: int) -> str:
    """Everything there is to say of a node, as plain text."""
    found = metrics.of(node)
    lines = [place(metrics, node)]
    if found.left_out:
        return "\n".join([*lines, "Left out: not text, or not readable (see “Left out”)"])
    if found.inclusion is Inclusion.NONE:
        lines.append("Taken out: it counts for nothing. With it:")
    elif found.inclusion is Inclusion.PARTLY:
        lines.append("Partly taken out; the figures are of the rest.")
    lines.append(f"Tokens: {formatting.count(found.tokens)} ({_label(metrics, found)})")
    if between := formatting.count_range(found.tokens):
        lines.append(f"Range: {between} tokens")
    if found.of_folder is not None:
        lines.append(f"Of its folder: {formatting.share_of(found.tokens, found.of_folder)}")
    if found.fit and metrics.model:
        lines.append(_of_window(metrics, found))
    lines.append(f"Bytes: {formatting.grouped(found.bytes)}")
    if text := density(found):
        lines.append(f"Bytes per token: {text}")
    lines.append(_kind(metrics, node, found))
    if shortened := metrics.shortened(node):
        lines.append(f"Shortened: {shortened}. The tokens are those of the shorter text.")
    if metrics.encoding(node):
        lines.append(f"Encoding: {metrics.notes.describe(int(metrics.tree.shape.first_files[node]))}")
    return "\n".join(lines)


def _label(metrics: TreeMetrics, found: NodeMetrics) -> str:
    if not found.certain:
        return f"estimated from the size; {metrics.decoder.name} has not counted all of it yet"
    if found.tokens.provenance is Provenance.ESTIMATE:
        return f"{metrics.decoder.name}: estimate, there is no public tokenizer"
    return f"{found.tokens.provenance}, by {metrics.decoder.name}"


def _of_window(metrics: TreeMetrics, found: NodeMetrics) -> str:
    assert found.fit is not None
    assert metrics.model is not None
    fit, model = found.fit, metrics.model
    count = f"{formatting.count(fit.count)} tokens by its tokenizer, {fit.count.provenance}"
    return f"Of {model.name}'s window: {fit_words.share(fit)}, {fit_words.room_and_doubt(fit)} ({count})"
