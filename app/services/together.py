"""Together: a group of local people makes its note; drafts are files of the instance, and belong to their programme."""

import re
import shutil
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.core.errors import NotFound, Refused
from app.core.roles import Deed
from app.services import pictures, rights, variants, wording
from app.services.directory import Programme
from app.services.variants import Draft, Shot, Variant
from app.store import parties
from app.store.access import Account
from app.store.database import Store

if TYPE_CHECKING:
    from app.services.printing import Brought, Choices, Palette, Remark

FOLDER = "together"
"""The folder of the drafts in the instance folder."""

MOST_VARIANTS, MOST_PICTURES, MOST_DRAFTS = 6, 12, 100
MOST_BYTES = 500 << 20
"""Of all drafts of one programme on the disk."""

LONGEST_TITLE = 40
SHEET_DPI = 300
_PICTURE = re.compile(r"picture-[0-9a-f]{16}\.jpg")
_STARTS = (
    {"palette": "sea", "pattern": "guilloche", "lettering": "engraved", "window": "round", "shows": "engraved"},
    {"palette": "rowan", "pattern": "braid", "lettering": "mixed", "window": "frame", "shows": "duotone"},
    {"palette": "forest", "pattern": "relief", "lettering": "clear", "window": "edge", "shows": "photograph"},
)
"""What the first variants of a draft begin with."""


def programmes(store: Store, *, account: Account) -> list[Programme]:
    """The programmes that the account may make notes for. Raises NotAllowed."""
    mine = rights.programme_of(account, Deed.CO_DESIGN)
    return [each for each in store.read(parties.programmes) if mine in (None, each.id)]


def drafts(store: Store, instance: Path, *, account: Account) -> list[Draft]:
    """The drafts that the account may see, the newest first. Raises NotAllowed."""
    found = [
        draft
        for programme in programmes(store, account=account)
        for folder in (instance / FOLDER / programme.code).glob("*")
        if (draft := variants.read(folder)) is not None
    ]
    return sorted(found, key=lambda draft: (draft.begun, draft.id), reverse=True)


def start(
    store: Store,
    instance: Path,
    *,
    account: Account,
    programme: str,
    title: str,
    languages: str,
    draft_id: UUID,
    now: datetime,
) -> Draft:
    """Begin a draft with three variants in `languages` (en, cy or cy+en); the same id again gives the same draft. Raises NotAllowed, BadInput, Refused."""
    _require(store, account, programme)
    line = wording.one_line(title, "title", LONGEST_TITLE)
    folder = instance / FOLDER / programme / str(draft_id)
    if (begun := variants.read(folder)) is not None:
        return begun
    if sum(1 for _ in folder.parent.glob("*")) >= MOST_DRAFTS:
        raise Refused("This programme has a hundred drafts: remove one that is not needed any more.")
    first = [
        {"name": f"{_slug(line)}-{letter}", "title_en": line, "languages": languages, **like}
        for letter, like in zip("abc", _STARTS, strict=True)
    ]
    made = tuple(Variant(f"{draft_id}-{number}", _examined(choices)) for number, choices in enumerate(first))
    draft = Draft(str(draft_id), programme, line, now.isoformat(timespec="seconds"), made)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    variants.write(folder, draft)
    return draft


def draft_of(store: Store, instance: Path, *, account: Account, draft_id: UUID) -> tuple[Draft, Path]:
    """A draft and its folder. Raises NotFound, in the same words whether it is not there or another programme's."""
    for programme in programmes(store, account=account):
        folder = instance / FOLDER / programme.code / str(draft_id)
        if (found := variants.read(folder)) is not None:
            return found, folder
    raise NotFound("There is no such draft.")


def remove(folder: Path) -> None:
    """Take a draft away with its pictures; designs that were saved of it stay."""
    gone = folder.with_name(f".{folder.name}.gone")
    folder.replace(gone)
    shutil.rmtree(gone, ignore_errors=True)


def bring(folder: Path, data: bytes) -> Draft:
    """Add a picture to a draft; the same one twice is there once. Raises BadInput, Refused."""
    from app.services import printing

    with pictures.turn():
        plain, width, height = printing.received(data)
    file = f"picture-{sha256(plain).hexdigest()[:16]}.jpg"

    def added(draft: Draft) -> Draft:
        if draft.shot(file):
            return draft
        if len(draft.pictures) >= MOST_PICTURES:
            raise Refused("A draft has twelve pictures at the most: start another draft.")
        if _held(folder.parent) + len(plain) > MOST_BYTES:
            raise Refused("The drafts of this programme hold 500 MB: remove a picture or a draft first.")
        variants.keep(folder / file, plain)
        first = len(draft.pictures) == 0
        shown = tuple(
            replace(each, choices={**each.choices, "picture": file}) if first and not each.choices["picture"] else each
            for each in draft.variants
        )
        return replace(draft, pictures=(*draft.pictures, Shot(file, width, height)), variants=shown)

    return _changed(folder, added)


def take_out(folder: Path, file: str) -> Draft:
    """Delete a picture of a draft; variants that showed it show none. One that is not there is no fault."""

    def without(draft: Draft) -> Draft:
        shown = tuple(
            replace(each, choices={**each.choices, "picture": ""}) if each.choices["picture"] == file else each
            for each in draft.variants
        )
        return replace(draft, pictures=tuple(each for each in draft.pictures if each.file != file), variants=shown)

    changed = _changed(folder, without)
    with variants.turn(folder):
        if changed.shot(file) is None and _PICTURE.fullmatch(file):
            (folder / file).unlink(missing_ok=True)
    return changed


