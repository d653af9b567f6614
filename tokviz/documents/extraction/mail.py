"""E-mail (.eml): who wrote whom about what, the message, and what is attached by name."""

import email
import email.policy
from email.message import EmailMessage

from tokviz.documents.extraction import markup
from tokviz.documents.extraction.output import FORMAT, DocumentError, Output, Units, damaged
from tokviz.language import _
from tokviz.language import number as in_signs

_HEADERS = ("From", "To", "Cc", "Date", "Subject")  # verbatim
_MOST_PARTS = 1_000


def extract(data: bytes, output: Output) -> Units:
    """A message and those that are forwarded in it."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        _write(message, output)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise damaged() from error
    return Units(0)


def _write(message: EmailMessage, output: Output) -> None:
    for header in _HEADERS:
        if value := message.get(header):
            output.block(f"{header}: {value}", "header")
    body = message.get_body(("plain", "html"))
    if body is not None:
        text = body.get_content()
        if body.get_content_subtype() == "html":
            markup.write(text, output)
        else:
            output.block(text.replace("\r\n", "\n"))
    for number, part in enumerate(message.iter_attachments()):
        if number >= _MOST_PARTS:
            raise DocumentError(
                _(
                    "the {format} has more than {number} attachments",
                    format=FORMAT,
                    number=in_signs(_MOST_PARTS),
                )
            )
        name = part.get_filename() or part.get_content_type()
        output.block(f"Attachment: {name}", "attachment")  # verbatim
        if part.get_content_type() == "message/rfc822":
            _write(part.get_content(), output)
