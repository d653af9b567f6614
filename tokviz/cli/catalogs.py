"""The catalog for a command: with the user's own models, and a word on each mistake in them."""

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog, user_catalog
from tokviz.cli.console import Console


def known_models(assets: Assets, console: Console) -> Catalog:
    """The catalog of whoever runs the command. What is wrong in their files is told, and the rest used."""
    catalog = user_catalog(assets)
    for problem in catalog.problems:
        console.complain(problem)
    return catalog
