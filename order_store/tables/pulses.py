"""Which parts of the system are alive, as they say themselves."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from order_store.tables.base import Base


class Pulse(Base):
    """When `part` last said that it is at work: by the machine's clock, not the business's."""

    __tablename__ = "pulses"

    part: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]
