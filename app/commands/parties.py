"""Programmes, organisations, venues, offers, series and desks."""

from datetime import date, datetime

import click

from app.commands.office import Office, json_option, pass_office, say, show_json, show_table
from app.core import opening_hours
from app.services import desks, directory, keepers, listing


@click.group()
def programme() -> None:
    """Local programmes."""


@programme.command("add")
@click.argument("code")
@click.argument("name")
@json_option
@pass_office
def add_programme(office: Office, code: str, name: str, as_json: bool) -> None:
    """Add a programme: CODE of three letters, and NAME."""
    made = directory.add_programme(office.books, code=code, name=name)
    _told(as_json, made.id, made.name, f"Programme {made.code}, {made.name}.", code=made.code)


@programme.command("limits")
@click.argument("programme")
@click.option("--order-alone", type=int, metavar="N", help="Notes that one person may order in 24 hours.")
@click.option("--void-alone", type=int, metavar="N", help="Notes that one person may void in 24 hours.")
@json_option
@pass_office
def limits(office: Office, /, programme: str, as_json: bool, **given: int | None) -> None:
    """Show or change what one person may do alone in PROGRAMME (its code); above that another confirms."""
    changes = {name: value for name, value in given.items() if value is not None}
    owner, kept = directory.set_limits(
        office.books, programme=programme, actor=office.actor, now=office.now, **changes
    )  # fmt: skip
    rules = {name: getattr(kept, name) for name in given}
    if as_json:
        show_json({"id": owner.id, "name": owner.name, "code": owner.code, **rules})
    else:
        show_table(
            [f"one person in {owner.name}, in 24 hours", "notes"],
            [[name.replace("_", " "), value] for name, value in rules.items()],
        )


@programme.command("contact")
@click.argument("programme")
@click.option("--name", metavar="NAME", help="Whom to ask: an office, no person.")
@click.option("--telephone", metavar="NUMBER")
@click.option("--email", metavar="EMAIL")
@click.option("--web", metavar="URL")
@click.option("--text", metavar="TEXT", help="What somebody should know who would join.")
@click.option("--welsh-name", "name_cy", metavar="NAME")
@click.option("--welsh-text", "text_cy", metavar="TEXT")
@json_option
@pass_office
def contact(office: Office, /, programme: str, as_json: bool, **given: str | None) -> None:
    """Show or change whom to ask that would join PROGRAMME (its code); an empty word takes away what was there."""
    said = {name: value for name, value in given.items() if value is not None}
    owner, kept = listing.set_contact(office.books, programme=programme, actor=office.actor, now=office.now, **said)
    _show_said(as_json, owner.id, owner.name, kept, ("name", *_REACHED))


@click.group()
def organisation() -> None:
    """Organisations, which earn: they give a note for each hour."""


@organisation.command("add")
@click.argument("programme")
@click.argument("name")
@click.option("--site-of", metavar="ORG", help="The organisation that this is a site of.")
@json_option
@pass_office
def add_organisation(office: Office, programme: str, name: str, site_of: str | None, as_json: bool) -> None:
    """Add the organisation NAME to PROGRAMME."""
    made = directory.add_organisation(office.books, programme=programme, name=name, site_of=site_of)
    _told(as_json, made.id, made.name, f"Organisation {made.id}, {made.name} ({made.programme}).")


@organisation.command("site")
@click.argument("organisation")
@click.option("--of", "head", metavar="ORG", help="The organisation that it is a site of; left out: of none.")
@json_option
@pass_office
def set_site(office: Office, organisation: str, head: str | None, as_json: bool) -> None:
    """Make ORGANISATION a site of another of its programme, for reports that count both as one."""
    made = directory.set_site(office.books, organisation=organisation, site_of=head, by=(office.actor, office.now))
    _told(as_json, made.id, made.name, f"{made.name} is {f'a site of {head}' if head else 'no site'}.")


