"""Which shop is reached by which channel, and with what: all of it from the environment, tokens above all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.settings import SettingsError
from order_store.codes import CHANNELS, Channel


@dataclass(frozen=True)
class Wanted:
    """One variable of a channel: its short name here, its name in the environment, and what to write there."""

    name: str
    variable: str
    what: str
    needed: bool = True
    unless: str | None = None
    """Not needed where the one of this name is set."""


SHOPS: Final[Mapping[Channel, str]] = {
    "telegram": "AFTERCARE_TELEGRAM_SHOP",
    "slack": "AFTERCARE_SLACK_SHOP",
    "messenger": "AFTERCARE_MESSENGER_SHOP",
    "whatsapp": "AFTERCARE_WHATSAPP_SHOP",
    "sms": "AFTERCARE_SMS_SHOP",
    "email": "AFTERCARE_EMAIL_SHOP",
}
"""A channel is on where its variable names a shop by its key, or several with commas between them."""

APIS: Final[Mapping[Channel, tuple[str, str]]] = {
    "telegram": ("AFTERCARE_TELEGRAM_API", "https://api.telegram.org"),
    "slack": ("AFTERCARE_SLACK_API", "https://slack.com/api"),
    "messenger": ("AFTERCARE_MESSENGER_API", "https://graph.facebook.com/v24.0"),
    "whatsapp": ("AFTERCARE_WHATSAPP_API", "https://api.twilio.com"),
    "sms": ("AFTERCARE_SMS_API", "https://api.twilio.com"),
    "email": ("", ""),
}
"""Where the provider is called; another address is for a server of one's own, or for tests."""

QUICK_REPLIES: Final = (1, 2, 3)
"""How many a WhatsApp message may have that nobody has approved, as an answer to the customer."""

WANTED: Final[Mapping[Channel, tuple[Wanted, ...]]] = {
    "telegram": (
        Wanted("token", "AFTERCARE_TELEGRAM_TOKEN", "the bot's token, from @BotFather"),
        Wanted("secret", "AFTERCARE_TELEGRAM_SECRET", "the secret_token told to setWebhook"),
        Wanted("username", "AFTERCARE_TELEGRAM_USERNAME", "the bot's name, for links to it", needed=False),
    ),
    "slack": (
        Wanted("token", "AFTERCARE_SLACK_TOKEN", "the bot user's OAuth token, xoxb-…"),
        Wanted("signing_secret", "AFTERCARE_SLACK_SIGNING_SECRET", "the app's signing secret"),
    ),
    "messenger": (
        Wanted("token", "AFTERCARE_MESSENGER_TOKEN", "the page's access token"),
        Wanted("app_secret", "AFTERCARE_MESSENGER_APP_SECRET", "the app's secret"),
        Wanted("verify_token", "AFTERCARE_MESSENGER_VERIFY_TOKEN", "what you tell Meta as the verify token"),
        Wanted("username", "AFTERCARE_MESSENGER_USERNAME", "the page's name, for links to it", needed=False),
    ),
    "whatsapp": (
        Wanted("account_sid", "AFTERCARE_WHATSAPP_ACCOUNT_SID", "Twilio's account SID, AC…"),
        Wanted("auth_token", "AFTERCARE_WHATSAPP_AUTH_TOKEN", "Twilio's auth token"),
        Wanted("number", "AFTERCARE_WHATSAPP_NUMBER", "the sender's number, with + and country code"),
        Wanted("template", "AFTERCARE_WHATSAPP_TEMPLATE", "the SID of an approved template, HX…", needed=False),
        *(
            Wanted(
                f"buttons_{count}",
                f"AFTERCARE_WHATSAPP_BUTTONS_{count}",
                f"the SID of a twilio/quick-reply of {count}, HX…",
                needed=False,
            )
            for count in QUICK_REPLIES
        ),
    ),
    "sms": (
        Wanted("account_sid", "AFTERCARE_SMS_ACCOUNT_SID", "Twilio's account SID, AC…"),
        Wanted("auth_token", "AFTERCARE_SMS_AUTH_TOKEN", "Twilio's auth token"),
        Wanted("number", "AFTERCARE_SMS_NUMBER", "the number texts come from, with + and country code"),
    ),
    "email": (
        Wanted("address", "AFTERCARE_EMAIL_ADDRESS", "the address customers write to"),
        Wanted("imap_url", "AFTERCARE_EMAIL_IMAP_URL", "the mailbox mail is fetched from", needed=False),
        Wanted(
            "signing_key",
            "AFTERCARE_EMAIL_SIGNING_KEY",
            "Mailgun's HTTP webhook signing key; or set AFTERCARE_EMAIL_IMAP_URL",
            unless="imap_url",
        ),
    ),
}
_SIGNED_BY_ADDRESS: Final = frozenset({"whatsapp", "sms"})


