"""The `aftercare` command."""

from typing import Annotated

import typer

from .channels import app as channels
from .deciding import decide
from .desk.dispute import app as dispute
from .desk.privacy import app as privacy
from .desk.refund import app as refund
from .desk.repair import app as repair
from .desk.rma import app as rma
from .desk.stock import app as stock
from .desk.ticket import app as ticket
from .explaining import explain
from .importing import import_file, load_shops
from .mail import app as mail
from .policy import policy
from .vocabulary import write_vocabulary

app = typer.Typer(
    name="aftercare",
    help="After-sales support that computes every date, amount and right from the shop's written policy.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command("decide")(decide)
app.command("explain")(explain)
app.command("import")(import_file)
app.command("shops")(load_shops)
app.add_typer(channels, name="channels")
app.add_typer(dispute, name="dispute")
app.add_typer(mail, name="mail")
app.add_typer(policy, name="policy")
app.add_typer(privacy, name="privacy")
app.add_typer(refund, name="refund")
app.add_typer(repair, name="repair")
app.add_typer(rma, name="rma")
app.add_typer(stock, name="stock")
app.add_typer(ticket, name="ticket")
app.command("vocabulary")(write_vocabulary)


@app.command("migrate")
def migrate() -> None:
    """Bring the tables of the store up to date; nothing in it is lost."""
    from .store import show_current

    show_current()


@app.command("demo")
def demo() -> None:
    """Load the demo shops, or date them anew when the last load is older than a day; print what to try."""
    from .store import show_demo

    show_demo()


@app.command("serve")
def serve(
    only: Annotated[str | None, typer.Option(help="Run one part alone: web, rasa, actions or worker.")] = None,
) -> None:
    """Run the whole system until Ctrl-C, without setting anything up."""
    from .serve import serve as serve_parts

    raise typer.Exit(serve_parts(only))


def main() -> None:
    """Entry point of the console command."""
    app()
