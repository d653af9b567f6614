"""What each form of a text's data takes, as a table to read or to take away: CSV, JSON and Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass

from tokviz.analysis import formatting
from tokviz.analysis.forms.forms import AS_IT_IS, Written, form_named
from tokviz.analysis.table_text import csv_text, markdown_table
from tokviz.language import _, gettext
from tokviz.tokens import Count

_CSV_HEADERS = (
    "form",
    "title",
    "bytes",
    "unchanged",
    "loses",
    "tokenizer",
    "tokens",
    "low",
    "high",
    "saving",
)


@dataclass(frozen=True, slots=True)
class FormRow:
    """One form, or the text as it stands, with its tokens under each tokenizer."""

    name: str
    """Of the form, or ``AS_IT_IS``."""
    title: str
    """In English."""
    written: Written
    counts: dict[str, Count]
    """By tokenizer or estimator; absent: not counted yet, or nothing to count."""
    words: str
    """The title for people."""

    @property
    def outcome(self) -> str:
        """``yes`` if the data come back unchanged, ``no``, or ``cannot be written``, for people."""
        if self.written.problem:
            return _("cannot be written")
        return _("no") if self.written.losses else _("yes")

    @property
    def loses(self) -> str:
        """What the data lose, in English, or why they cannot be written; empty if nothing."""
        return self.written.problem or "; ".join(map(str, self.written.losses))

    @property
    def loss_words(self) -> str:
        """The same for people."""
        return self.written.problem_words or "; ".join(loss.words for loss in self.written.losses)


def as_it_is(text: bytes, source: str, counts: dict[str, Count]) -> FormRow:
    """The row of the text as it stands, which the others are compared with; ``source``: its form's title."""
    words = _("As it is ({form})", form=gettext(source))
    return FormRow(AS_IT_IS, f"As it is ({source})", Written(AS_IT_IS, text), counts, words)  # verbatim


def form_row(written: Written, counts: dict[str, Count]) -> FormRow:
    """The row of one form."""
    title = form_named(written.form).title
    return FormRow(written.form, title, written, counts, gettext(title))


def saving(row: FormRow, base: FormRow, tokenizer: str) -> float | None:
    """The part of the tokens of ``base`` that a form saves, below 0 if it takes more; None if not known."""
    count, whole = row.counts.get(tokenizer), base.counts.get(tokenizer)
    return None if count is None or whole is None or not whole.tokens else 1 - count.tokens / whole.tokens


def saving_text(row: FormRow, base: FormRow, tokenizer: str) -> str:
    """``31.6%``, ``−12.0%`` where a form takes more, with a ``~`` before an estimate; empty if not known."""
    share = saving(row, base, tokenizer)
    if share is None or row is base:
        return ""
    mark = formatting.mark(row.counts[tokenizer])
    return f"{mark}{'−' * (share < 0)}{formatting.percent(abs(share))}"


def tokens_text(row: FormRow, tokenizer: str) -> str:
    """``1,234``, ``~1,234`` for an estimate, ``–`` where the form cannot hold the data; else empty."""
    if row.written.problem:
        return "–"
    count = row.counts.get(tokenizer)
    return formatting.count(count) if count else ""


def smallest(rows: Sequence[FormRow], tokenizer: str) -> str:
    """The name of the form with the fewest tokens of those in which the data come back; empty if none is."""
    kept = [
        row for row in rows if tokenizer in row.counts and not row.written.losses and not row.written.problem
    ]
    return min(kept, key=lambda row: row.counts[tokenizer].tokens).name if kept else ""


def csv_table(rows: Sequence[FormRow], names: Sequence[str]) -> str:
    """A line for each form and tokenizer; the first of ``rows`` is what the others are compared with."""
    lines: list[Sequence[object]] = [_CSV_HEADERS]
    for row in rows:
        own = (row.name, row.title, len(row.written.text), str(not row.loses).lower(), row.loses)
        for name in names:
            count, share = row.counts.get(name), saving(row, rows[0], name)
            figures = (count.tokens, count.low, count.high) if count else ("", "", "")
            lines.append((*own, name, *figures, "" if share is None else f"{share:.6g}"))
    return csv_text(lines)


def markdown(rows: Sequence[FormRow], names: Sequence[str]) -> str:
    """A line for each form, with a column for each tokenizer; savings stand in brackets."""
    headers = (_("Form"), _("Bytes"), _("Comes back unchanged"), *names)
    lines = [
        (
            row.words,
            "–" if row.written.problem else formatting.grouped(len(row.written.text)),
            f"{row.outcome}: {row.loss_words}" if row.loss_words else row.outcome,
            *(_both(row, rows[0], name) for name in names),
        )
        for row in rows
    ]
    return markdown_table(headers, lines, numbers={1, *range(3, len(headers))})


def _both(row: FormRow, base: FormRow, name: str) -> str:
    share = saving_text(row, base, name)
    return tokens_text(row, name) + (f" ({share})" if share else "")


def json_record(
    source: str, notes: Sequence[str], rows: Sequence[FormRow], names: Sequence[str]
) -> dict[str, object]:
    """Every figure, for ``json.dumps``; ``source`` and ``notes`` as in ``Found``, in English."""
    return {
        "source": source,
        "notes": list(notes),
        "forms": [
            {
                "form": row.name,
                "title": row.title,
                "bytes": len(row.written.text),
                "unchanged": not row.loses,
                "loses": [{"what": loss.what, "where": loss.where} for loss in row.written.losses],
                "problem": row.written.problem or None,
                "tokens": [_count_record(row, rows[0], name) for name in names if name in row.counts],
            }
            for row in rows
        ],
    }


def _count_record(row: FormRow, base: FormRow, name: str) -> dict[str, object]:
    count = row.counts[name]
    return {
        "tokenizer": name,
        "tokens": count.tokens,
        "low": count.low,
        "high": count.high,
        "provenance": str(count.provenance),
        "saving": saving(row, base, name),
    }
