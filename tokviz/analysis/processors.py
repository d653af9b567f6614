"""How much of the machine there is to count with."""

import os


def usable_processors() -> int:
    """The processors that this process may use: in a container or under ``taskset`` fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
