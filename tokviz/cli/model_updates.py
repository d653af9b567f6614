"""``tokviz models --update FILE`` and ``--revert``: a newer list of models, shown before it is taken."""

import os
import sys
from pathlib import Path

from tokviz.catalog.catalog import Catalog
from tokviz.catalog.folders import user_folders
from tokviz.catalog.updates import UpdateError, difference_lines, read_update, revert, take
from tokviz.cli.console import Console, Failure
from tokviz.language import _, date, ngettext


def run(path: str | None, catalog: Catalog, console: Console, *, taken: bool) -> int:
    """Show what the file at ``path`` changes and take it if that is wanted; without a path, go back."""
    folders = user_folders(os.environ, sys.platform, Path.home())
    try:
        if path is None:
            console.print(
                _("The list of models that ships with tokviz is in use again.")
                if revert(folders)
                else _("There was no update: the list that ships with tokviz is in use.")
            )
            return 0
        update = read_update(Path(path), catalog.listed, catalog.today)
        if not update.differences:
            console.print(_("{file} changes nothing.", file=path))
            return 0
        console.print(difference_lines(update.differences))
        console.print()
        console.print(
            ngettext(
                "{n} change; figures of {old} give way to those of {new}.",
                "{n} changes; figures of {old} give way to those of {new}.",
                len(update.differences),
                old=date(catalog.published),
                new=date(update.published),
            )
        )
        if not (taken or _asked(console)):
            console.print(_("Nothing was changed. --yes takes it."))
            return 0
        take(update, folders)
    except UpdateError as error:
        raise Failure(str(error)) from error
    console.print(_("Taken. `tokviz models --revert` goes back."))
    return 0


def _asked(console: Console) -> bool:
    """Whether somebody at a terminal says yes."""
    if console.has_piped_input or not sys.stdout.isatty():
        return False
    console.flush()
    # Translators: y and N stay as they are; they are what is to be typed.
    return input(_("Take it? [y/N]") + " ").strip().casefold() in ("y", "yes")
