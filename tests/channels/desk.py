"""The gateway with channels switched on, and the worker's end of them run by hand."""

import threading
import time
from datetime import UTC, datetime, timedelta

from order_store import Delivery, Dispatch, channels, dispatches
from tests.channels.people import PUBLIC
from worker.channel_threads import Channels
from worker.channels import Sending
from worker.delivering import Retrying
from worker.settings import Settings as WorkerSettings


class Desk:
    """The gateway and, run by hand, the worker: `settle()` lets everything that was delivered be answered and sent."""

    def __init__(self, start, environ, database, person, tmp_path):
        self.database = database
        self.variables = {**environ, "AFTERCARE_PUBLIC_URL": PUBLIC, **person.variables(tmp_path)}
        self.start = start
        self.gateway = start(self.variables)
        person.url = self.gateway.url
        self.skipped = timedelta()
        settings = WorkerSettings.from_environment(self.variables)
        self.channels = Channels.from_environment(self.variables, database)
        retrying = Retrying(tries=4, first=timedelta(seconds=1))
        self.sending = Sending(
            database,
            self.channels.adapters,
            self.channels.content,
            settings.mailbox(),
            self.machine,
            threading.Event(),
            retrying,
        )

    def machine(self):
        return datetime.now(UTC) + self.skipped

    def settle(self):
        """Waits until the gateway has taken all, then sends what is due."""
        deadline = time.monotonic() + 20
        while self._waiting():
            assert time.monotonic() < deadline, "the gateway did not take what was delivered"
            time.sleep(0.02)
        while self.sending.send_one():
            pass

    def _waiting(self):
        with self.database.read() as session:
            return channels.waiting_deliveries(session, datetime.max.replace(tzinfo=UTC)) or dispatches.untold(session)

    def rows(self, table=Delivery):
        with self.database.read() as session:
            return session.query(table).order_by(table.id).all()

    def states(self):
        return [each.state for each in self.rows(Dispatch)]
