"""One template, rendered as text and as HTML."""

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

import order_store

from .attachments import Attachment, attached
from .contents import content_of, one_line

TEMPLATES = Path(__file__).parent
LANGUAGE = "en"
_BLANK_LINES = re.compile(r"\n{3,}")
TEXT_WIDTH = 72


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as it is read. `subject` is one line; `html` loads nothing from anywhere."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


def render(session: Session, letter: order_store.Letter, public_url: str | None) -> Rendered:
    """The letter in words. `session` may only read; `public_url` is where the chat is found, if anybody said.

    Raises LookupError (NoResultFound of SQLAlchemy for a row) when what the letter is about is not there any more.
    """
    content = content_of(session, letter, public_url)
    template = f"{LANGUAGE}/{letter.kind}.jinja"
    text = _environment("txt").get_template(template)
    subject = "".join(text.blocks["subject"](text.new_context(content)))
    return Rendered(
        subject=one_line(subject),
        text=_BLANK_LINES.sub("\n\n", text.render(content)).strip() + "\n",
        html=_environment("html").get_template(template).render(content),
        attachments=attached(session, letter),
    )


def in_few_words(session: Session, letter: order_store.Letter) -> tuple[str, str]:
    """The letter's subject and what it says, for a messenger: no greeting, no lines broken to a width, no papers.

    Raises LookupError as `render` does.
    """
    content = content_of(session, letter, None)
    template = _environment("txt").get_template(f"{LANGUAGE}/{letter.kind}.jinja")
    subject, body = ("".join(template.blocks[name](template.new_context(content))) for name in ("subject", "body"))
    return one_line(subject), _unbroken(body)


def _unbroken(text: str) -> str:
    """Paragraphs in one line each; lists and indented lines stay as they are."""
    paragraphs = [each.strip("\n") for each in re.split(r"\n{2,}", text) if each.strip()]
    return "\n".join(each if each.startswith((" ", "- ")) else " ".join(each.split()) for each in paragraphs)


@cache
def _environment(form: str) -> Environment:
    """Templates rendered as `form`, txt or html; a value that nobody gave is an error, never a blank."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=form == "html",  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"flow": _flow, "point": _point}
    environment.globals["layout"] = f"{LANGUAGE}/layout.{form}"
    environment.globals["parts"] = environment.get_template(f"{LANGUAGE}/parts.{form}").module
    return environment


def _flow(text: str) -> str:
    """A paragraph of plain text; a link stays in one piece."""
    return textwrap.fill(text, TEXT_WIDTH, break_long_words=False, break_on_hyphens=False)


def _point(text: str) -> str:
    return textwrap.fill(
        text,
        TEXT_WIDTH,
        initial_indent="- ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