def choose(folder: Path, number: int, given: Mapping[str, Any]) -> Draft:
    """Keep what was chosen for a variant. Raises BadInput, NotFound."""
    choices = _examined(given)
    return _changed(folder, lambda draft: draft.put(numbered(draft, number), choices))


def copy(folder: Path, number: int, request_id: UUID) -> Draft:
    """Add a variant like another one, once. Raises Refused, NotFound."""

    def copied(draft: Draft) -> Draft:
        if any(each.id == str(request_id) for each in draft.variants):
            return draft
        if len(draft.variants) >= MOST_VARIANTS:
            raise Refused("A draft has six variants at the most: take one away first.")
        like = draft.variants[numbered(draft, number)].choices
        name = _another(str(like["name"]), {str(each.choices["name"]) for each in draft.variants})
        return replace(draft, variants=(*draft.variants, Variant(str(request_id), {**like, "name": name})))

    return _changed(folder, copied)


def drop(folder: Path, variant_id: str) -> Draft:
    """Take a variant away; one stays. Raises Refused."""

    def dropped(draft: Draft) -> Draft:
        left = tuple(each for each in draft.variants if each.id != variant_id)
        if not left:
            raise Refused("The last variant stays: remove the draft instead.")
        return replace(draft, variants=left)

    return _changed(folder, dropped)


def examined(draft: Draft, given: Mapping[str, Any]) -> tuple["Choices", "Brought | None"]:
    """Choices with the picture that they name. Raises BadInput."""
    from app.services import printing

    choices = printing.choices_of(given)
    shot = draft.shot(choices.picture)
    if shot is None:
        return replace(choices, picture=""), None
    return choices, printing.Brought("picture.jpg", shot.width, shot.height)


def remarks(draft: Draft, given: Mapping[str, Any]) -> tuple["Remark", ...]:
    """What is wrong with a variant. Raises BadInput."""
    from app.services import printing

    return printing.remarks(*examined(draft, given))


def front(draft: Draft, folder: Path, given: Mapping[str, Any]) -> tuple[str, Callable[[], bytes]]:
    """What tells a picture of a front from all others, and what draws it as a JPEG. Raises BadInput; drawing, BadDesign."""
    choices, brought = examined(draft, given)
    digest = _digest(choices, brought)

    def draw() -> bytes:
        from app.services import printing

        return printing.chosen_front(choices, brought, data_of(folder, choices))

    return digest, lambda: pictures.remembered(digest, draw)


def back() -> bytes:
    """A JPEG of the national back."""
    from app.services import printing

    return pictures.remembered("national back", printing.national_back)


def vote_sheet(draft: Draft, folder: Path) -> bytes:
    """A PDF to vote on, drawn once for as long as the variants are the same. Raises BadDesign."""
    chosen = [examined(draft, each.choices) for each in draft.variants]

    def draw() -> bytes:
        from app.services import printing

        notes = [printing.chosen_front(*each, data_of(folder, each[0]), dpi=SHEET_DPI) for each in chosen]
        return printing.vote_sheet(notes, draft.title)

    return pictures.remembered(_digest("votes", draft.title, chosen), draw)


def zipped(draft: Draft, folder: Path, number: int) -> tuple[str, bytes]:
    """The name of a variant, and its folder as a zip. Raises BadDesign, NotFound."""
    choices, brought = examined(draft, draft.variants[numbered(draft, number)].choices)

    def draw() -> bytes:
        from app.services import printing

        return printing.chosen_zip(choices, brought, data_of(folder, choices))

    return choices.name, pictures.remembered(_digest("zip", choices, brought), draw)


def palettes() -> "Mapping[str, Palette]":
    """The palettes that can be chosen, by their words."""
    from app.services import printing

    return printing.PALETTES


def _examined(given: Mapping[str, Any]) -> dict[str, Any]:
    """Choices as they are kept, all of them there. Raises BadInput."""
    from app.services import printing

    return asdict(printing.choices_of(given))


def _held(programme: Path) -> int:
    """The bytes of the pictures of a programme's drafts."""
    return sum(each.stat().st_size for each in programme.glob("*/picture-*.jpg"))


def _digest(*what: object) -> str:
    return sha256(repr(what).encode()).hexdigest()


def _changed(folder: Path, change: Callable[[Draft], Draft]) -> Draft:
    with variants.turn(folder):
        draft = variants.read(folder)
        if draft is None:
            raise NotFound("There is no such draft.")
        changed = change(draft)
        if changed != draft:
            variants.write(folder, changed)
        return changed


def numbered(draft: Draft, number: int) -> int:
    """The number of a variant that there is. Raises NotFound."""
    if not 0 <= number < len(draft.variants):
        raise NotFound("There is no such variant.")
    return number


def data_of(folder: Path, choices: "Choices") -> bytes:
    """The bytes of the picture; none where there is none."""
    path = folder / choices.picture
    return path.read_bytes() if choices.picture and path.is_file() else b""


def _require(store: Store, account: Account, programme: str) -> None:
    if programme not in {each.code for each in programmes(store, account=account)}:
        raise NotFound("There is no such programme.")


def _slug(title: str) -> str:
    """A title as the name of a folder."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-0123456789")[:24].strip("-") or "note"


def _another(name: str, taken: set[str]) -> str:
    """A name like this one that is not taken."""
    stem = re.sub("-([a-z]|[0-9]+)$", "", name)[:25]
    letters = (f"{stem}-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    return next(each for each in letters if each not in taken)
