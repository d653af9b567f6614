"""The tables' lines: from rows, matrices and agreements to the cells that a table shows."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from tokviz.analysis import formatting
from tokviz.analysis.comparison import comparison_export as export
from tokviz.analysis.comparison.comparison import BoundaryCounts
from tokviz.analysis.comparison.comparison_table import ModelCost, Range, TableRow
from tokviz.analysis.comparison.count_matrix import CountMatrix
from tokviz.analysis.tokens.statistics import TextSize
from tokviz.language import _, gettext, ngettext, number
from tokviz.lists import listed
from tokviz.tokens import Count, Provenance
from tokviz.ui.common.cell_table import Cell, Header, Line

_HEADERS = (
    Header(_("Tokenizer"), _("Its name, and what must be said beside it"), number=False),
    Header(_("Tokens"), _("Tokens of this text; an estimate as likely (low–high)")),
    Header(
        _("Provenance"),
        _("How the tokens are known; each says more"),
        number=False,
        optional=2,
    ),
    Header(_("Relative"), _("Tokens compared with the baseline's, which is 100 %"), optional=1),
    Header(_("Bytes/token"), _("Bytes of UTF-8 per token; more is better"), optional=3),
    Header(_("Chars/token"), _("Unicode code points per token; more is better"), optional=4),
    Header(
        _("Tokens/word"),
        _("Words are runs without white space; in English prose 4/3 is the rule of thumb"),
        optional=5,
    ),
    Header(_("Vocabulary"), _("How many token ids there are, special tokens included"), optional=6),
    Header(
        _("Cost of sending"),
        _("Sending this text once, from the cheapest of the models that use the tokenizer to the dearest"),
    ),
)


def tokenizer_lines(rows: Sequence[TableRow], baseline: str) -> tuple[list[Header], list[Line]]:
    """The table of all tokenizers; ``baseline`` is the name of the one that is 100%."""
    return list(_HEADERS), [_tokenizer_line(row, row.entry.name == baseline) for row in rows]


def _tokenizer_line(row: TableRow, emphasized: bool) -> Line:
    count, priced, entry = row.count, row.priced, row.entry
    cells = (
        Cell(entry.title, entry.title, f"{entry.name}. {gettext(entry.note)}".strip()),
        Cell(export.tokens(row), count.tokens if count else None),
        _provenance_cell(count),
        _range_cell(row.relative, formatting.percent),
        *(
            _range_cell(value, export.decimal)
            for value in (row.bytes_per_token, row.characters_per_token, row.tokens_per_word)
        ),
        Cell(export.vocabulary(row), entry.vocabulary_size),
        Cell(
            export.costs(row),
            float(priced[0].cost.likely) if priced and priced[0].cost else None,
            model_costs(row),
        ),
    )
    return Line(entry.name, tuple(replace(cell, emphasized=emphasized) for cell in cells))


def _provenance_cell(count: Count | None) -> Cell:
    if count is None:
        return Cell("")
    name = count.provenance.words
    return Cell(name, name, f"{name}: {count.provenance.explanation}")


def _range_cell(value: Range | None, written: Callable[[float], str]) -> Cell:
    """The likely value; the range is in the tooltip, where it makes no column wide."""
    if value is None:
        return Cell("")
    tip = "" if value.is_certain else export.full_range(value, written)
    return Cell(export.likely(value, written), value.likely, tip)


def model_costs(row: TableRow) -> str:
    """One line for each model that uses the tokenizer: its name, what sending costs, and how sure that is."""
    if not row.models:
        return _("No listed model uses it.")
    return "\n".join(_model_cost(each, row) for each in row.models)


def _model_cost(each: ModelCost, row: TableRow) -> str:
    money = export.money(each) if row.count else _("not counted yet")
    between = formatting.money_range(each.cost)
    parts = {"model": each.model.name, "cost": f"{money} ({between})" if between else money}
    # Translators (all four): {cost} is such as "$0.0012 ($0.0010–$0.0015)" or "unknown".
    match each.model.provenance:
        case Provenance.ASSUMED:
            text = _("{model}: {cost}, assumed: its maker has not said which tokenizer it uses", **parts)
        case Provenance.RECONSTRUCTED:
            why = Provenance.RECONSTRUCTED.explanation
            text = _("{model}: {cost}, reconstructed: {why}", **parts, why=why)
        case Provenance.ESTIMATE:
            text = _("{model}: {cost}, estimated", **parts)
        case _exact:
            text = _("{model}: {cost}", **parts)
    return _("{model} (retired)", model=text) if each.retired else text


def agreement_lines(titles: Sequence[str], counts: BoundaryCounts | None) -> tuple[list[Header], list[Line]]:
    """Each tokenizer against each: the share of their boundaries that both have."""
    tip = _("Boundaries that both have, of all boundaries that either has (the Jaccard index)")
    headers = [Header(_("Agreement"), tip, False), *(Header(title, tip) for title in titles)]
    lines = []
    for row, title in enumerate(titles):
        cells = [Cell(title, title)]
        cells += [_agreement_cell(titles, counts, row, column) for column in range(len(titles))]
        lines.append(Line(f"{row} {title}", tuple(cells)))
    return headers, lines


def boundary_words(counts: BoundaryCounts) -> tuple[str, str]:
    """How many boundaries all panes share, in a few words, and what that means in a sentence."""
    if not counts.any:
        return _("No boundaries: one token for every pane"), ""
    share = formatting.percent(counts.common_share)
    text = ngettext(
        "{share} of boundaries common · {n} differs",
        "{share} of boundaries common · {n} differ",
        counts.differing,
        share=share,
    )
    tip = _(
        "Boundaries common to all panes (thin lines): {common}. Others: {differing}; a broken beam (⌶) "
        "where a pane's tokenizer cuts and another does not, its ends alone where another cuts",
        common=number(counts.common),
        differing=number(counts.differing),
    )
    return text, tip


def _agreement_cell(titles: Sequence[str], counts: BoundaryCounts | None, row: int, column: int) -> Cell:
    if counts is None:
        return Cell("…")
    first, second = titles[row], titles[column]
    if row == column:
        own = int(counts.shared[row, row])
        tip = ngettext("{tokenizer} has {n} boundary", "{tokenizer} has {n} boundaries", own, tokenizer=first)
        return Cell("–", None, tip)
    pair = counts.agreement(row, column)
    tip = "\n".join(
        (
            # Translators: boundaries that two tokenizers have.
            _("Both: {n}", n=number(pair.shared)),
            _("Only {tokenizer}: {n}", tokenizer=first, n=number(pair.only_first)),
            _("Only {tokenizer}: {n}", tokenizer=second, n=number(pair.only_second)),
        )
    )
    return Cell(formatting.percent(pair.share), pair.share, tip)


def language_lines(
    found: CountMatrix, endonyms: Sequence[str], estimated: Sequence[bool]
) -> tuple[list[Header], list[Line]]:
    """A line for each tokenizer (a column of ``found``): its tokens in the first language (English), and how
    many times as many it needs in the others."""
    first = found.rows[0]
    headers = [
        Header(_("Tokenizer"), "", number=False),
        # Translators: {language} is such as "English".
        Header(first, _("Tokens of the passage in {language}", language=first)),
    ]
    for place, (name, own) in enumerate(zip(found.rows[1:], endonyms[1:], strict=True), 1):
        tip = _("{language}: how many times as many tokens as in {first}", language=name, first=first)
        headers.append(Header(own, tip, optional=place))
    ratios = found.against_row(0)
    lines = []
    for column, (title, guess) in enumerate(zip(found.columns, estimated, strict=True)):
        cells = [Cell(title, title, title)]
        for row, name in enumerate(found.rows):
            tokens, ratio = int(found.tokens[row, column]), float(ratios[row, column])
            text = number(tokens) if row == 0 else "" if math.isnan(ratio) else number(f"{ratio:.2f}") + "×"
            said = formatting.tokens(tokens, "~" * guess + number(tokens))
            tip = f"{name}: {said}"
            value = tokens if row == 0 else None if math.isnan(ratio) else ratio
            cells.append(Cell("~" * (guess and bool(text)) + text, value, tip))
        lines.append(Line(title, tuple(cells)))
    return headers, lines


def size_words(size: TextSize) -> str:
    """``of 120 bytes, 118 characters, 20 words``, as far as it is known."""
    parts = [ngettext("{n} byte", "{n} bytes", size.bytes)]
    if size.characters:
        parts.append(ngettext("{n} character", "{n} characters", size.characters))
    if size.words:
        parts.append(ngettext("{n} word", "{n} words", size.words))
    # Translators: {sizes} is such as "120 bytes, 118 characters, 20 words".
    return _("of {sizes}", sizes=listed(parts))
