"""What a model's card says beside limits and prices: facts, and the source and date of each figure."""

from datetime import date

from tokviz.analysis import formatting
from tokviz.catalog.model import LanguageModel
from tokviz.ui.models.price_rows import day

_FIGURES = {
    "context_window": "window",
    "max_input": "max input",
    "max_output": "max output",
    "capabilities": "abilities",
    "min_cacheable": "shortest cached input",
    "tokenizer": "tokenizer",
    "prices": "prices",
    "released": "release",
    "retired": "retirement",
}
"""The figures that have a source, as the card calls them."""


def facts(model: LanguageModel, today: date) -> list[tuple[str, str]]:
    """Label and text of each, in order; what is unknown says so."""
    said = [("Good at", model.strengths)]
    if model.capabilities is not None:
        said.append(("Also", ", ".join(model.capabilities) or "text alone"))
    said.append(("Tokenizer", f"{model.tokenizer} · {model.provenance}: {model.provenance.explanation}"))
    said.append(("Limits", _limits(model)))
    released = f"released {day(model.released)}" if model.released else "release unknown"
    said.append(("Life", " · ".join(part for part in (released, model.retirement(today)) if part)))
    if model.prices is not None and model.prices.note:
        said.append(("Prices", model.prices.note))
    said.append(("Sources", sources(model)))
    notes = [f"{_FIGURES.get(figure, figure)}: {note}" for figure, note in model.notes.items()]
    if notes:
        said.append(("Choices", "\n".join(notes)))
    return said


def sources(model: LanguageModel) -> str:
    """“window, prices: PyPI genai-prices 0.2.3, 10 Nov 2026”: a line for each source, and what it says."""
    figures: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for figure, citation in model.sources.items():
        source = citation.source
        figures.setdefault(source.name, []).append(_FIGURES.get(figure, figure))
        titles[source.name] = f"{source.title}, {day(source.date)}"
    return "\n".join(f"{', '.join(told)}: {titles[name]}" for name, told in figures.items())


def _limits(model: LanguageModel) -> str:
    limits = (
        ("window", model.context_window),
        ("input", model.max_input),
        ("answer", model.max_output),
    )
    return " · ".join(f"{name} {formatting.grouped(value)}" for name, value in limits)
