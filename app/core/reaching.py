"""How an organisation is reached: postcode, telephone, e-mail and web address, as people write them and as they are kept."""

import re
from urllib.parse import urlsplit

from app.core.errors import BadInput, shown

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][A-Z]{2})", re.ASCII)
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,28}", re.ASCII)
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
LONGEST_EMAIL = 254
LONGEST_WEB = 200


def postcode(text: str) -> str:
    """A postcode of the United Kingdom in its usual spelling, `TR1 2SJ` (BS 7666). Raises BadInput."""
    found = _POSTCODE.fullmatch(text.strip().upper())
    if found is None:
        raise BadInput(f"{shown(text)} is no postcode: write it like TR1 2SJ.")
    return f"{found[1]} {found[2]}"


def telephone(text: str) -> str:
    """A telephone number, spaces made single. Raises BadInput."""
    line = " ".join(text.split())
    if not _TELEPHONE.fullmatch(line):
        raise BadInput(f"{shown(text)} is no telephone number: write it like 01872 262466.")
    return line


def email(text: str) -> str:
    """An e-mail address. Raises BadInput."""
    line = text.strip()
    if len(line) > LONGEST_EMAIL or not _EMAIL.fullmatch(line):
        raise BadInput(f"{shown(text)} is no e-mail address: write it like office@cornwall.example.")
    return line


def web(text: str) -> str:
    """The address of a page, with `https://` where nothing stood before it; never one that does something else than
    show a page. Raises BadInput."""
    line = text.strip()
    whole = line if "://" in line else f"https://{line}"
    try:
        parts = urlsplit(whole)
        is_page = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc.lower()) is not None
    except ValueError:
        is_page = False
    if not is_page or len(whole) > LONGEST_WEB or not whole.isprintable() or re.search(r"\s", whole):
        raise BadInput(f"{shown(text)} is no web address: write it like www.hallforcornwall.co.uk.")
    return whole
