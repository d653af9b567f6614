"""``tokviz models``: the language models known, with their windows and prices."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tokviz import language
from tokviz.analysis import formatting
from tokviz.analysis.budget import fit
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.folders import user_folders
from tokviz.catalog.model import Access, LanguageModel
from tokviz.catalog.own_models import EXAMPLE
from tokviz.cli.catalogs import known_models, named_models
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import tokens
from tokviz.cli.model_records import record
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.language import _, gettext, ngettext, number, pgettext
from tokviz.lists import listed
from tokviz.names import UnknownNameError, matching
from tokviz.tokens import Count

RETIRED = "†"
REMARK = "*"
BY_HOST = _("by host")
"""Stands where a price would, if whoever runs the open weights sets it."""
_COLUMNS = (
    Column(_("Id")),
    Column(_("Model"), optional=5),
    Column(_("Maker"), optional=2),
    Column(_("Access"), optional=3),
    Column(_("Window"), right=True),
    Column(_("Max input"), right=True, optional=9),
    Column(_("Max output"), right=True, optional=6),
    Column(_("Tokenizer"), optional=8),
    Column(_("Counts"), optional=7),
    # Translators: US dollars for a million tokens that are read, or written.
    Column(_("$/M in"), right=True),
    # Translators: US dollars for a million tokens that are read, or written.
    Column(_("$/M out"), right=True),
    Column(_("Strengths"), optional=4),
)
_ACCESS = {
    Access.API: "API",
    Access.OPEN_WEIGHTS: pgettext("access to a model", "open"),
    Access.BOTH: pgettext("access to a model", "open, API"),
}


@dataclass(frozen=True, slots=True)
class ModelsRequest:
    """What ``tokviz models`` is asked for. None and "": not asked."""

    as_json: bool
    ids: tuple[str, ...] = ()
    """The models of which all is to be told."""
    search: str = ""
    maker: str = ""
    fits: int | None = None
    """Tokens of a text that is to fit, with room for an answer."""
    current: bool = False
    """Without those that are retired."""
    update: str | None = None
    """A file with a newer list of models."""
    taken: bool = False
    """The update is taken without a question."""
    revert: bool = False
    """The update is dropped."""


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> ModelsRequest:
    """Read the command's arguments; argparse ends the program where they are wrong."""
    add = parser.add_argument
    add(
        "ids",
        nargs="*",
        metavar="ID",
        help=_("all that is known of this model: every price, its limits, and the source of each figure"),
    )
    add(
        "--search",
        metavar="TEXT",
        default="",
        help=_(
            "models with these words in id, name, maker, access, capabilities or strengths; a word that "
            "stands nowhere as a whole is looked for as a beginning"
        ),
    )
    add("--maker", metavar="NAME", default="", help=_("models of this maker"))
    add(
        "--fits",
        metavar="N",
        type=tokens,
        help=_("models that take a text of N of their tokens, with an answer"),
    )
    add("--current", action="store_true", help=_("without models that their makers have retired"))
    add("--json", action="store_true", help=_("a JSON list with every figure, its source and its date"))
    updates = parser.add_argument_group(_("a newer list of models"))
    updates.add_argument(
        "--update", metavar="FILE", help=_("show what the models.toml of a newer release changes, and ask")
    )
    updates.add_argument("--yes", action="store_true", help=_("take it without asking"))
    updates.add_argument(
        "--revert", action="store_true", help=_("go back to the list that ships with tokviz")
    )
    own = user_folders(os.environ, sys.platform, Path.home()).own_models
    parser.epilog = _("Models of your own stand in {file}:", file=own) + f"\n\n{EXAMPLE}"
    found = parser.parse_args(argv)
    if found.yes and not found.update:
        parser.error(_("--yes goes with --update FILE"))
    if found.revert and found.update:
        parser.error(_("--revert does not go with --update; ask for them one by one"))
    conditions = (found.search, found.maker, found.fits is not None, found.current)
    if found.ids and any((*conditions, found.update, found.revert)):
        parser.error(_("the id of a model goes with --json alone; --search finds models by words"))
    return ModelsRequest(
        found.json,
        tuple(found.ids),
        found.search,
        found.maker,
        found.fits,
        found.current,
        found.update,
        found.yes,
        found.revert,
    )


def run(request: ModelsRequest, console: Console) -> int:
    """Print the catalog, or change it; 1 if no model is found."""
    catalog = known_models(Assets(), console)
    if request.update or request.revert:
        from tokviz.cli import model_updates  # seldom asked for

        return model_updates.run(request.update, catalog, console, taken=request.taken)
    named = named_models(request.ids, catalog)
    models = named or select(catalog.models, request, catalog.today)
    if request.as_json:
        console.print_json(json.dumps([record(model, catalog.today) for model in models], indent=2))
    elif named:
        _print_cards(named, catalog, console)
    elif models:
        _print_table(models, catalog, console)
    if not models:
        console.complain(_("No model matches; fewer conditions find more."))
    return 0 if models else 1


