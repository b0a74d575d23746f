"""The whole window, drawn."""

import pygame

from scanner.measures import Measures
from scanner.view import colours
from scanner.view.booth import Booth, Panel
from scanner.view.canvas import Canvas
from scanner.view.edges import draw_foot, draw_top, foot_rows
from scanner.view.layout import layout, unit_of
from scanner.view.panels import draw_panel
from scanner.view.side import buttons_for_offers, draw_offers, draw_visit
from scanner.view.stage import Sight, draw_answer, draw_eye

LEAST = (560, 360)
"""Width and height in pixels below which there is nothing that could be read."""


def draw(surface: pygame.Surface, booth: Booth, sight: Sight, measured: Measures | None, now: float) -> Canvas:
    """Draw everything on a surface; the canvas says what is pressed where."""
    canvas = Canvas(surface)
    surface.fill(colours.PAPER)
    if surface.get_width() < LEAST[0] or surface.get_height() < LEAST[1]:
        return canvas  # somebody is drawing the window small: it goes on as it is
    size = surface.get_size()
    rows = foot_rows(booth, size[0], unit_of(*size))
    places = layout(*size, offers=buttons_for_offers(booth), band=booth.counter.practice, foot_rows=rows)
    draw_top(canvas, places, booth)
    if places.is_narrow and (booth.panel is not Panel.NONE or booth.counter.answer.said is not None):
        places = places.covered()
    else:
        draw_offers(canvas, places, booth)
        draw_visit(canvas, places, booth)
    draw_foot(canvas, places, booth)
    if not draw_answer(canvas, places.stage, places, booth, now):
        if booth.panel is Panel.NONE:
            draw_eye(canvas, places.stage, places, booth, sight)
        else:
            draw_panel(canvas, places, booth, sight, measured)
    return canvas