@dataclass(frozen=True)
class Account:
    """One channel of one shop (its key); `values` by the short names of `WANTED`, those not set left out."""

    channel: Channel
    shop: str
    values: Mapping[str, str] = field(repr=False)
    api: str

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def get(self, name: str) -> str | None:
        return self.values.get(name)


@dataclass(frozen=True)
class Lack:
    """What keeps a channel of a shop from working: a variable, and what to write there."""

    channel: Channel
    shop: str
    variable: str
    what: str


Accounts = Mapping[tuple[Channel, str], Account]


def read_accounts(variables: Mapping[str, str]) -> Accounts:
    """The channels that are switched on. Raises SettingsError where one of them lacks something."""
    for lack in lacking(variables):
        where = f"{lack.channel} is switched on for {lack.shop}"
        raise SettingsError(f"{lack.variable} is missing: {lack.what} ({where} by {SHOPS[lack.channel]})")
    return {(channel, shop): _account(channel, shop, variables) for channel, shop in switched_on(variables)}


def lacking(variables: Mapping[str, str]) -> list[Lack]:
    """Everything that is still to be set for the channels that are switched on."""
    found = []
    for channel, shop in switched_on(variables):
        for wanted in WANTED[channel]:
            variable = _named(wanted.variable, channel, shop, variables)
            instead = next((each.variable for each in WANTED[channel] if each.name == wanted.unless), None)
            if instead is not None and variables.get(_named(instead, channel, shop, variables)):
                continue
            if wanted.needed and not variables.get(variable):
                found.append(Lack(channel, shop, variable, wanted.what))
        if channel in _SIGNED_BY_ADDRESS and not variables.get("AFTERCARE_PUBLIC_URL"):
            what = "the address the provider calls is part of what it signs"
            found.append(Lack(channel, shop, "AFTERCARE_PUBLIC_URL", what))
    return found


def switched_on(variables: Mapping[str, str]) -> list[tuple[Channel, str]]:
    """The channels and the shops (their keys) they are switched on for, complete or not."""
    return [(channel, shop) for channel in CHANNELS for shop in _shops(channel, variables)]


def _shops(channel: Channel, variables: Mapping[str, str]) -> list[str]:
    return [shop.strip() for shop in variables.get(SHOPS[channel], "").split(",") if shop.strip()]


def _named(variable: str, channel: Channel, shop: str, variables: Mapping[str, str]) -> str:
    """Where a channel serves several shops, each has variables of its own, its key at their end."""
    if len(_shops(channel, variables)) < 2:
        return variable
    return f"{variable}_{re.sub(r'[^A-Z0-9]', '_', shop.upper())}"


def _account(channel: Channel, shop: str, variables: Mapping[str, str]) -> Account:
    told = {each.name: variables.get(_named(each.variable, channel, shop, variables)) for each in WANTED[channel]}
    variable, usual = APIS[channel]
    api = (variables.get(variable) or usual).rstrip("/")
    return Account(channel, shop, {name: value for name, value in told.items() if value}, api)