def select(models: Sequence[LanguageModel], request: ModelsRequest, today: date) -> tuple[LanguageModel, ...]:
    """The models that are asked for; ``Failure`` names a near maker if there is none of that name."""
    texts = [
        (
            *(each.id, each.name, each.developer, each.access, each.strengths, *(each.capabilities or ())),
            *(each.access.words, each.good_at, *(one.words for one in each.capabilities or ())),
        )
        for each in models
    ]
    found = matching(request.search, texts)
    makers = matching(request.maker, [(each.developer,) for each in models])
    if request.maker and not any(makers):
        names = dict.fromkeys(each.developer for each in models)
        raise Failure(str(UnknownNameError("maker", request.maker, names)), 2)
    return tuple(
        model
        for model, is_found, by_maker in zip(models, found, makers, strict=True)
        if is_found
        and by_maker
        and not (request.current and model.is_retired(today))
        and (request.fits is None or fit(Count.certain(request.fits), model).fits)
    )


def _print_table(models: Sequence[LanguageModel], catalog: Catalog, console: Console) -> None:
    today = catalog.today
    console.print(render(_COLUMNS, [_row(model, today) for model in models], console.width, console.styled))
    console.print()
    notes = [
        ngettext("{n} model.", "{n} models.", len(models)),
        _("Limits in tokens; prices in US dollars per million tokens."),
        *remarks(models, today),
        *_retiring(models, today),
        age(catalog),
    ]
    console.print(remark_lines(notes, console.width, console.styled))


def _print_cards(models: Sequence[LanguageModel], catalog: Catalog, console: Console) -> None:
    from tokviz.cli.model_card import card  # seldom asked for

    for model in models:
        console.print([*card(model, catalog.today, console.width, console.styled), ""])
    console.print(remark_lines([age(catalog)], console.width, console.styled))


def age(catalog: Catalog) -> str:
    """How old the figures are, and what to do where that is too old."""
    if not catalog.is_aged:
        return catalog.age
    return " ".join((catalog.age, _("`tokviz models --update FILE` takes a newer list.")))


def _retiring(models: Sequence[LanguageModel], today: date) -> list[str]:
    leaving = [each for each in models if each.retired and not each.is_retired(today)]
    said = [f"{each.name} {each.retirement(today)}" for each in sorted(leaving, key=_last_day)]
    return [_("Announced: {models}.", models=listed(said))] if said else []


def _last_day(model: LanguageModel) -> date:
    return model.retired or date.max


def display_name(model: LanguageModel, today: date) -> str:
    """The model's name with the marks that ``remarks`` explains."""
    return f"{model.name} {_marks(model, today)}".rstrip()


def _marks(model: LanguageModel, today: date) -> str:
    marks = RETIRED * model.is_retired(today)
    if model.prices and (model.prices.peak or model.prices.note or model.prices.later):
        marks += REMARK
    return marks


def remarks(models: Sequence[LanguageModel], today: date) -> list[str]:
    """What the marks at the models' names mean, a line each."""
    names: dict[str, list[str]] = {}
    for model in models:
        if model.prices is None:
            continue
        if peak := model.prices.peak:
            factor = number(str(peak.factor))
            # Translators: prices; {when} says at which hours.
            dearer = _("{factor} times as much {when}", factor=factor, when=peak.when)
            names.setdefault(dearer, []).append(model.name)
        for later in model.prices.later:
            # Translators: prices from a day on, of what is read and of what is written.
            change = _(
                "from {day} {input} in, {output} out",
                day=language.date(later.start),
                input=_dollars(later.input),
                output=_dollars(later.output),
            )
            names.setdefault(change, []).append(model.name)
        if model.prices.note:
            names.setdefault(gettext(model.prices.note), []).append(model.name)
    lines = [f"{REMARK} {formatting.told_of(listed(those), remark)}" for remark, those in names.items()]
    if any(model.is_retired(today) for model in models):
        lines.insert(0, f"{RETIRED} " + _("No longer served by its maker; its last price."))
    return lines


def _row(model: LanguageModel, today: date) -> list[str]:
    prices = model.prices
    unpriced = BY_HOST if model.host_sets_price else formatting.UNKNOWN
    return [
        f"{model.id} {_marks(model, today)}".rstrip(),
        model.name,
        model.developer,
        _ACCESS[model.access],
        formatting.grouped(model.context_window),
        formatting.grouped(model.max_input),
        formatting.grouped(model.max_output),
        model.tokenizer,
        model.provenance.words,
        _dollars(prices.input) if prices else unpriced,
        _dollars(prices.output) if prices else unpriced,
        model.good_at,
    ]


def _dollars(amount: Decimal) -> str:
    """An amount without the sign of dollars."""
    return formatting.money(amount).replace(language.dollars("").strip(), "").strip()
