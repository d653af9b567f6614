"""``python -m tokviz``."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main() -> int:
    """Run the command line on ``sys.argv``; the return value is the exit code."""
    # Python looks for a child process's modules in the current folder first, and that may be anybody's.
    os.environ["PYTHONSAFEPATH"] = "1"
    # pygit2 cannot be imported where there are no certificates. Any folder does: nothing here connects.
    os.environ["SSL_CERT_DIR"] = str(Path(__file__).resolve().parent)
    if sys.argv[1:2] == ["--own-process"]:
        from tokviz.documents import own_process

        return own_process.serve(sys.argv[2:])
    # Imported here: a worker process re-imports this module when it starts, and needs none of it.
    from tokviz import language
    from tokviz.catalog.folders import user_folders

    # Before anything else is imported: modules have words in their constants.
    settings = user_folders(os.environ, sys.platform, Path.home()).settings / "tokviz.ini"
    if for_programs(sys.argv[1:]):
        os.environ[language.VARIABLE] = language.ENGLISH
    language.begin(os.environ, settings)
    from tokviz.cli import run

    return run(sys.argv[1:])


def for_programs(arguments: Sequence[str]) -> bool:
    """Whether a program is to read the answer: its sentences (why a file was left out) stay English, too."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    # argparse takes the beginning of an option's name for the option.
    return any(len(one) > 2 and form.startswith(one) for one in options for form in ("--json", "--csv"))


if __name__ == "__main__":
    sys.exit(main())
