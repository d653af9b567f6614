"""What ``tokviz count`` answers: tables for people, JSON for programs."""

from collections.abc import Sequence
from datetime import date

from tokviz.analysis import cost_words, fit_words, formatting
from tokviz.analysis.cost_words import price_dates
from tokviz.analysis.evaluation import Evaluation
from tokviz.cli import model_records
from tokviz.cli.console import Console
from tokviz.cli.heading import heading
from tokviz.cli.model_records import count_record
from tokviz.cli.models import BY_HOST, display_name, remarks
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.cli.totals import Totals
from tokviz.language import _, ngettext, number, pgettext
from tokviz.tokens import Count, Provenance

_TOKENIZER_COLUMNS = (
    Column(_("Tokenizer")),
    Column(_("Tokens"), right=True),
    Column(_("Range"), right=True, sparse=True),
    # Translators: how the tokens are counted: exact, assumed, estimate …
    Column(_("Counts")),
    Column(_("Bytes per token"), right=True, optional=1, sparse=True),
)
MODEL_COLUMNS = (
    Column(_("Model")),
    Column(_("Tokens"), right=True),
    Column(_("Counts"), optional=1),
    Column(_("Window"), right=True, optional=3),
    Column(_("Share"), right=True),
    Column(pgettext("tokens in a window", "Left"), right=True, optional=2),
    Column(_("Fits")),
    Column(_("Input cost"), right=True),
    Column(_("With answer"), right=True),
)


def report(
    paths: Sequence[str],
    totals: Totals,
    counts: dict[str, Count],
    rows: Sequence[Evaluation],
    console: Console,
) -> list[str]:
    """The answer for people: what was counted, by tokenizer, and by model."""
    today = date.today()
    lines = [heading(totals, paths)]
    if counts and totals.files:
        # The bytes of a document are not those of its text.
        size = None if totals.documents else totals["bytes"]
        cells = [_tokenizer_row(name, counted, size) for name, counted in counts.items()]
        lines += ["", *render(_TOKENIZER_COLUMNS, cells, console.width, console.styled)]
    if rows and (totals.files or totals.images):
        cells = [model_row(row, today) for row in rows]
        lines += ["", *render(MODEL_COLUMNS, cells, console.width, console.styled), ""]
        lines += remark_lines(model_remarks(rows, today), console.width, console.styled)
    return lines


def _tokenizer_row(name: str, counted: Count, size: int | None) -> list[str]:
    ratio = number(f"{size / counted.tokens:.2f}") if counted.tokens and size is not None else ""
    between = formatting.count_range(counted)
    return [name, formatting.count(counted), between, counted.provenance.words, ratio]


def model_row(row: Evaluation, today: date) -> list[str]:
    """The cells of ``MODEL_COLUMNS``."""
    model = row.model
    unpriced = BY_HOST if model.host_sets_price else formatting.UNKNOWN
    return [
        display_name(model, today),
        formatting.count(row.count),
        row.count.provenance.words,
        formatting.grouped(model.context_window),
        fit_words.share(row.fit),
        fit_words.room(row.fit),
        row.fit.standing.words,
        cost_words.amount(row.sending, row.count) if row.sending else unpriced,
        cost_words.amount(row.answering, row.count) if row.answering else unpriced,
    ]


def _kept_remark(reserve: int, differs: bool) -> str:
    """``reserve``: tokens kept for the answer, at the most; ``differs``: a model keeps fewer."""
    if differs:
        return ngettext(
            "{n} token kept for the answer (less where a window or an answer is small): what is left is "
            "after that.",
            "{n} tokens kept for the answer (less where a window or an answer is small): what is left is "
            "after that.",
            reserve,
        )
    return ngettext(
        "{n} token kept for the answer: what is left is after that.",
        "{n} tokens kept for the answer: what is left is after that.",
        reserve,
    )


def model_remarks(rows: Sequence[Evaluation], today: date) -> list[str]:
    """What must be known to read the table."""
    reserves = {row.fit.reserve for row in rows}
    lines = [
        _kept_remark(max(reserves), len(reserves) > 1),
        _("Costs: of sending the input, and of that with an answer of as many tokens as are kept for it."),
    ]
    for row in rows:
        if warning := cost_words.tier_warning(row.count, row.model.prices):
            lines.append(formatting.told_of(row.model.name, warning))
    if any(row.count.provenance is Provenance.ESTIMATE for row in rows):
        lines.append(_("~ An estimate: {explanation}.", explanation=Provenance.ESTIMATE.explanation))
    if any(row.count.provenance is Provenance.TEXTS_ALONE for row in rows):
        lines.append(_("Texts alone: {explanation}.", explanation=Provenance.TEXTS_ALONE.explanation))
    if any(row.count.provenance is Provenance.MEASURED for row in rows):
        lines.append(
            _("Measured: the texts are counted; what the makers add follows from recorded requests.")
        )
    if any(row.count.provenance is Provenance.ASSUMED for row in rows):
        lines.append(
            _("Assumed: counted with the family's tokenizer; the maker has not published the model's.")
        )
    if any(row.count.provenance is Provenance.RECONSTRUCTED for row in rows):
        lines.append(_("Reconstructed: {explanation}.", explanation=Provenance.RECONSTRUCTED.explanation))
    models = [row.model for row in rows]
    if span := price_dates(models):
        lines.append(_("Prices in US dollars as of {span}.", span=span))
    return [*lines, *remarks(models, today)]


def record(totals: Totals, counts: dict[str, Count], rows: Sequence[Evaluation]) -> dict[str, object]:
    """The answer for programs. ``fits`` is null where an estimate's range leaves it open.

    ``left`` is up to the limit that binds with the reserve kept free, ``over`` past what can be sent at all.
    """
    return {
        "files": totals.files,
        "bytes": totals["bytes"],
        "characters": totals["characters"],
        "lines": totals["lines"],
        **({"texts_of_documents": len(totals.documents)} if totals.documents else {}),
        "skipped": totals.skipped_records(),
        "counts": [count_record(name, counted) for name, counted in counts.items()],
        "models": [model_record(row) for row in rows],
    }


def model_record(row: Evaluation) -> dict[str, object]:
    """What a count means for one model, for programs."""
    model = row.model
    return {
        "id": model.id,
        "name": model.name,
        "developer": model.developer,
        "access": model.access,
        "tokenizer": model.tokenizer,
        "tokens": row.count.tokens,
        "low": row.count.low,
        "high": row.count.high,
        "provenance": row.count.provenance,
        "context_window": model.context_window,
        "reserve": row.fit.reserve,
        "share": row.fit.share,
        "left": row.fit.left,
        "fits": row.fit.fits,
        "input_cost_usd": model_records.number(row.sending.likely) if row.sending else None,
        "total_cost_usd": model_records.number(row.answering.likely) if row.answering else None,
        "prices_as_of": model.prices_as_of.isoformat() if model.prices_as_of else None,
        "limit": row.fit.limit,
        "over": row.fit.over,
    }
