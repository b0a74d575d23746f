"""Asks the modules of the desk page, in a real browser on a page of the real service, the questions that the core answered."""

import json
from typing import Any

from playwright.sync_api import Page

MODULES = {
    **{
        name: f"rules/{name}.js"
        for name in ("serial", "token", "verdict", "visit", "opening", "apart", "snapshot", "judge")
    },
    "signature": "signature.js",
}
TOOLS = """
  const tried = (work) => {
    try {
      return work();
    } catch (error) {
      if (error.name !== "Unreadable") throw error;
      return { refused: error.word };
    }
  };
  const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const toHex = (bytes) => bytes && Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
"""


def ask(page: Page, served: str, each: str, cases: list[Any]) -> list[Any]:
    """What the JavaScript function `each` gives for each case; the modules go by their names, `serial.parse`.

    Texts travel as JSON of ASCII alone, so that half characters arrive as well.
    """
    page.goto(f"{served}/desk")
    imports = "".join(f'const {name} = await import("/static/desk/{path}");' for name, path in MODULES.items())
    work = "JSON.stringify(await Promise.all(JSON.parse(cases).map(each)))"
    script = f"async (cases) => {{ {imports} {TOOLS} const each = {each}; return {work}; }}"
    answers: list[Any] = json.loads(page.evaluate(script, json.dumps(cases)))
    return answers


def differences(cases: list[Any], expected: list[Any], given: list[Any]) -> list[tuple[Any, Any, Any]]:
    """The first few cases in which the two differ: what was asked, what the core says, and what the page says."""
    assert len(cases) == len(expected) == len(given)
    return [each for each in zip(cases, expected, given, strict=True) if each[1] != each[2]][:5]