@organisation.command("list")
@json_option
@pass_office
def list_organisations(office: Office, as_json: bool) -> None:
    """Every organisation with its id."""
    known = directory.organisations(office.books)
    if as_json:
        show_json([{"id": each.id, "name": each.name, "programme": each.programme} for each in known])
    else:
        show_table(["id", "programme", "organisation"], [[each.id, each.programme, each.name] for each in known])


@click.group()
def venue() -> None:
    """Venues, where notes are spent."""


@venue.command("add")
@click.argument("programme")
@click.argument("name")
@click.option("--kind", type=click.Choice(directory.KINDS), default="community", show_default=True)
@click.option("--organisation", metavar="ORG", help="The organisation that keeps the venue, if one does.")
@json_option
@pass_office
def add_venue(office: Office, programme: str, name: str, kind: str, organisation: str | None, as_json: bool) -> None:
    """Add the venue NAME to PROGRAMME."""
    made = directory.add_venue(
        office.books,
        programme=programme,
        name=name,
        kind=kind,
        organisation=organisation,
        by=(office.actor, office.now),
    )
    _told(as_json, made.id, made.name, f"Venue {made.id}, {made.name} ({made.programme}, {made.kind}).", kind=made.kind)


@venue.command("list")
@json_option
@pass_office
def list_venues(office: Office, as_json: bool) -> None:
    """Every venue with its id and offers."""
    known = directory.venues_with_offers(office.books)
    if as_json:
        show_json([{"id": place.id, "name": place.name, "kind": place.kind, "programme": place.programme,
                    "offers": [directory.terms_of(each) for each in offers]}
                   for place, offers in known])  # fmt: skip
        return
    rows: list[list[object]] = []
    for place, offers in known:
        told = ", ".join(f"{offer.name} ({offer.price_hours} h)" for offer in offers)
        rows.append([place.id, place.programme, place.name, place.kind, told])
    show_table(["id", "programme", "venue", "kind", "offers"], rows)


@venue.command("set")
@click.argument("venue")
@click.option("--town", metavar="TOWN", help="The town or village.")
@click.option("--address", metavar="TEXT", help="House and street.")
@click.option("--postcode", metavar="CODE")
@click.option("--at", metavar="LAT,LON", help="Where it is on the map, in degrees, like 50.2632,-5.0510.")
@click.option("--telephone", metavar="NUMBER", help="Of the venue, no person's own.")
@click.option("--email", metavar="EMAIL", help="Of the venue, no person's own.")
@click.option("--web", metavar="URL")
@click.option("--text", metavar="TEXT", help="A few sentences for the directory.")
@click.option("--welsh-name", "name_cy", metavar="NAME")
@click.option("--welsh-text", "text_cy", metavar="TEXT")
@click.option("--organisation", metavar="ORG", help="The organisation of its programme that keeps the venue.")
@json_option
@pass_office
def set_venue(office: Office, /, venue: str, organisation: str | None, as_json: bool, **given: str | None) -> None:
    """Show or change where VENUE is, who keeps it and how to reach it; an empty word takes away what was there."""
    said = {name: value for name, value in given.items() if value is not None}
    listing.read_place(said)  # before anything is written
    if organisation is not None:
        keepers.set_keeper(office.books, venue=venue, organisation=organisation, by=(office.actor, office.now))
    found, place = listing.set_place(office.books, venue=venue, actor=office.actor, now=office.now, **said)
    _show_said(as_json, found.id, found.name, place, ("town", "address", "postcode", "coordinates", *_REACHED))


