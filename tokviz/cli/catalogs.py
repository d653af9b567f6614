"""The catalog for a command: with the user's own models, a word on each mistake in them, and models by id."""

from collections.abc import Iterable

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog, user_catalog
from tokviz.catalog.model import LanguageModel
from tokviz.cli.console import Console, Failure
from tokviz.language import _
from tokviz.names import UnknownNameError


def known_models(assets: Assets, console: Console) -> Catalog:
    """The catalog of whoever runs the command. What is wrong in their files is told, and the rest used."""
    catalog = user_catalog(assets)
    for problem in catalog.problems:
        console.complain(problem)
    return catalog


def unknown_name(error: UnknownNameError, where: str) -> Failure:
    """The end of a command that was given such a name. ``where`` is a sentence that says where the known
    ones stand, for a name with nothing like it among them."""
    return Failure(str(error) if error.nearest else f"{error} {where}", 2)


def chosen_model(model_id: str, catalog: Catalog) -> LanguageModel:
    """The model of that id; ``Failure`` names the nearest if there is none."""
    try:
        return catalog.get(model_id)
    except UnknownNameError as error:
        raise unknown_name(error, _("`tokviz models` lists them.")) from error


def named_models(ids: Iterable[str], catalog: Catalog) -> list[LanguageModel]:
    """The models of these ids, each once; ``Failure`` for one that is not known."""
    return [chosen_model(model_id, catalog) for model_id in dict.fromkeys(ids)]
