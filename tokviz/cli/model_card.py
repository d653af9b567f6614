"""All that is known of one model, for a terminal: ``tokviz models ID``."""

from collections.abc import Iterator
from datetime import date

from tokviz.analysis.model_facts import access_means, facts
from tokviz.analysis.price_rows import price_rows
from tokviz.catalog.model import LanguageModel
from tokviz.cli.cells import display_width, pad, wrapped
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.language import _

_GAP = 2
_COLUMNS = (
    Column(_("US dollars per million tokens")),
    Column(_("Input"), right=True),
    Column(_("Cached"), right=True),
    Column(_("Output"), right=True),
)


def card(model: LanguageModel, today: date, width: int, styled: bool = False) -> list[str]:
    """The lines of the model's card, as the window shows it: what its access means for a text, every price
    with its condition, the facts, and the source of each figure."""
    return [
        f"{model.name} ({model.id}) · {model.developer} · {model.access.words}",
        *remark_lines([access_means(model)], width, styled),
        "",
        *_prices(model, width, styled),
        "",
        *_facts(model, today, width),
    ]


def _prices(model: LanguageModel, width: int, styled: bool) -> list[str]:
    if model.prices is None:
        unknown = _("The price is unknown")
        by_host = _("Whoever runs the open weights sets the price")
        return wrapped(by_host if model.host_sets_price else unknown, width)
    rows = [one.cells("")[: len(_COLUMNS)] for one in price_rows(model.prices, None, 0)]
    return render(_COLUMNS, rows, width, styled)


def _facts(model: LanguageModel, today: date, width: int) -> Iterator[str]:
    said = facts(model, today)
    first = max(display_width(label) for label, _text in said) + _GAP
    for label, text in said:
        lines = [line for part in text.splitlines() for line in wrapped(part, width - first, "  ")]
        for number, line in enumerate(lines):
            yield pad("" if number else label, first, right=False) + line