@venue.command("policy")
@click.argument("venue")
@click.option("--keyed-per-day", type=int, help="Typed serials that each desk may redeem a day; 0: none.")
@click.option("--offline-notes", type=int, help="Notes that a desk may accept offline.")
@click.option("--offline-hours", type=int, help="Hours for which a desk may work offline.")
@click.option("--clear-seconds", type=int, help="Seconds for which an answer stays on the screen.")
@json_option
@pass_office
def policy(office: Office, /, venue: str, as_json: bool, **given: int | None) -> None:
    """Show or change what the desks of VENUE may do."""
    changes = {name: value for name, value in given.items() if value is not None}
    place = directory.set_policy(office.books, venue=venue, **changes)
    rules = {name: getattr(place, name) for name in given}
    if as_json:
        show_json({"id": place.id, "name": place.name, **rules})
    else:
        show_table(["policy of " + place.name, ""], [[name.replace("_", " "), value] for name, value in rules.items()])


@click.group()
def offer() -> None:
    """Offers: activities at a venue, priced in hours."""


@offer.command("add")
@click.argument("venue")
@click.argument("name")
@click.option("--hours", type=int, required=True, help="The price, in hours.")
@click.option("--days", metavar="DAYS", help="Days of the week: mon-fri, or mon,wed,sat. Left out: every day.")
@click.option("--from", "begins", metavar="HH:MM", help="Open from then on, on the clock of the venue.")
@click.option("--until", "ends", metavar="HH:MM", help="Open until then; earlier than --from: past midnight.")
@click.option("--most", "most_notes", type=int, metavar="N", help="Notes that one visit may bring.")
@click.option("--local-only", is_flag=True, help="Take notes of the venue's own programme alone.")
@click.option("--welsh-name", "name_cy", metavar="NAME")
@json_option
@pass_office
def add_offer(
    office: Office, venue: str, name: str, hours: int, days: str | None, begins: str | None, ends: str | None,
    most_notes: int | None, local_only: bool, name_cy: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Add the offer NAME at VENUE."""
    opening = opening_hours.parse(days, begins, ends)
    made = directory.add_offer(
        office.books, venue=venue, name=name, hours=hours, local_only=local_only, most_notes=most_notes, opening=opening,
        name_cy=name_cy, by=(office.actor, office.now),
    )  # fmt: skip
    if as_json:
        show_json(directory.terms_of(made))
    else:
        say(f"Offer {made.id}, {made.name}, {made.price_hours} h{_limits(made)}.")


@offer.command("list")
@json_option
@pass_office
def list_offers(office: Office, as_json: bool) -> None:
    """Every offer with its id and limits, closed ones too."""
    known = directory.offers(office.books)
    if as_json:
        show_json([{**directory.terms_of(each), "venue": place.name, "closed_at": each.closed_at}
                   for each, place in known])  # fmt: skip
        return
    rows: list[list[object]] = [
        [each.id, place.name, each.name, each.price_hours, _limits(each).removeprefix(", "),
         "closed" if each.closed_at else ""]
        for each, place in known
    ]  # fmt: skip
    show_table(["id", "venue", "offer", "hours", "limits", ""], rows)


@offer.command("close")
@click.argument("offer")
@json_option
@pass_office
def close_offer(office: Office, offer: str, as_json: bool) -> None:
    """Offer OFFER (its id or name) no more."""
    gone = directory.close_offer(office.books, offer=offer, now=office.now, actor=office.actor)
    if as_json:
        show_json({"id": gone.id, "name": gone.name, "closed_at": gone.closed_at})
    else:
        say(f"Offer {gone.id}, {gone.name}, is closed.")


def _limits(offer: directory.Offer) -> str:
    """The limits of an offer in words, each after a comma."""
    most = f"at most {offer.most_notes} notes a visit" if offer.most_notes else ""
    local = "local notes only" if offer.local_only else ""
    return "".join(f", {limit}" for limit in (str(offer.opening), most, local) if limit)


@click.group()
def series() -> None:
    """Series of notes."""


@series.command("set")
@click.argument("series")
@click.option("--expires", required=True, metavar="DATE", help="The last day of its notes, 2027-12-31; or 'never'.")
@json_option
@pass_office
def set_series(office: Office, series: str, expires: str, as_json: bool) -> None:
    """Give SERIES its last day."""
    made = directory.set_series(office.books, series=series, expires_on=_day(expires))
    last_day = made.expires_on.isoformat() if made.expires_on else None
    if as_json:
        show_json({"series": made.code, "expires_on": last_day})
    else:
        say(
            f"Notes of {made.code} are good until {last_day}."
            if last_day
            else f"Notes of {made.code} have no last day."
        )


@click.group()
def desk() -> None:
    """Desks: enrolled scanners and browsers at venues."""


@desk.command("add")
@click.argument("venue")
@click.argument("name")
@click.option("--check-only", is_flag=True, help="It may ask about notes, and neither spend nor give back.")
@json_option
@pass_office
def add_desk(office: Office, venue: str, name: str, check_only: bool, as_json: bool) -> None:
    """Add the desk NAME at VENUE; prints its key and a link to enrol it with."""
    made = desks.add_desk(
        office.books, venue=venue, name=name, now=office.now, check_only=check_only, actor=office.actor
    )
    link = f"{office.settings.public_url}/desk/enrol#{made.code}"
    if as_json:
        show_json({"desk": made.desk.id, "name": made.desk.name, "venue": made.venue.name,
                   "scope": made.desk.scope, "key": made.key, "enrolment_url": link})  # fmt: skip
        return
    say(f"Desk {made.desk.id}, {made.desk.name} at {made.venue.name}{', to check notes alone' if check_only else ''}.")
    say(f"Open this once, within {desks.CODE_LIFE.days} days, on the device: {link}")
    say(f"Or give a scanner this key, which is told only now: {made.key}")


@desk.command("list")
@json_option
@pass_office
def list_desks(office: Office, as_json: bool) -> None:
    """Every desk with its id, what its key is good for and when it was last seen."""
    known = desks.desks(office.books)
    if as_json:
        show_json([{"desk": each.id, "name": each.name, "venue": place, "scope": each.scope, "seen_at": each.seen_at,
                    "revoked_at": each.revoked_at} for each, place in known])  # fmt: skip
        return
    rows: list[list[object]] = [
        [each.id, place, each.name, each.scope, _moment(each.seen_at), "revoked" if each.revoked_at else ""]
        for each, place in known
    ]
    show_table(["id", "venue", "desk", "may", "last seen", ""], rows)


@desk.command("revoke")
@click.argument("desk")
@json_option
@pass_office
def revoke_desk(office: Office, desk: str, as_json: bool) -> None:
    """Refuse DESK (its id or name) from its next request on."""
    gone = desks.revoke_desk(office.books, desk=desk, now=office.now, actor=office.actor)
    if as_json:
        show_json({"desk": gone.id, "name": gone.name, "revoked_at": gone.revoked_at})
    else:
        say(f"Desk {gone.id}, {gone.name}, is revoked.")


_REACHED = ("telephone", "email", "web", "text", "name_cy", "text_cy")


def _show_said(as_json: bool, found_id: int, title: str, said: object, names: tuple[str, ...]) -> None:
    """What the directory says of somebody, a line for each field."""
    values = {name: getattr(said, name) for name in names}
    values = {name: str(value) if isinstance(value, listing.Coordinates) else value for name, value in values.items()}
    if as_json:
        show_json({"id": found_id, "name": title, "said": values})
    else:
        show_table([title, ""], [[_FIELDS.get(name, name), value or ""] for name, value in values.items()])


_FIELDS = {"coordinates": "on the map", "email": "e-mail", "name_cy": "Welsh name", "text_cy": "Welsh text"}


def _told(as_json: bool, made_id: int, name: str, sentence: str, **more: object) -> None:
    if as_json:
        show_json({"id": made_id, "name": name, **more})
    else:
        say(sentence)


def _day(text: str) -> date | None:
    if text == "never":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no date: write it like 2027-12-31, or 'never'.") from error


def _moment(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else "never"
