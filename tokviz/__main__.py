"""``python -m tokviz``."""

import os
import sys
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
    language.begin(os.environ, settings)
    from tokviz.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
