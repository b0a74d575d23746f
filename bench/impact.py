"""The impact pages over a national year: 13 programmes, 700 organisations, 600 venues, 12 months, in a tally of about
100,000 rows, waits beside it and 50,000 hand-outs. Prints a table; `python bench/impact.py > bench/results/impact.txt` keeps it.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.config import Settings
from app.factory import create_app
from app.services import accounts, books, directory, impact, impact_kept
from app.store import tables
from app.store.database import Store

PROGRAMMES, ORGANISATIONS, VENUES, TALLIES, WAITS, HAND_OUTS = 13, 700, 600, 100_000, 150_000, 50_000
ROUNDS = 5
PASSWORD = " ".join(["three", "plain", "words"])
MONTHS = [202600 + month for month in range(1, 13)]


def main() -> None:
    """Fill the books, ask for every page, and say how long each took."""
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(Path(folder))
        books.migrate_books(settings.database_url)
        store = books.open_books(settings.database_url)
        _fill(store)
        accounts.add_account(
            store, email="auditor@example.org", role="programme", now=datetime.now(UTC), password=PASSWORD,
            programme="PAA",
        )  # fmt: skip
        store.close()
        _ask(settings)


def _settings(folder: Path) -> Settings:
    return Settings(
        checkpoint_key=bytes(32), instance=folder, database_url=f"sqlite:///{folder / 'hournote.db'}",
        note_host="NOTES.EXAMPLE.ORG", designs=Path("designs"), secret_key="x" * 40, workers=1,
        public_url="http://127.0.0.1:8000",
    )  # fmt: skip


def _fill(store: Store) -> None:
    chance = random.Random(2026)  # noqa: S311 - a measurement, the same each time
    for place in range(PROGRAMMES):
        directory.add_programme(store, code=f"PA{chr(65 + place)}", name=f"Programme {place}")
        directory.set_series(store, series=f"PA{chr(65 + place)}26", expires_on=None)

    def work(connection: sa.Connection) -> None:
        connection.execute(tables.organisation.insert(), [
            {"id": each, "programme_id": each % PROGRAMMES + 1, "name": f"Organisation {each}"}
            for each in range(1, ORGANISATIONS + 1)])  # fmt: skip
        connection.execute(tables.venue.insert(), [
            {"id": each, "programme_id": each % PROGRAMMES + 1, "name": f"Venue {each}",
             "kind": "corporate" if each % 3 == 0 else "community", "organisation_id": each if each % 3 == 1 else None}
            for each in range(1, VENUES + 1)])  # fmt: skip
        connection.execute(tables.offer.insert(), [
            {"id": each, "venue_id": each, "name": "Swim", "price_hours": 1} for each in range(1, VENUES + 1)])  # fmt: skip
        _fill_summaries(connection, chance)

    store.write(work)


def _fill_summaries(connection: sa.Connection, chance: random.Random) -> None:
    tally: dict[tuple[int, ...], int] = {}
    wait: dict[tuple[int, ...], int] = {}
    while len(tally) < TALLIES:
        organisation = chance.randint(1, ORGANISATIONS)
        venue = min(int(chance.expovariate(1 / 120)) + 1, VENUES)
        month, notes = chance.choice(MONTHS), chance.randint(1, 9)
        key = (month, venue, organisation % PROGRAMMES + 1, organisation)
        tally[key] = tally.get(key, 0) + notes
        days = int(chance.expovariate(1 / 30))
        for _note in range(2):
            waited = (month, organisation, venue, days if days < 28 else days - days % 7)
            wait[waited] = wait.get(waited, 0) + 1
    connection.execute(tables.tally.insert(), [
        dict(zip(("month", "venue_id", "series_id", "organisation_id"), key, strict=True)) | {"redeemed": notes, "given_back": 0}
        for key, notes in tally.items()])  # fmt: skip
    connection.execute(tables.wait.insert(), [
        dict(zip(("month", "organisation_id", "offer_id", "days"), key, strict=True)) | {"redeemed": notes, "given_back": 0}
        for key, notes in wait.items()])  # fmt: skip
    connection.execute(tables.hand_out.insert(), [
        {"request_id": UUID(int=each + 1), "given_on": date(2026, chance.randint(1, 12), 15), "series_id": 1, "first": each * 10 + 1, "last": each * 10 + 10,
         "organisation_id": chance.randint(1, ORGANISATIONS), "activity": f"Activity {chance.randint(1, 60)}", "hours": 10,
         "people": chance.randint(1, 20), "actor": "bench", "at": datetime(2026, 12, 31, tzinfo=UTC)}
        for each in range(HAND_OUTS)])  # fmt: skip


def _ask(settings: Settings) -> None:
    app = create_app(settings)
    client = app.test_client()
    page = client.get("/account/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {"email": "auditor@example.org", "password": PASSWORD, "csrf_token": token}
    assert client.post("/account/sign-in", data=fields).status_code == 303
    _everywhere(app)
    print(
        "A tally of 100,000 rows, waits of 100,000, 50,000 hand-outs; SQLite; one process; milliseconds of processor, medians."
    )
    print(
        "Process: the first that a new process answers. Fact: the first after a new fact, whose month is read again. Again: the same."
    )
    print(f"{'page':<44}{'process':>10}{'fact':>10}{'again':>10}{'bytes':>10}")
    client.get(PAGES[0])
    for path in PAGES:
        figures = [_median(client, path, before) for before in (impact.forget, _one_new_fact, lambda: None)]
        size = len(client.get(path).data)
        print(f"{path.split('?')[0]:<44}" + "".join(f"{each:>10.0f}" for each in figures) + f"{size:>10}", flush=True)
    app.extensions["hournote_books"].close()
    sys.stdout.flush()


def _median(client: Any, path: str, before: Callable[[], None]) -> float:
    times = []
    for _round in range(ROUNDS):
        before()
        begin = time.process_time()
        answer = client.get(path)
        times.append((time.process_time() - begin) * 1000)
        assert answer.status_code == 200, (path, answer.status)
    return statistics.median(times)


def _one_new_fact() -> None:
    """Drop what a visit in the newest month makes a process drop."""
    impact._REPORTS.clear()
    for store, kept in list(impact_kept._MONTHS.items()):
        spent, waited = (
            {month: rows for month, rows in many.items() if month != MONTHS[-1]} for many in (kept.spent, kept.waited)
        )
        impact_kept._MONTHS[store] = impact_kept.Months(kept.size, spent, waited)


def _everywhere(app: object) -> None:
    """See the whole network, as the national office does, without its second factor."""
    from app.core import roles

    roles.MAY[roles.Role.PROGRAMME][roles.Deed.SEE_IMPACT] = roles.Scope.NETWORK


PERIOD = "?from=2026-01&to=2026-12"
PAGES = [
    f"/office/impact{view}{PERIOD}"
    for view in (
        "",
        "/organisations",
        "/venues",
        "/activities",
        "/waits",
        "/flows",
        "/organisations.csv",
        ".xlsx",
        ".pdf",
    )
]

if __name__ == "__main__":
    main()
