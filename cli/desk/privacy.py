"""`aftercare privacy`: access to, correction and erasure of a customer's own data (BP-8)."""

import json
import secrets
from pathlib import Path
from typing import Annotated

import typer

from casework import privacy
from casework.acting import DeskError
from casework.personal_data import personal_data
from order_store import PrivacyRequest, find_shop
from order_store.states import PRIVACY_KINDS

from .at_desk import NOBODY_NAMED, By, InShop, Why, at_desk, code, looking, the
from .dialogues import forget_dialogues
from .showing import say, say_state, show_facts, show_history, show_rows

app = typer.Typer(help="What customers ask of their own data.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The request's number (PRV-…), however it is written.")]


@app.command("list")
def list_requests(shop: InShop = None) -> None:
    """The requests that are not closed, the most urgent first; one that is overdue is marked."""
    with looking() as acting:
        show_rows(
            "Privacy requests",
            ("number", "shop", "asks for", "course", "answer by"),
            (
                (
                    *(request.number, request.shop_key, request.kind, request.course),
                    f"{request.due_on}{' OVERDUE' if request.due_on < acting.today(request.shop) else ''}",
                )
                for request in privacy.unanswered(acting.session, shop)
            ),
            "No privacy request is open.",
        )


@app.command()
def show(number: Number) -> None:
    """One request, with where its answer goes."""
    with looking() as acting:
        request = the(acting, PrivacyRequest, number)
        show_facts(
            request.number,
            (
                ("shop", request.shop.name),
                ("asks for", request.kind),
                ("to correct", request.wish),
                ("answer to", request.contact),
                ("answer by", request.due_on),
                ("whose data", request.customer.email if request.customer is not None else None),
            ),
        )
        say_state(request)
        show_history(acting, request, request.shop)


@app.command()
def receive(
    shop: Annotated[str, typer.Argument(help="The shop's key.")],
    kind: Annotated[str, typer.Argument(help="What is asked for: access, correction or erasure.")],
    contact: Annotated[str | None, typer.Option(help="Where the answer goes.")] = None,
    by: By = NOBODY_NAMED,
) -> None:
    """Take down a request that came by letter or e-mail."""
    with at_desk(by) as acting:
        asked = next((each for each in PRIVACY_KINDS if each == kind), None)
        if asked is None:
            raise DeskError(f"{kind!r}: a request asks for {', '.join(PRIVACY_KINDS)}")
        try:
            found = find_shop(acting.session, shop)
        except LookupError as error:
            raise DeskError(str(error)) from None
        request = privacy.receive(acting, found, asked, secrets.token_hex(16), contact=contact)
    say_state(request)
    say(f"answer by {request.due_on}")


@app.command()
def verify(
    number: Number,
    email: Annotated[str, typer.Argument(help="The customer's e-mail address as the shop has it.")],
    by: By = NOBODY_NAMED,
) -> None:
    """The request is this customer's own."""
    with at_desk(by) as acting:
        request = the(acting, PrivacyRequest, number)
        privacy.verify(acting, request, email)
    say_state(request)


@app.command()
def data(
    number: Number,
    file: Annotated[Path, typer.Argument(help="Where to write it, as JSON; it must not exist yet.")],
) -> None:
    """Write down all that is stored of the request's customer, for the written answer."""
    with looking() as acting:
        request = the(acting, PrivacyRequest, number)
        if request.customer is None:
            raise DeskError(f"{request.number}: verify first whose data it is")
        document = json.dumps(personal_data(acting.session, request.customer), ensure_ascii=False, indent=2)
        try:
            with file.open("x", encoding="utf-8") as output:
                file.chmod(0o600)
                output.write(f"{document}\n")
        except OSError as error:
            raise DeskError(f"{file}: cannot be written ({error.strerror})") from None
    say(f"{file} holds all that is stored of the customer; keep it to yourself and them")


@app.command()
def answer(number: Number, why: Why = "answered_in_writing", by: By = NOBODY_NAMED) -> None:
    """The answer has gone out in writing; the request is closed."""
    with at_desk(by) as acting:
        request = the(acting, PrivacyRequest, number)
        privacy.answer(acting, request, code(why, "--why"))
    say_state(request)


@app.command()
def refuse(
    number: Number,
    reason: Annotated[str, typer.Option("--reason", help="Why, as a code.")],
    by: By = NOBODY_NAMED,
) -> None:
    """The request is not met, and the person has been told so in writing."""
    with at_desk(by) as acting:
        request = the(acting, PrivacyRequest, number)
        privacy.refuse(acting, request, code(reason, "--reason"))
    say_state(request)


@app.command()
def erase(
    number: Number,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    by: By = NOBODY_NAMED,
) -> None:
    """Empty everything stored of the request's customer, for good; orders and cases stay without them."""
    if not yes:
        typer.confirm(f"Erase all personal data of the customer of {number}? It cannot be undone", abort=True)
    with at_desk(by) as acting:
        request = the(acting, PrivacyRequest, number)
        conversations = privacy.erase(acting, request)
        forget_dialogues(conversations)
    say_state(request)
    say(f"erased; conversations emptied: {len(conversations)}")
