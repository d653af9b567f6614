"""What the models panel says of a model, in words: cells, badges, tooltips, the summary."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tokviz.analysis import cost_words, fit_words, formatting
from tokviz.analysis.budget import Standing
from tokviz.analysis.model_facts import access_means
from tokviz.catalog.model import Access, LanguageModel
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.ui.models.rows import Column, Row

COUNTING = _("counting…")
NOT_COUNTED = _("not counted")
HOW_TO_COUNT = _("select the model, or Tools ▸ Count for All Models Shown")
_SOON = timedelta(days=90)
_ACCESS_WORDS = {Access.API: "API", Access.OPEN_WEIGHTS: _("open weights"), Access.BOTH: _("both")}


_OTHERS = (Standing.TOO_LONG, Standing.MAY_NOT_FIT, Standing.ANSWER_CUT, Standing.UNKNOWN)
"""How those stand that the summary's headline does not count."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A cell's main line and the quieter one below it; what to say where there is little room for that."""

    first: str
    second: str = ""
    short: str = ""
    shortest: str = ""


def in_one(lines: Lines) -> list[str]:
    """Both in one line, and what is left of that where there is less room."""
    both = (" · ".join(filter(None, (lines.first, more))) for more in (lines.second, lines.short))
    return [*both, lines.first]


def access_word(model: LanguageModel) -> str:
    """In one or two words."""
    return _ACCESS_WORDS[model.access]


def tokens(row: Row) -> Lines:
    """The count, and how surely it is known; ``shortest`` is the count again."""
    if row.count is None:
        return Lines(COUNTING if row.asked else NOT_COUNTED)
    label = provenance(row)
    between = formatting.count_range(row.count)
    short = formatting.short_range(row.count) or label
    brief = formatting.mark(row.count) + formatting.short(row.count.tokens)
    return Lines(formatting.count(row.count), between or label, short, brief)


def provenance(row: Row) -> str:
    """In a word."""
    if row.preliminary and row.asked:
        return _("preliminary")
    return "" if row.count is None else row.count.provenance.words


def explanation(row: Row) -> str:
    """What that means; empty while nothing is counted."""
    if row.preliminary and not row.asked:
        return _(
            "from what other tokenizers count; to count with {tokenizer}: {how}",
            tokenizer=row.model.tokenizer,
            how=HOW_TO_COUNT,
        )
    if row.preliminary:
        return _(
            "part of it is estimated until {tokenizer} has counted all of it", tokenizer=row.model.tokenizer
        )
    return "" if row.count is None else row.count.provenance.explanation


def window(row: Row) -> Lines:
    """The share of the window, and what is left of it."""
    if row.fit is None:
        if row.model.context_window is None:
            return Lines("", _("window unknown"))
        size = formatting.grouped(row.model.context_window)
        if row.fits_with is None:
            return Lines("", _("of {size}", size=size))
        # Translators: {size} is that of a context window.
        return Lines("", _("fits in {size}", size=size))
    share = "–" if row.fit.share is None else fit_words.share(row.fit)
    return Lines(
        share,
        fit_words.room(row.fit),
        fit_words.room(row.fit, brief=True),
        fit_words.room(row.fit, terse=True),
    )


def cost(row: Row) -> Lines:
    """What the input costs, and what it costs with an answer; each amount with its word."""
    if row.model.prices is None:
        if row.model.host_sets_price:
            return Lines(_("by host"), _("open weights"))
        return Lines(_("price unknown"))
    if row.evaluation is None:
        return Lines("")
    # Not “+ answer”: the amount holds the input, too.
    return Lines(
        cost_words.input_cost(row.evaluation),
        cost_words.total_cost(row.evaluation, brief=True),
        _("total {amount}", amount=cost_words.amount(row.evaluation.answering, row.evaluation.count)),
    )


def lines(row: Row, column: Column) -> Lines:
    """What a cell says."""
    match column:
        case Column.MODEL:
            return Lines(row.model.name, f"{row.model.developer} · {access_word(row.model)}")
        case Column.TOKENS:
            return tokens(row)
        case Column.WINDOW:
            return window(row)
        case Column.SHARE:
            return Lines(window(row).first)
        case Column.LEFT:
            said = window(row)
            return Lines(said.second, short=said.short, shortest=said.shortest)
        case Column.COST:
            return cost(row)


def spoken(row: Row, column: Column, today: date) -> str:
    """A cell for those who hear it."""
    said = lines(row, column)
    parts = [said.first, said.second]
    if column is Column.MODEL:
        parts += [row.model.retirement(today), _("favourite") if row.favourite else ""]
    return listed(part for part in parts if part)


def amounts(row: Row) -> tuple[str, str]:
    """The figures alone in what ``cost`` says: of the input, and with an answer; empty if there are none."""
    found = row.evaluation
    if found is None or row.model.prices is None:
        return "", ""
    return cost_words.amount(found.sending, found.count), cost_words.amount(found.answering, found.count)


def badge(model: LanguageModel, today: date) -> tuple[str, str, str]:
    """“retires 11 Dec 2026” or the like, the same without the day, and in a word; empty if nothing is
    announced."""
    words = model.retirement(today)
    if not words:
        return "", "", ""
    if model.retired is None or model.is_retired(today):
        return words, _("retired"), _("retired")
    soon = model.retired - today <= _SOON
    return words, _("retires soon") if soon else _("retires {year}", year=model.retired.year), _("retires")


def tooltip(row: Row, column: Column, today: date) -> str:
    """What a cell has no room for, as plain text."""
    match column:
        case Column.MODEL:
            return "\n".join(
                part
                for part in (
                    f"{row.model.name} ({row.model.developer}, {row.model.access.words})",
                    row.model.good_at,
                    access_means(row.model),
                    formatting.sentence(row.model.retirement(today)),
                )
                if part
            )
        case Column.TOKENS:
            return _count_tip(row)
        case Column.COST:
            return _cost_tip(row)
        case _:
            return _window_tip(row)


def _count_tip(row: Row) -> str:
    if row.count is None and not row.asked:
        return _(
            "Not counted with {tokenizer}: {how}",
            tokenizer=row.model.tokenizer,
            how=HOW_TO_COUNT,
        )
    if row.count is None:
        return _("Being counted with {tokenizer}", tokenizer=row.model.tokenizer)
    said = [
        _(
            "{tokens} under {tokenizer}",
            tokens=formatting.tokens(row.count),
            tokenizer=row.model.tokenizer,
        ),
        f"{formatting.sentence(provenance(row))}: {explanation(row)}",
    ]
    if between := formatting.count_range(row.count):
        said.append(_("Range: {between} tokens", between=between))
    return "\n".join(said)


def _window_tip(row: Row) -> str:
    if row.fits_with is not None:
        return _(
            "Fits, without being counted: a text of this size cannot have more than {most} tokens",
            most=formatting.grouped(row.fits_with),
        )
    if row.fit is None:
        return ""
    said = [f"{formatting.sentence(row.fit.standing.words)}: {fit_words.room_and_doubt(row.fit)}"]
    if row.fit.window is not None:
        said.append(
            _(
                "{share} of a window of {window} tokens",
                share=fit_words.share(row.fit),
                window=formatting.grouped(row.fit.window),
            )
        )
    if row.fit.max_input is not None:
        said.append(
            _("The largest input is {max_input} tokens", max_input=formatting.grouped(row.fit.max_input))
        )
    said.append(
        ngettext("{n} token is kept for the answer", "{n} tokens are kept for the answer", row.fit.reserve)
    )
    return "\n".join(said)


def _cost_tip(row: Row) -> str:
    if row.model.prices is None:
        return _("Whoever runs the open weights sets the price") if row.model.host_sets_price else ""
    if row.evaluation is None:
        return ""
    found = row.evaluation
    said = [cost_words.input_cost(found), cost_words.total_cost(found)]
    if between := formatting.money_range(found.sending):
        said.append(_("Range of the input: {between}", between=between))
    if warning := cost_words.tier_warning(found.count, row.model.prices):
        said.append(warning)
    return "\n".join(map(formatting.sentence, said))


@dataclass(frozen=True, slots=True)
class Summary:
    """How many of the models shown the text fits."""

    shown: int
    standings: Counter[Standing | None]
    """None: not known."""
    counting: int
    """Models of which it is not known yet, those included that may be shown once it is."""
    not_counted: int
    """The same for those that are not counted unless asked for."""
    empty: bool
    """There is no text."""

    @property
    def fits(self) -> int:
        """Models that take the text and a whole answer."""
        return self.standings[Standing.FITS]

    def headline(self, brief: bool = False) -> str:
        """``Fits 38 of 41 shown``. The brief one, which stands alone, leaves out what is not counted."""
        if not self.shown:
            return _("Counting…") if self.counting else _("No model matches")
        if self.empty:
            if brief:
                return ngettext("{n} model", "{n} models", self.shown)
            return ngettext("{n} model shown", "{n} models shown", self.shown)
        unknown = self.standings[None]
        if brief and unknown:
            return _("Fits {fits} of {shown} known", fits=self.fits, shown=self.shown - unknown)
        if brief:
            return _("Fits {fits} of {shown}", fits=self.fits, shown=self.shown)
        return _("Fits {fits} of {shown} shown", fits=self.fits, shown=self.shown)

    @property
    def shortest(self) -> str:
        """The brief one without a word for what is not counted; empty if there is none such."""
        if not self.shown or self.empty:
            return ""
        return _("Fits {fits} of {shown}", fits=self.fits, shown=self.shown - self.standings[None])

    @property
    def rest(self) -> str:
        """``3 too small, 2 may not fit``: what is to be known of the others."""
        if self.empty and self.shown:
            return _("nothing counted yet")
        words = (
            *(self.words(standing) for standing in _OTHERS if self.standings[standing]),
            self._unknown,
        )
        return listed(filter(None, words))

    def words(self, standing: Standing | None) -> str:
        """``3 too small``: how many stand so."""
        n = self.standings[standing]
        match standing:
            # Translators: these are models, in a list such as "3 too small, 2 may be too small".
            case Standing.TOO_LONG:
                return ngettext("{n} too small", "{n} too small", n)
            case Standing.MAY_NOT_FIT:
                return ngettext("{n} may be too small", "{n} may be too small", n)
            case Standing.ANSWER_CUT:
                return ngettext("{n} cut the answer", "{n} cut the answer", n)
            case Standing.UNKNOWN:
                return ngettext("{n} of unknown size", "{n} of unknown size", n)
            case Standing.FITS:
                return ngettext("{n} fits", "{n} fit", n)
        return self._unknown

    @property
    def _unknown(self) -> str:
        words = (
            (self.counting, ngettext("{n} being counted", "{n} being counted", self.counting)),
            (self.not_counted, ngettext("{n} not counted", "{n} not counted", self.not_counted)),
        )
        return listed(told for number, told in words if number)


def summary(rows: Iterable[Row], undecided: Iterable[Row] = ()) -> Summary:
    """Of the rows that are shown; ``undecided``: those that are not, as they are not counted."""
    shown = list(rows)
    empty = not any(row.count.tokens for row in shown if row.count is not None)
    unknown = Counter(row.asked for row in (*shown, *undecided) if row.standing is None)
    return Summary(len(shown), Counter(row.standing for row in shown), unknown[True], unknown[False], empty)
