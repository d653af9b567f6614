"""What a model's card says beside limits and prices: facts, and the source and date of each figure."""

from datetime import date

from tokviz.analysis import formatting
from tokviz.catalog.days import spelled_day
from tokviz.catalog.model import Access, LanguageModel
from tokviz.language import _, gettext
from tokviz.lists import listed

_ACCESS_MEANS = {
    Access.API: _("To use it, you send your text to {maker}, whose terms apply to it."),
    Access.OPEN_WEIGHTS: _(
        "You can run it on a machine of your own, where the text stays with you; "
        "a host that runs it for you sets its own price and terms."
    ),
    Access.BOTH: _(
        "You send your text to {maker}, whose terms apply to it, or run the weights on a machine of "
        "your own, where it stays with you."
    ),
}
"""What each access means for the text, with the ``{maker}`` named in it."""
_FIGURES = {
    "context_window": _("window"),
    "max_input": _("max input"),
    "max_output": _("max output"),
    "capabilities": _("abilities"),
    "min_cacheable": _("shortest cached input"),
    "tokenizer": _("tokenizer"),
    "prices": _("prices"),
    "released": _("release"),
    "retired": _("retirement"),
}
"""The figures that have a source, as the card calls them."""


def access_means(model: LanguageModel) -> str:
    """What its access means for the text, in a sentence."""
    return _ACCESS_MEANS[model.access].format(maker=model.developer)


def facts(model: LanguageModel, today: date) -> list[tuple[str, str]]:
    """Label and text of each, in order; what is unknown says so."""
    said = [(_("Good at"), model.good_at)]
    if model.capabilities is not None:
        said.append((_("Also"), listed(map(gettext, model.capabilities)) or _("text alone")))
    said.append(
        (_("Tokenizer"), f"{model.tokenizer} · {model.provenance.words}: {model.provenance.explanation}")
    )
    said.append((_("Limits"), _limits(model)))
    released = (
        _("released {day}", day=spelled_day(model.released)) if model.released else _("release unknown")
    )
    said.append((_("Life"), " · ".join(part for part in (released, model.retirement(today)) if part)))
    if model.prices is not None and model.prices.note:
        said.append((_("Prices"), gettext(model.prices.note)))
    said.append((_("Sources"), sources(model)))
    notes = [f"{_FIGURES.get(figure, figure)}: {note}" for figure, note in model.notes.items()]
    if notes:
        said.append((_("Choices"), "\n".join(notes)))
    return said


def sources(model: LanguageModel) -> str:
    """“window, prices: PyPI genai-prices 0.2.3, 10 Nov 2026”: a line for each source, and what it says."""
    figures: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for figure, citation in model.sources.items():
        source = citation.source
        figures.setdefault(source.name, []).append(_FIGURES.get(figure, figure))
        titles[source.name] = f"{source.title}, {spelled_day(source.date)}"
    return "\n".join(f"{listed(told)}: {titles[name]}" for name, told in figures.items())


def _limits(model: LanguageModel) -> str:
    limits = (
        (_("window"), model.context_window),
        (_("input"), model.max_input),
        (_("answer"), model.max_output),
    )
    return " · ".join(f"{name} {formatting.grouped(value)}" for name, value in limits)
