"""`aftercare rma pictures`: what a customer sent to show, for whoever inspects or decides."""

import os
from pathlib import Path
from typing import Annotated

import typer

from casework.acting import Acting, DeskError, NotPossibleError
from casework.picture_files import PictureFolder
from order_store import Dispute, Rma, Ticket, find_numbered, pictures_of

from .at_desk import looking
from .showing import say


def save_pictures(
    number: Annotated[str, typer.Argument(help="The RMA's, dispute's or ticket's number, however it is written.")],
    folder: Annotated[Path, typer.Argument(help="Where to write them; it is made where there is none.")],
) -> None:
    """Write down the pictures the customer sent for a case, as they are kept: readable by you alone."""
    with looking() as acting:
        case = _case(acting, number)
        kept = PictureFolder.from_environment(os.environ)
        pictures = pictures_of(acting.session, case)
        try:
            found = [kept.read(picture.file, picture.sha256) for picture in pictures]
        except OSError as error:
            raise DeskError(f"{kept.path}: cannot be read ({error.strerror})") from None
        for place, data in enumerate(found, start=1):
            if data is not None:
                _write(folder, f"{case.number}-{place}.jpg", data)
        written, gone = sum(data is not None for data in found), found.count(None)
        if gone:
            raise NotPossibleError(f"{case.number}: pictures written: {written}; gone or changed since: {gone}")
    say(f"{case.number}: pictures written to {folder}: {written}")


def _case(acting: Acting, number: str) -> Rma | Dispute | Ticket:
    found = (
        find_numbered(acting.session, Rma, number)
        or find_numbered(acting.session, Dispute, number)
        or find_numbered(acting.session, Ticket, number)
    )
    if found is None:
        raise DeskError(f"there is no RMA, dispute or ticket of the number {number!r}: look for a slip in it")
    return found


def _write(folder: Path, name: str, data: bytes) -> None:
    file = folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            output.write(data)
    except OSError as error:
        raise DeskError(f"{file}: cannot be written ({error.strerror})") from None
