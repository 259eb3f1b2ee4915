"""`aftercare channels`: whether the messengers, text messages and e-mail that are switched on can work."""

import os
from collections.abc import Mapping
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from gateway.channels.accounts import SHOPS, Account, Lack, lacking, read_accounts, switched_on
from gateway.settings import SettingsError
from order_store import Shop, StoreUnavailable
from order_store.codes import CHANNELS

from .importing import opened_store

LACKING = 1

app = typer.Typer(help="Messengers, text messages and e-mail: what is switched on.", no_args_is_help=True)


@app.callback()
def channels() -> None:
    """A group with one command today."""


@app.command("check")
def check(
    ask: Annotated[bool, typer.Option("--ask", help="Also ask each provider whether it knows the token.")] = False,
) -> None:
    """Say of every channel whether it is on, for which shop, where its provider delivers to, and what is missing.

    Ends with 1 where something is missing, 0 else. Nothing is sent to anybody.
    """
    output = Console()
    lacks = [*lacking(os.environ), *_unknown_shops(os.environ)]
    output.print(_table(os.environ, lacks))
    for lack in lacks:
        output.print(f"{lack.channel} ({lack.shop}): {lack.variable} is missing: {lack.what}", markup=False)
    refused = _asked(os.environ, output) if ask and not lacks else False
    if lacks or refused:
        raise typer.Exit(LACKING)


def _table(variables: Mapping[str, str], lacks: list[Lack]) -> Table:
    table = Table("channel", "shop", "state", "its provider delivers to", title="Channels", title_justify="left")
    public = variables.get("AFTERCARE_PUBLIC_URL", "").rstrip("/") or "https://…"
    on = switched_on(variables)
    for channel in CHANNELS:
        shops = [shop for each, shop in on if each == channel]
        if not shops:
            table.add_row(channel, "", "off", f"set {SHOPS[channel]} to switch it on")
        for shop in shops:
            short = any((lack.channel, lack.shop) == (channel, shop) for lack in lacks)
            query = [f"shop={shop}"] * (len(shops) > 1) + ["as=mime"] * (channel == "email")
            address = f"{public}/channels/{channel}" + ("?" + "&".join(query) if query else "")
            table.add_row(channel, shop, "lacks something" if short else "ready", address)
    return table


def _unknown_shops(variables: Mapping[str, str]) -> list[Lack]:
    on = switched_on(variables)
    if not on:
        return []
    try:
        with opened_store() as database, database.read() as session:
            known = set(session.scalars(select(Shop.key)))
    except StoreUnavailable as error:
        raise typer.BadParameter(str(error)) from None
    what = "the store has no shop of this key; load it with: aftercare shops FILE"
    return [Lack(channel, shop, SHOPS[channel], what) for channel, shop in on if shop not in known]


def _asked(variables: Mapping[str, str], output: Console) -> bool:
    """Whether a provider does not know what it was shown."""
    refused = False
    try:
        accounts = read_accounts(variables)
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from None
    with httpx.Client(timeout=20) as http:
        for (channel, shop), account in accounts.items():
            if not account.api:
                continue
            known = _knows(http, account)
            refused |= not known
            output.print(f"{channel} ({shop}): {'its token is known' if known else 'the provider refuses its token'}")
    return refused


def _knows(http: httpx.Client, account: Account) -> bool:
    try:
        match account.channel:
            case "telegram":
                return http.get(f"{account.api}/bot{account['token']}/getMe").status_code == 200
            case "slack":
                proof = {"Authorization": f"Bearer {account['token']}"}
                return http.post(f"{account.api}/auth.test", headers=proof).json().get("ok") is True
            case "messenger":
                proof = {"Authorization": f"Bearer {account['token']}"}
                return http.get(f"{account.api}/me", headers=proof).status_code == 200
            case _:
                sid = account["account_sid"]
                url = f"{account.api}/2010-04-01/Accounts/{sid}.json"
                return http.get(url, auth=(sid, account["auth_token"])).status_code == 200
    except (httpx.HTTPError, ValueError):
        return False
