"""The lines of the forms' tables: one tokenizer with all that is to say, or all of them with their tokens."""

from collections.abc import Sequence

from tokviz.analysis import formatting
from tokviz.analysis.forms import forms_export as export
from tokviz.analysis.forms.forms import AS_IT_IS, FORMS
from tokviz.analysis.forms.forms_export import FormRow
from tokviz.language import _, gettext
from tokviz.ui.common.cell_table import Cell, Header, Line

COPY = 5
"""The column whose cells copy a form; the one after it opens it."""
_HEADERS = (
    Header(_("Form"), "", number=False),
    Header(_("Tokens"), _("Tokens of the data in this form; an estimate with a ~")),
    Header(_("Saving"), _("Tokens saved against the text as it is; a minus is a loss")),
    Header(_("Bytes"), _("Bytes of UTF-8"), optional=1),
    Header(
        _("Comes back unchanged"),
        _("Found by reading the form back: the same values, names and order, numbers spelled alike"),
        number=False,
        elastic=True,
    ),
    Header("", _("Put the data in this form on the clipboard"), number=False),
    Header("", _("Open the data in this form as the text"), number=False),
)
_SPARED = ("json-min", "yaml", "csv", "toon", "json", "jsonl", "markdown", "tsv", "xml")
"""The forms in the order in which their columns are worth their room."""


def form_lines(rows: Sequence[FormRow], name: str) -> tuple[Sequence[Header], list[Line]]:
    """A line for each form, with its tokens under the tokenizer ``name``."""
    best = export.smallest(rows[1:], name)
    return _HEADERS, [_form_line(row, rows[0], name, row.name == best) for row in rows]


def _form_line(row: FormRow, base: FormRow, name: str, best: bool) -> Line:
    count, share = row.counts.get(name), export.saving(row, base, name)
    outcome = f"{row.outcome}: {row.loss_words}" if row.loses else row.outcome
    if row is base:
        outcome = ""
    elif best:
        outcome = _("yes, with the fewest tokens")
    given = row is not base and not row.written.problem
    written = not row.written.problem
    size = len(row.written.text)
    return Line(
        row.name,
        (
            Cell(row.words, row.words, "", best),
            Cell(export.tokens_text(row, name), count.tokens if count else None, "", best),
            Cell(export.saving_text(row, base, name), None if row is base else share, "", best),
            Cell(formatting.grouped(size) if written else "–", size if written else None),
            Cell(outcome, outcome or None, outcome.replace("; ", "\n"), best),
            _link(_("Copy"), _("Copy the data as {form}", form=row.words)) if given else Cell(""),
            _link(_("Open"), _("Open the data as {form}", form=row.words)) if given else Cell(""),
        ),
    )


def _link(text: str, tip: str) -> Cell:
    return Cell(text, None, tip, link=True)


def all_lines(rows: Sequence[FormRow], names: Sequence[str]) -> tuple[Sequence[Header], list[Line]]:
    """A line for each tokenizer, with its tokens in each form; the fewest stand out."""
    shorts = {form.name: gettext(form.short) for form in FORMS} | {AS_IT_IS: _("As it is")}
    room = {name: place for place, name in enumerate(_SPARED)}
    headers = [Header(_("Tokenizer"), "", number=False)]
    headers += [Header(shorts[row.name], row.words, optional=room.get(row.name, 0)) for row in rows]
    lines = []
    for name in names:
        best = export.smallest(rows[1:], name)
        cells = [Cell(name, name, name)]
        for row in rows:
            count, text = row.counts.get(name), export.tokens_text(row, name)
            share = export.saving_text(row, rows[0], name)
            saves = share and not share.lstrip("~").startswith("−")
            tip = _("saves {share}", share=share) if saves else share
            cells.append(Cell(text, count.tokens if count else None, tip, row.name == best))
        lines.append(Line(name, tuple(cells)))
    return headers, lines
