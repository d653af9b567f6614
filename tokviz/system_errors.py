"""What the system says of a failure, in the language of whoever reads: to Python it says all in English."""

import errno

from tokviz.language import N_, _, gettext

_WORDS = {
    errno.EACCES: N_("permission denied"),
    errno.EBUSY: N_("device or resource busy"),
    errno.ECONNREFUSED: N_("connection refused"),
    errno.EDQUOT: N_("disk quota exceeded"),
    errno.EEXIST: N_("file exists"),
    errno.EFBIG: N_("file too large"),
    errno.EINVAL: N_("invalid argument"),
    errno.EIO: N_("input/output error"),
    errno.EISDIR: N_("is a directory"),
    errno.ELOOP: N_("too many levels of symbolic links"),
    errno.EMFILE: N_("too many open files"),
    errno.ENAMETOOLONG: N_("file name too long"),
    errno.ENFILE: N_("too many open files in system"),
    errno.ENODEV: N_("no such device"),
    errno.ENOENT: N_("no such file or directory"),
    errno.ENOMEM: N_("cannot allocate memory"),
    errno.ENOSPC: N_("no space left on device"),
    errno.ENOTDIR: N_("not a directory"),
    errno.ENOTEMPTY: N_("directory not empty"),
    errno.ENXIO: N_("no such device or address"),
    errno.EPERM: N_("operation not permitted"),
    errno.EPIPE: N_("broken pipe"),
    errno.EROFS: N_("read-only file system"),
    errno.ESTALE: N_("stale file handle"),
    errno.ETXTBSY: N_("text file busy"),
    errno.EXDEV: N_("invalid cross-device link"),
}
"""Those that files and sockets fail with; any other stays English."""


def reason(error: OSError) -> str:
    """As it stands inside a sentence: “permission denied”."""
    return _translated(error) or _said(error).lower()


def words(error: OSError) -> str:
    """As the system says it: “Permission denied”."""
    return _translated(error) or _said(error)


def cannot_be_read(name: str, error: OSError) -> str:
    """“chat.json cannot be read: permission denied.”"""
    return _("{file} cannot be read: {reason}.", file=name, reason=reason(error))


def _said(error: OSError) -> str:
    return error.strerror or str(error)


def _translated(error: OSError) -> str:
    """Empty in English, and where nothing is known for it."""
    english = _WORDS.get(error.errno or 0, "")
    found = gettext(english) if english else ""
    return found if found != english else ""
