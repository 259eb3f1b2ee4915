"""Letters as customers read them: subject, text, HTML and attachments, from a row of the outbox.

A letter's sentences stand in one template per kind (`en/<kind>.jinja`), written once and rendered twice: with
`layout.txt` and `parts.txt` as plain text, with `layout.html` and `parts.html` as HTML.
"""

from .attachments import Attachment
from .obsolete import obsolete
from .rendering import Rendered, in_few_words, render

__all__ = ["Attachment", "Rendered", "in_few_words", "obsolete", "render"]
