"""A context as a chat template writes it, in tokens: exact, framing and all."""

import numpy as np

from tokviz.analysis.conversation.contexts import Context
from tokviz.conversations.chat_template import ChatTemplate
from tokviz.conversations.framing import Framed, Piece
from tokviz.tokenization.tokenizer import Tokenizer


def frame_by_template(context: Context, template: ChatTemplate, tokenizer: Tokenizer) -> Framed:
    """``tokenizer`` parses special tokens. A token counts for the part in which it begins.

    TemplateRefusedError if the template does not take these messages.
    """
    rendered = template.render(context.conversation, context.start, context.end)
    ends = tokenizer.encode(rendered.text.encode(errors="replace")).ends
    starts = np.concatenate((np.zeros(1, ends.dtype), ends[:-1])) if len(ends) else ends
    pieces = []
    at = offset = 0
    for span in rendered.spans:
        offset += len(rendered.text[span.start : span.end].encode(errors="replace"))
        until = int(np.searchsorted(starts, offset))
        pieces.append(Piece(span.kind, until - at, span.message, span.name, span.file))
        at = until
    number = len(ends)
    return Framed(f"template of {template.of}", tuple(pieces), number, number, number, rendered.left_out)
