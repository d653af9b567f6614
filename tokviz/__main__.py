"""``python -m tokviz``."""

import sys


def main() -> int:
    """Run the command line on ``sys.argv``; the return value is the exit code."""
    # Imported here: a worker process re-imports this module when it starts, and needs none of it.
    from tokviz.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
