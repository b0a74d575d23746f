"""The panel of the QR: paper that no ink may touch, or cameras lose the symbol."""

from collections.abc import Iterator

from notegen.faults.side import Side
from notegen.geometry.slot import Box
from notegen.preflight import Fault

_ROUNDING = 2
"""Of 255: what a renderer may make of bare paper."""


def faults(side: Side) -> Iterator[Fault]:
    """Ink under the symbol, and ink in the four modules around it that tell a camera where it ends."""
    qr = side.design.qr
    if qr is None:
        return
    symbol: Box = (qr.x_mm, qr.y_mm, qr.x_mm + qr.size_mm, qr.y_mm + qr.size_mm)
    edge = (qr.least_panel_mm - qr.size_mm) / 2
    zone: Box = (symbol[0] - edge, symbol[1] - edge, symbol[2] + edge, symbol[3] + edge)
    where = f"{side.where}, slots.qr"
    under, around = _most(side, symbol), _most(side, zone)
    if under > _ROUNDING:
        message = (
            f"There is ink under the QR (up to {under / 2.55:.0f} %): leave its panel of {qr.panel_mm:g} mm pure paper."
        )
        yield Fault("qr-panel", message, where)
    elif around > _ROUNDING:
        message = f"There is ink in the quiet zone of the QR (up to {around / 2.55:.0f} %): leave {edge:.1f} mm around it pure paper."
        yield Fault("quiet-zone", message, where)


def _most(side: Side, box: Box) -> int:
    return int(side.plates[side.dots(box)].max(initial=0))
