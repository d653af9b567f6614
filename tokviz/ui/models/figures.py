"""Everything that is known of a model, as plain text to be copied."""

from datetime import date

from tokviz.analysis import cost_words, fit_words, formatting
from tokviz.analysis.model_facts import access_means, sources
from tokviz.analysis.price_rows import price_rows
from tokviz.catalog.model import LanguageModel
from tokviz.language import _, gettext
from tokviz.ui.models import cells
from tokviz.ui.models.rows import Row


def figures(row: Row, today: date) -> str:
    """What the panel and the card say of a model, line by line."""
    model = row.model
    said = [
        f"{model.name} ({model.developer}, {model.access.words})",
        model.good_at,
        access_means(model),
        "",
        *_text(row),
        "",
        _limits(model),
        *_prices(row),
    ]
    if retirement := model.retirement(today):
        said.append(_("{retirement} (its maker's own API)", retirement=formatting.sentence(retirement)))
    said += ["", _("Sources:"), sources(model)]
    return "\n".join(said)


def _text(row: Row) -> list[str]:
    if row.evaluation is None:
        if not row.asked:
            return [
                _(
                    "Tokens: {not_counted}: {how}",
                    not_counted=cells.NOT_COUNTED,
                    how=cells.HOW_TO_COUNT,
                )
            ]
        return [_("Tokens: {counting} ({tokenizer})", counting=cells.COUNTING, tokenizer=row.model.tokenizer)]
    count, fit = row.evaluation.count, row.evaluation.fit
    said = [
        _(
            "Tokens: {count} under {tokenizer}: {label}, {explanation}",
            count=formatting.count(count),
            tokenizer=row.model.tokenizer,
            label=cells.provenance(row),
            explanation=cells.explanation(row),
        )
    ]
    if between := formatting.count_range(count):
        said.append(_("Range: {between} tokens", between=between))
    said.append(
        _(
            "Window: {share} used, {reserve} reserved",
            share=fit_words.share(fit),
            reserve=formatting.grouped(fit.reserve),
        )
    )
    said.append(f"{formatting.sentence(fit.standing.words)}: {fit_words.room_and_doubt(fit)}")
    if row.sending is not None:
        said += [cost_words.input_cost(row.evaluation), cost_words.total_cost(row.evaluation)]
        if between := formatting.money_range(row.sending):
            said.append(_("Range of the input: {between}", between=between))
    if warning := cost_words.tier_warning(count, row.model.prices):
        said.append(warning)
    return list(map(formatting.sentence, said))


def _limits(model: LanguageModel) -> str:
    tokens = formatting.grouped
    return _(
        "Context window {window}, largest input {input}, longest answer {answer} tokens",
        window=tokens(model.context_window),
        input=tokens(model.max_input),
        answer=tokens(model.max_output),
    )


def _prices(row: Row) -> list[str]:
    """A line for each price with its condition and what this text costs under it."""
    model, fit = row.model, row.fit
    if model.prices is None:
        return [_("Price: set by the host") if model.host_sets_price else _("Price: unknown")]
    said = [_("US dollars per million tokens, and for this text:")]
    mark = formatting.mark(row.count) if row.count else ""
    for one in price_rows(model.prices, fit.used if fit else None, fit.reserve if fit else 0):
        condition, fresh, cached, output, cost = one.cells(mark)
        said.append(
            _(
                "{condition}: input {fresh}, cached {cached}, output {output}; this text {cost}",
                condition=condition,
                fresh=fresh,
                cached=cached,
                output=output,
                cost=cost,
            )
        )
    if model.prices.note:
        said.append(gettext(model.prices.note))
    return said
