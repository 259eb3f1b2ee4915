"""One storm from beginning to end: a store, a mail server, the system, its customers and its killer."""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from order_store import Database, read_shops, save_shops
from tests.chaos.checking import second_copies, violations
from tests.chaos.house import House
from tests.chaos.killing import Kill, Killer
from tests.chaos.outcome import Outcome
from tests.chaos.post_office import SlowMailServer
from tests.chaos.storm import Storm, rage
from tests.running import SHOPS

CUSTOMERS = 4


def storm_over(
    database: Database,
    folder: Path,
    victims: Sequence[str],
    seed: int,
    *,
    customers: int = CUSTOMERS,
    server_folder: Path | None = None,
    told: Callable[[Kill], None] = lambda kill: None,
) -> Outcome:
    """Kills `victims` in their order while customers talk to the system over `database`, a migrated empty store.

    The system writes below `folder`; `server_folder` is that of the PostgreSQL server, where there is one; `told`
    hears of every kill.
    """
    rng = random.Random(seed)
    with database.write() as session:
        save_shops(session, read_shops(SHOPS))
    with SlowMailServer(random.Random(rng.random())).listening() as office:
        house = House(
            folder,
            database,
            AFTERCARE_SMTP_URL=f"smtp://127.0.0.1:{office.port}?tls=none",
            # A dead worker's letter is free again after this and fifteen seconds.
            AFTERCARE_SMTP_SECONDS="5",
            AFTERCARE_MAIL_FROM="service@example.com",
        )
        storm = Storm(house.url, database, random.Random(rng.random()), customers)
        killer = Killer(house, victims, random.Random(rng.random()), server_folder, told)
        faults = []
        began = time.monotonic()
        try:
            house.start()
            began = time.monotonic()
            rage(house, storm, killer)
        except RuntimeError as fault:
            faults.append(str(fault))
        finally:
            house.stop()
        found = [*faults, *storm.faults, *violations(database, storm.talks, office.taken)]
        return Outcome(
            killer.kills, storm.talks, office.taken, second_copies(office.taken), found, time.monotonic() - began
        )
