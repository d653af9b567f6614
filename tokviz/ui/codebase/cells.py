"""What the codebase page says of files and folders, in words. No Qt here."""

from tokviz.analysis import fit_words, formatting
from tokviz.analysis.budget import Standing
from tokviz.analysis.codebase.token_tree import Inclusion
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.documents.image_size import ImageSize
from tokviz.language import _, ngettext
from tokviz.language import number as in_signs
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
            return "" if metrics.image(node) else size(found.bytes)
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
    return f"{in_signs(f'{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f}')} {unit}"


def density(found: NodeMetrics) -> str:
    """Bytes per token as ``3.62``."""
    if found.per_token is None:
        return ""
    mark = "~" if found.tokens.provenance is Provenance.ESTIMATE else ""
    return mark + in_signs(f"{found.per_token:.2f}")


def _kind(metrics: TreeMetrics, node: int, found: NodeMetrics) -> str:
    if found.left_out:
        return _("left out")
    return metrics.language(node) or ngettext("{n} file", "{n} files", found.files)


def files_alone(metrics: TreeMetrics, node: int) -> str:
    """How many files a folder has, where there is no room for the word; empty for a file."""
    found = metrics.of(node)
    return "" if found.left_out or metrics.language(node) else formatting.grouped(found.files)


def place(metrics: TreeMetrics, node: int) -> str:
    """Where a node lies, with its root's name in front."""
    shape = metrics.tree.shape
    path = shape.path(node)
    if node == TOP:
        return _("everything")
    root = shape.names[shape.root_nodes[shape.root(node)]]
    return f"{root}/{path}" if path else root


def summary(metrics: TreeMetrics, node: int) -> str:
    """The metrics of a node in one line: for the treemap, and for a screen reader."""
    found = metrics.of(node)
    if found.left_out:
        return _("left out: not text, or not readable")
    if metrics.is_filtered_out(node):
        return _("not among what the filter shows")
    parts = [formatting.tokens(found.tokens)]
    if found.of_images:
        parts.append(_of_images(metrics, found))
    if found.of_folder is not None:
        parts.append(_("{share} of its folder", share=formatting.share_of(found.tokens, found.of_folder)))
    if found.fit and found.fit.share is not None and metrics.model:
        parts.append(
            _("{share} of {model}'s window", share=fit_words.share(found.fit), model=metrics.model.name)
        )
        if found.fit.standing not in (Standing.FITS, Standing.UNKNOWN):
            parts.append(fit_words.room_and_doubt(found.fit))
    if image := metrics.image(node):
        parts.append(_pixels(image))
    else:
        parts.append(size(found.bytes))
    if text := density(found):
        parts.append(_("{density} bytes/token", density=text))
    parts.append(_kind(metrics, node, found))
    if shortened := metrics.shortened(node):
        # Translators: {how} is such as “its cells, without comments”
        parts.append(_("shortened: {how}", how=shortened))
    if found.inclusion is Inclusion.NONE:
        parts.append(_("taken out"))
    return " · ".join(parts)


def tooltip(metrics: TreeMetrics, node: int) -> str:
    """Everything there is to say of a node, as plain text."""
    found = metrics.of(node)
    lines = [place(metrics, node)]
    if found.left_out:
        return "\n".join([*lines, _("Left out: not text, or not readable (see “Left out”)")])
    if found.inclusion is Inclusion.NONE:
        lines.append(_("Taken out: it counts for nothing. With it:"))
    elif found.inclusion is Inclusion.PARTLY:
        lines.append(_("Partly taken out; the figures are of the rest."))
    lines.append(
        # Translators: {label} is such as “exact, by o200k_base”
        _("Tokens: {tokens} ({label})", tokens=formatting.count(found.tokens), label=_label(metrics, found))
    )
    if found.of_images and not metrics.image(node):
        lines.append(formatting.sentence(_of_images(metrics, found)))
    if between := formatting.count_range(found.tokens):
        lines.append(_("Range: {between} tokens", between=between))
    if found.of_folder is not None:
        lines.append(_("Of its folder: {share}", share=formatting.share_of(found.tokens, found.of_folder)))
    if found.fit and metrics.model:
        lines.append(_of_window(metrics, found))
    if image := metrics.image(node):
        lines.append(_pixels(image))
    else:
        lines.append(_("Bytes: {bytes}", bytes=formatting.grouped(found.bytes)))
    if text := density(found):
        lines.append(_("Bytes per token: {density}", density=text))
    lines.append(_kind(metrics, node, found))
    if shortened := metrics.shortened(node):
        lines.append(_("Shortened: {how}. The tokens are those of the shorter text.", how=shortened))
    if metrics.encoding(node):
        lines.append(
            _(
                "Encoding: {encoding}",
                encoding=metrics.notes.describe(int(metrics.tree.shape.first_files[node])),
            )
        )
    return "\n".join(lines)


def _of_images(metrics: TreeMetrics, found: NodeMetrics) -> str:
    """What of the figures is of images."""
    name = metrics.model.name if metrics.model else ""
    if metrics.counts_images:
        return _(
            "of these, {tokens} of images by the formula of {model}",
            tokens=formatting.grouped(found.of_images),
            model=name,
        )
    return _(
        "besides, in the window of {model}, {tokens} of images by its formula",
        tokens=formatting.grouped(found.of_images),
        model=name,
    )


def _pixels(image: ImageSize) -> str:
    return _(
        "{width} × {height} pixels ({format})",
        width=in_signs(image.width),
        height=in_signs(image.height),
        format=image.format,
    )


def _label(metrics: TreeMetrics, found: NodeMetrics) -> str:
    if not found.certain:
        return _(
            "estimated from the size; {tokenizer} has not counted all of it yet",
            tokenizer=metrics.decoder.name,
        )
    if found.tokens.provenance is Provenance.ESTIMATE:
        return _("{tokenizer}: estimate, there is no public tokenizer", tokenizer=metrics.decoder.name)
    if metrics.counts_images and metrics.model and found.of_images and not found.of_text:
        return _("by the formula of {model}", model=metrics.model.name)
    # Translators: such as “exact, by o200k_base”
    of_text = _(
        "{provenance}, by {tokenizer}",
        provenance=metrics.decoder.provenance.words,
        tokenizer=metrics.decoder.name,
    )
    if metrics.counts_images and found.of_images:
        # Translators: {label} is such as “exact, by o200k_base”
        return _("text {label}; images by formula", label=of_text)
    return of_text


def _of_window(metrics: TreeMetrics, found: NodeMetrics) -> str:
    assert found.fit is not None
    assert metrics.model is not None
    fit, model = found.fit, metrics.model
    about = {"tokens": formatting.tokens(fit.count), "provenance": fit.count.provenance.words}
    count = (
        _("{tokens} by its tokenizer and its formula for images, {provenance}", **about)
        if found.of_images
        else _("{tokens} by its tokenizer, {provenance}", **about)
    )
    # Translators: {room} is such as “1,204 left”, {count} such as “2,000 tokens by its tokenizer, exact”
    return _(
        "Of {model}'s window: {share}, {room} ({count})",
        model=model.name,
        share=fit_words.share(fit),
        room=fit_words.room_and_doubt(fit),
        count=count,
    )
