"""The output intent: for which press a file is meant (ISO 32000-1:2008, 14.11.5, as PDF/X-4 narrows it)."""

from collections.abc import Iterator

from pikepdf import Pdf

from notegen.ink import profile
from notegen.preflight import parts
from notegen.preflight.bounds import unpacked
from notegen.preflight.fault import Fault


def judge(pdf: Pdf, where: str) -> Iterator[Fault]:
    """Faults of the intent and of the profile in it."""
    every = parts.listed(parts.entry(pdf.Root, "/OutputIntents"))
    intents = [one for one in every if parts.name(parts.entry(one, "/S")) == "/GTS_PDFX"]
    if len(intents) != 1:
        yield Fault("intent", f"It has {len(intents)} PDF/X output intents: one says for which press it is.", where)
        return
    if not str(parts.entry(intents[0], "/OutputConditionIdentifier") or ""):
        yield Fault("intent", "Its output intent does not name its condition, like FOGRA39.", where)
    embedded = parts.entry(intents[0], "/DestOutputProfile")
    if embedded is None:
        yield Fault("profile", "Its output intent has no profile in it: PDF/X-4 embeds one.", where)
    elif fault := profile.wrong(unpacked(embedded)):
        yield Fault("profile", f"The profile of its output intent {fault}.", where)
    elif parts.entry(embedded, "/N") != profile.COLOURS:
        yield Fault("profile", "The profile of its output intent is of CMYK, and N does not say four.", where)
