"""Setting up and serving."""

from dataclasses import replace

import click

from app import certificate
from app.commands.office import Office, pass_office, say, warn
from app.services import granting
from app.services.books import migrate_books


@click.command()
@pass_office
def init(office: Office) -> None:
    """Make the instance folder and the database; harmless when they are there."""
    before, after = migrate_books(office.settings.database_url)
    say("The database is ready." if before == after else f"The database was made, revision {after}.")


@click.command()
@pass_office
def migrate(office: Office) -> None:
    """Bring the database to the newest revision, all or nothing."""
    before, after = migrate_books(office.settings.database_url)
    say(f"The database is of revision {after}." if before == after else f"The database went from {before} to {after}.")


@click.command()
@click.argument("role")
@pass_office
def grant(office: Office, role: str) -> None:
    """Give ROLE of PostgreSQL what the service needs and nothing beyond; run it as the owner of the database."""
    granting.grant_role(office.books, role=role)
    say(f"{role} may read, and add facts; it can change none. Name it in the service's HOURNOTE_DATABASE_URL.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), help="Processes (HOURNOTE_WORKERS unless said).")
@click.option(
    "--all", "with_press", is_flag=True, help="With the press beside it, which makes what is ordered in the browser."
)
@click.option("--check-port", is_flag=True, help="Only say whether the port can be had.")
@click.option("--https", is_flag=True, help="With a self-signed certificate, for phones on the local network.")
@pass_office
def serve(
    office: Office, host: str, port: int, workers: int | None, with_press: bool, check_port: bool, https: bool
) -> None:  # fmt: skip
    """Serve the pages and the JSON interface."""
    from app import serving

    if check_port:
        serving.check_port(host, port)
        return
    settings = replace(office.settings, workers=workers) if workers else office.settings
    if host not in ("127.0.0.1", "localhost", "::1") and not https and settings.public_url.startswith("http:"):
        warn("Nobody can sign in over plain HTTP from another machine: use --https, or a proxy that ends TLS.")
    files = certificate.self_signed(settings.instance / "tls", office.now) if https else None
    scheme = "https" if https else "http"
    addresses = [host] if host != "0.0.0.0" else ["127.0.0.1", *certificate.local_addresses()]  # noqa: S104

    def announce() -> None:
        for address in addresses:
            say(f"Serving on {scheme}://{address}:{port} - stop with Ctrl-C.")

    serving.serve(settings, host, port, announce, files, with_press=with_press)
