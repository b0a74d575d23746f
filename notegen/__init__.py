"""notegen: a signed job and a design become press-ready PDFs, proofs, and the papers around them.

| part | what |
| --- | --- |
| `design`, `artwork`, `engraving` | what a designer says of a side; art of any format brought into inks; art engraved from layers |
| `geometry` | where everything lies, in mm: slots, sheets, imposition, marks; it draws nothing |
| `ink` | how it gets into a PDF: type, symbols, forms, pages |
| `faults`, `preflight` | what is wrong with a design; what is wrong with a PDF, and the quick look at each file just written |
| `readback` | how a proof reads what was written |
| `paper` | labels, delivery note, job ticket, visual proof |

Beside them the verbs, a file each: `compose` (with `runs`, `processes`, `delivery`, `finished`, `manifest`, `layout`,
`pull`), `proof`, `check`, `preview`, `specimen`, `calibration`.
"""
