"""The cache of whoever runs tokviz: where it lies, whether it is used, and clearing it.

The command line and the window share it, and so the switch too: a file in its folder.
"""

import contextlib
import os
from pathlib import Path

from tokviz.count_cache.cache import CountCache
from tokviz.count_cache.fingerprints import code_fingerprint, tokenizer_fingerprint
from tokviz.count_cache.store import MOST_BYTES, NumberStore
from tokviz.documents.private_files import private_file, private_folder
from tokviz.language import _
from tokviz.system_errors import reason
from tokviz.tokenization.registry import Registry


class CacheError(Exception):
    """Something about the cache cannot be changed; ``str()`` is one sentence."""


class UserCache:
    """Counts kept in ``folder``, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._switch = folder / "off"
        self._code = b""

    @property
    def used(self) -> bool:
        """Whether counts are kept, and used again."""
        return not os.path.lexists(self._switch)

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return NumberStore(self.folder).size()

    @property
    def most(self) -> int:
        """Bytes that it takes at most."""
        return MOST_BYTES

    def open(self, registry: Registry) -> CountCache | None:
        """The cache as it is now, for counts by the tokenizers of ``registry``; None if it is not used."""
        if not self.used:
            return None

        def fingerprint(name: str) -> str:
            return tokenizer_fingerprint(registry.info(name), registry.own_sha256(name))

        self._code = self._code or code_fingerprint()
        return CountCache(self.folder, self._code, fingerprint)

    def use(self, used: bool) -> None:
        """Switch it on or off; what is kept stays. CacheError if that cannot be."""
        try:
            if used:
                self._switch.unlink(missing_ok=True)
            else:
                private_folder(self.folder)
                private_file(self._switch)
        except OSError as error:
            raise CacheError(
                _("{file} cannot be changed: {why}.", file=self._switch, why=reason(error))
            ) from error

    def clear(self) -> None:
        """Remove all that is kept; CacheError if that cannot be."""
        try:
            NumberStore(self.folder).clear()
        except OSError as error:
            raise CacheError(
                _("{folder} cannot be cleared: {why}.", folder=self.folder, why=reason(error))
            ) from error
        with contextlib.suppress(OSError):  # it is not empty: it is switched off
            self.folder.rmdir()

    def problem(self) -> str:
        """Why nothing more can be kept, as a sentence; empty if it can."""
        try:
            private_folder(self.folder)
            trial = self.folder / f"trial.{os.getpid()}"
            trial.write_bytes(b"tokviz")
            trial.unlink()
        except OSError as error:
            return _("Nothing can be kept in {folder}: {why}.", folder=self.folder, why=reason(error))
        return ""
