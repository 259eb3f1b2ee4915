"""Every adapter, by the channel and the shop it is for."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.channels.accounts import Account, Accounts
from gateway.channels.adapter import Adapter
from gateway.channels.email import Email
from gateway.channels.messenger import Messenger
from gateway.channels.slack import Slack
from gateway.channels.telegram import Telegram
from gateway.channels.twilio import Twilio
from gateway.secret import key_for
from order_store.codes import Channel

Adapters = Mapping[tuple[Channel, str], Adapter]


def adapters(accounts: Accounts, secret: bytes) -> Adapters:
    """One adapter for each account; nothing is connected to yet."""
    return {place: _adapter(account, secret) for place, account in accounts.items()}


def _adapter(account: Account, secret: bytes) -> Adapter:
    match account.channel:
        case "telegram":
            return Telegram(account)
        case "slack":
            return Slack(account)
        case "messenger":
            return Messenger(account)
        case "whatsapp" | "sms":
            return Twilio(account)
        case "email":
            return mail_reader(account, secret)


def mail_reader(account: Account, secret: bytes) -> Email:
    """The adapter of an e-mail account, which also reads what is fetched from its mailbox."""
    return Email(account, key_for("e-mail threads", secret))
