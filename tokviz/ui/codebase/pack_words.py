"""What the dialog that packs says of the text, and on its buttons."""

from tokviz.analysis import fit_words, formatting
from tokviz.analysis.budget import Fit
from tokviz.catalog.model import LanguageModel
from tokviz.language import _, ngettext
from tokviz.tokens import Provenance
from tokviz.worker.codebase_packing import Packed


def pack_commands(in_parts: bool, anyway: bool) -> tuple[str, str, str]:
    """What the buttons say that copy, save and ask; ``anyway``: although it does not fit."""
    if in_parts and anyway:
        return _("&Copy Part Anyway"), _("&Save All Anyway…"), _("&Ask About It Anyway")
    if in_parts:
        return _("&Copy Part"), _("&Save All…"), _("&Ask About It")
    if anyway:
        return _("&Copy Anyway"), _("&Save Anyway As…"), _("&Ask About It Anyway")
    return _("&Copy"), _("&Save As…"), _("&Ask About It")


def pack_text(packed: Packed, found: Fit, model: LanguageModel) -> str:
    """What a packed text comes to."""
    if packed.wrapping is not None:
        text = _(
            "{tokens}, {wrapping} of them for what stands around the files",
            tokens=formatting.tokens(packed.count),
            wrapping=formatting.count(packed.wrapping),
        )
    else:
        text = _parts_text(packed)
    label = found.count.provenance
    if label is not Provenance.EXACT:
        between = formatting.count_range(found.count)
        text += f" ({label.words}{': ' + between if between else ''})"
    said = [fit_words.verdict(text, found, model.name)]
    if packed.missing:
        said.append(
            ngettext(
                "{n} file could not be read any more, {file} among them.",
                "{n} files could not be read any more, {file} among them.",
                len(packed.missing),
                file=packed.missing[0],
            )
        )
    if packed.undated:
        said.append(
            ngettext(
                "The last change of {n} file was not found in time: they stand last.",
                "The last change of {n} files was not found in time: they stand last.",
                packed.undated,
            )
        )
    return " ".join([*said, *packed.remarks])


def _parts_text(packed: Packed) -> str:
    tokens = [part.count.tokens for part in packed.parts]
    mark = formatting.mark(packed.count)
    # Translators: how the largest part stands to a model's window follows, after a colon
    return ngettext(
        "{n} part of {sizes}, {whole} in all; the largest",
        "{n} parts of {sizes}, {whole} in all; the largest",
        len(tokens),
        sizes=formatting.tokens_between(min(tokens), max(tokens), mark),
        whole=mark + formatting.grouped(sum(tokens)),
    )
