"""Shops: who sells, under which programmes, where and when they can be reached."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from order_store.codes import APPROVALS, Approval
from order_store.tables.base import Base, JsonObject, one_of


class Shop(Base):
    """One shop's settings, as its `shops.yml` tells them.

    `programmes` in the shop's own order; `parameters` overrides by parameter name; `timezone` an IANA
    name; `country` ISO 3166 alpha-2; `contact` {"email", "phone", "name"}, any of them null;
    `service_center` address lines; `opening_hours` {"mon": ["09:00", "17:00"], ...} in the shop's zone, a
    day left out is closed; `token_secret_name` the NAME of the environment variable that holds the secret
    of the shop's customer tokens; `privacy_answer_days` how many calendar days a privacy request may take
    (BP-8); `order_numbers` how its order numbers look, # for a digit and @ for a letter.
    """

    __tablename__ = "shops"
    __table_args__ = (
        one_of("approval", APPROVALS),
        CheckConstraint("privacy_answer_days > 0", name="privacy_answer_days"),
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str]
    programmes: Mapped[list[str]]
    parameters: Mapped[JsonObject]
    timezone: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(2))
    languages: Mapped[list[str]]
    contact: Mapped[JsonObject]
    service_center: Mapped[list[str]]
    opening_hours: Mapped[JsonObject]
    allowed_origins: Mapped[list[str]]
    approval: Mapped[Approval] = mapped_column(String(16))
    token_secret_name: Mapped[str | None] = mapped_column(String(64))
    privacy_answer_days: Mapped[int] = mapped_column(default=30)
    order_numbers: Mapped[list[str]] = mapped_column(default=list)
