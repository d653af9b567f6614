"""Whether the worker process hangs: judged by what it does, not by how long it takes on a busy machine."""

import time
from collections.abc import Callable

from tokviz.language import _, number

MOST_WORK = 30.0
"""Seconds of the process's own processor time without a sign of life. The longest silence measured in normal
work is the load of a tokenizer, under two seconds."""
MOST_REST = 300.0
"""Seconds in which the process neither works nor gives a sign of life: it waits for something that will not
come. A disk or a network may take a long time, too."""


class Watchdog:
    """Is told of signs of life, and looked at from time to time while there is work."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._worked: float | None = None
        """Processor time at the first look since the last sign of life; None if there was none."""
        self._seen = 0.0
        self._seen_at = 0.0

    def sign(self) -> None:
        """The process is alive."""
        self._worked = None

    def look(self, worked: float | None) -> str:
        """What the process did instead of answering, if it hangs, else nothing. ``worked``: the seconds of
        processor time that it has had in all; None if that is not known now."""
        now = self._clock()
        if worked is None:
            return ""
        if self._worked is None:
            self._worked = self._seen = worked
            self._seen_at = now
        if worked > self._seen:
            self._seen, self._seen_at = worked, now
        if worked - self._worked > MOST_WORK:
            return _("it worked for {count} seconds without an answer", count=number(f"{MOST_WORK:.0f}"))
        if now - self._seen_at > MOST_REST:
            return _(
                "it neither worked nor answered for {count} minutes",
                count=number(f"{MOST_REST / 60:.0f}"),
            )
        return ""


def processor_time(pid: int | None) -> float | None:
    """The seconds of processor time that a process has had; None if it is not there, or cannot be asked."""
    import psutil  # not before the first look: it takes 20 ms

    if pid is None:
        return None
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return None
    return float(times.user + times.system)
