"""Through whom models are asked: what was chosen, for a conversation and from then on."""

from dataclasses import replace

from tokviz.conversations.hosts import is_host
from tokviz.ui.common.settings import Settings
from tokviz.worker.conversation_store import Source

_USUAL = "conversation/hosts"
"""The hosts that were chosen, the last first: they hold for every conversation whose file does not say."""


class ChosenHosts:
    """A conversation keeps its own host as long as the window lives; nothing of a conversation is stored."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._own: dict[object, str] = {}

    def choose(self, host: str, source: Source, conversation: int) -> Source:
        """One of the source's conversations as it is asked through ``host`` from now on."""
        self._own[_place(source, conversation)] = host
        self._settings.set(_USUAL, [host, *(one for one in self._usual if one != host)])
        return self.applied(source, conversation)

    def applied(self, source: Source, conversation: int) -> Source:
        """The conversation with what was chosen for it and for all."""
        host = self._own.get(_place(source, conversation), source.host)
        return replace(source, host=host, usual_hosts=self._usual)

    @property
    def _usual(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(is_host, self._settings.names(_USUAL))))


def _place(source: Source, conversation: int) -> object:
    """Where a conversation comes from: the file, or the text, and which of those in it it is."""
    return source.path or hash(source.data), conversation
