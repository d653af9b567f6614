"""The worker's jobs about the data of a text: writing them in other forms."""

from dataclasses import dataclass
from typing import ClassVar

from tokviz.analysis.forms.forms import Written, all_written, find_data
from tokviz.language import pgettext
from tokviz.worker.jobs import Reporter, WorkerContext


@dataclass(frozen=True, slots=True)
class Forms:
    """The data of a text, in every form."""

    source: str
    """The title of the form that the text has."""
    notes: tuple[str, ...]
    """What the reader could not keep, a sentence each, in English."""
    note_words: tuple[str, ...]
    """The same for people."""
    written: tuple[Written, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WriteForms:
    """Find the data of a text (valid UTF-8) and write them in every form."""

    text: bytes
    form: str | None
    """The name of the form that the text has; None: to be found out."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> Forms:  # noqa: ARG002
        """FormError says in one sentence why there are no data. Reports each form when it is written."""
        found = find_data(self.text, self.form)
        written = []
        for each in all_written(found.value):
            written.append(each)
            reporter.progress(len(written))
        return Forms(found.form, found.notes, found.note_words, tuple(written))

    def __str__(self) -> str:
        return pgettext("stopped while …", "writing the data in other forms")
