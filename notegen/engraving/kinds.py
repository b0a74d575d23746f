"""The kinds of layer that a design.toml can name."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import BadDesign
from notegen.design import FILE, Design, table
from notegen.engraving.blade import Blades
from notegen.engraving.bluebells import Bluebells
from notegen.engraving.canopy import Canopy
from notegen.engraving.carthen import Carthen
from notegen.engraving.daffodil import Daffodil
from notegen.engraving.ground import Ground, Waves
from notegen.engraving.guilloche import Band, Rosette
from notegen.engraving.inset import Inset
from notegen.engraving.lace import Lace, LaceEdge
from notegen.engraving.layer import Layer
from notegen.engraving.limb import Limb
from notegen.engraving.massif import Massif
from notegen.engraving.measures import examine
from notegen.engraving.microtext import Ring, Row
from notegen.engraving.panel import Panel
from notegen.engraving.plait import Plait, PlaitRing
from notegen.engraving.plumes import Plumes
from notegen.engraving.rays import Rays
from notegen.engraving.register import Register
from notegen.engraving.relief import Facet
from notegen.engraving.ridge import Ridge
from notegen.engraving.ripples import Ripples
from notegen.engraving.rose import Rose
from notegen.engraving.sails import Sails
from notegen.engraving.sea import Sea
from notegen.engraving.shape import Blooms, Dots, Panes, Shape
from notegen.engraving.slabs import Slabs
from notegen.engraving.turned import Turned
from notegen.engraving.weave import Weave
from notegen.engraving.words import Line, Title

KINDS: Mapping[str, type[Layer]] = {
    "ground": Ground,
    "waves": Waves,
    "rosette": Rosette,
    "band": Band,
    "facet": Facet,
    "rays": Rays,
    "sea": Sea,
    "shape": Shape,
    "blooms": Blooms,
    "dots": Dots,
    "panes": Panes,
    "rose": Rose,
    "weave": Weave,
    "turned": Turned,
    "ridge": Ridge,
    "lace": Lace,
    "lace-edge": LaceEdge,
    "canopy": Canopy,
    "bluebells": Bluebells,
    "plumes": Plumes,
    "limb": Limb,
    "ripples": Ripples,
    "sails": Sails,
    "carthen": Carthen,
    "plait": Plait,
    "plait-ring": PlaitRing,
    "massif": Massif,
    "slabs": Slabs,
    "daffodil": Daffodil,
    "blades": Blades,
    "picture": Inset,
    "panel": Panel,
    "register": Register,
    "microtext": Row,
    "microtext-ring": Ring,
    "line": Line,
    "title": Title,
}


def layers(design: Design) -> list[Layer]:
    """The layers of a design, lowest first; raises BadDesign for a kind or a measure that is not one."""
    return [_layer(design, number, given) for number, given in enumerate(design.layers, start=1)]


def _layer(design: Design, number: int, given: Mapping[str, Any]) -> Layer:
    file, key = str(design.folder / FILE), f"engraving.layer {number}"
    kind = str(given.get("kind", ""))
    if kind not in KINDS:
        raise BadDesign(f"{file}: {key}.kind is {kind!r}; use one of {', '.join(KINDS)}.")
    measures = {name: value for name, value in given.items() if name != "kind"}
    layer = table.read(KINDS[kind], measures, file=file, key=f"{key} ({kind})")
    examine(measures, f"{file}: {key} ({kind})")
    return layer
