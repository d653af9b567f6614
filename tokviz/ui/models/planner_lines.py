"""The planner's table: a line a model, with what is not counted yet."""

from tokviz.analysis import formatting, planner
from tokviz.analysis.cost import Cost
from tokviz.analysis.planner import PlannedCost
from tokviz.catalog.model import LanguageModel
from tokviz.language import _
from tokviz.ui.common.cell_table import Cell, Header, Line
from tokviz.ui.models import cells

_NOTES = len(planner.HEADERS) - 1
_TIPS = {
    1: _("Tokens that each call sends; an estimate with a ~"),
    2: _("How the tokens are known"),
    3: _("Whether the text and a whole answer have room in the window"),
    4: _("US dollars for a call that finds its beginning in the cache"),
    5: _("US dollars for all calls of a day; the first of them writes the beginning to the cache"),
    6: _("US dollars for {days} such days", days=planner.DAYS),
    _NOTES: _("The cheapest that fits, price tiers and peak hours, and why a cost is unknown"),
}
HEADERS = tuple(
    Header(
        title,
        _TIPS.get(number, ""),
        number=number in planner.NUMBERS,
        optional={1: 3, 2: 1, 3: 2}.get(number, 0),
        elastic=number == _NOTES,
    )
    for number, title in enumerate(planner.HEADERS)
)


def planned_line(row: PlannedCost) -> Line:
    """What the plan means for a model; the cheapest that fits is in bold."""
    texts, count = planner.cells(row), row.fit.count
    why = "\n".join(row.remarks)
    bold = row.is_cheapest
    return Line(
        row.model.id,
        (
            Cell(texts[0], row.model.name, f"{row.model.name}, {row.model.developer}", bold),
            Cell(texts[1], count.tokens, formatting.count_range(count), bold),
            Cell(texts[2], texts[2], row.provenance.explanation if row.provenance else "", bold),
            Cell(texts[3], texts[3], texts[3], bold),
            *(
                Cell(text, _value(cost), formatting.money_range(cost) if cost else why, bold)
                for text, cost in zip(texts[4:7], (row.call, row.day, row.month), strict=True)
            ),
            Cell(texts[7], texts[7] or None, texts[7].replace("; ", "\n"), bold),
        ),
    )


def uncounted_line(model: LanguageModel, asked: bool) -> Line:
    """A model that the page in front has no count for; ``asked``: whether it will have one."""
    said = cells.COUNTING if asked else cells.NOT_COUNTED
    why = "" if asked else _("the page in front is not counted with {tokenizer}", tokenizer=model.tokenizer)
    name = Cell(model.name, model.name, f"{model.name}, {model.developer}")
    return Line(model.id, (name, Cell(said), *[Cell("–")] * 5, Cell(why, why or None, why)))


def _value(cost: Cost | None) -> float | None:
    """What to sort by."""
    return None if cost is None else float(cost.likely)
