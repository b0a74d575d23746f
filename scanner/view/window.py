"""The window at a front desk, full screen: what happens on it, thirty times a second."""

import os
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from app.core.errors import NotAllowed
from scanner import measures
from scanner.eye import Eye
from scanner.feed import Feed
from scanner.frames import is_device, lasting, open_frames
from scanner.home import Home
from scanner.measures import Measures
from scanner.memory.desk import Desk
from scanner.memory.rounds import Rounds
from scanner.notes import Note
from scanner.run import stop_asked
from scanner.view.booth import Booth, Deed, Panel
from scanner.view.canvas import Canvas
from scanner.view.counter import Counter
from scanner.view.errands import Errands
from scanner.view.just_accepted import How
from scanner.view.keystrokes import Heard, Keystrokes, Stroke
from scanner.view.screen import draw
from scanner.view.sound import Sound
from scanner.view.stage import Sight
from scanner.view.words import Words

FRAMES_A_SECOND = 30
SIZE = (1280, 720)
"""Where it is not full screen."""

_LOOK_SECONDS, _MEASURE_SECONDS, _PAINT_SECONDS, _PICTURE_SECONDS = 5.0, 0.3, 0.25, 1 / 15
"""A slow computer shows a smooth picture fifteen times a second; what is pressed is answered at once."""

_KEYS = {
    pygame.K_ESCAPE: Deed("escape"), pygame.K_F2: Deed("check"), pygame.K_F3: Deed("practise"),
    pygame.K_F4: Deed("panel", Panel.RECENT), pygame.K_F5: Deed("panel", Panel.TYPE), pygame.K_F6: Deed("panel", Panel.CARD),
    pygame.K_F7: Deed("language"), pygame.K_F8: Deed("sound"), pygame.K_F9: Deed("panel", Panel.NOTICES),
    pygame.K_PAGEDOWN: Deed("page", 1), pygame.K_PAGEUP: Deed("page", -1),
}  # fmt: skip
_ENDS = (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_TAB)
_PLACES = {pygame.KSCAN_SLASH: "/", pygame.KSCAN_PERIOD: ".", pygame.KSCAN_MINUS: "-", pygame.KSCAN_SEMICOLON: ":"}
_LETTERS, _DIGITS = pygame.KSCAN_A, pygame.KSCAN_1


def why_not(environment: Mapping[str, str]) -> str:
    """Why no window can be opened here, as a sentence with the way out; empty when one can."""
    named = any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"))
    if sys.platform.startswith("linux") and not named:
        return "There is no display here, so no window: use --headless, which prints a JSON line for each event."
    if sys.platform.startswith("linux"):
        # Else SDL takes the bare screen of this computer, where the display that was named is not there.
        os.environ.setdefault("SDL_VIDEODRIVER", "wayland,x11" if environment.get("WAYLAND_DISPLAY") else "x11")
    try:
        pygame.display.init()
    except pygame.error:
        return "No window can be opened on this display: use --headless, which prints a JSON line for each event."
    return ""


def attend(
    home: Home, camera: str, *, language: str, full_screen: bool, offer: int | None = None, by_itself: bool = False
) -> None:
    """Open the window and stay until somebody ends it; `by_itself`: it accepts as soon as the hours are complete. Raises BadInput for a camera that can't be, HournoteError for a desk."""
    if not is_device(camera):
        open_frames(camera).close()  # a file that is none is said before a window opens
    changed = threading.Event()
    desk = Desk(home, changed=changed.set)
    rounds = Rounds(desk)
    try:
        desk.open()
        with stop_asked(threading.Event()) as stop:
            window = Window(desk, rounds, changed, camera, Words(language), stop, full_screen=full_screen)
            window.booth.counter.by_itself = by_itself
            window.run(offer)
    finally:
        rounds.stop()
        desk.close()
        pygame.quit()


class Window:
    """The window while it is open."""

    def __init__(
        self, desk: Desk, rounds: Rounds, changed: threading.Event, camera: str, words: Words, stop: threading.Event, *,
        full_screen: bool,
    ) -> None:  # fmt: skip
        self._rounds, self._changed, self._stop = rounds, changed, stop
        self._surface = _opened(full_screen=full_screen)
        self._errands, self._sound, self._keystrokes = Errands(), Sound(), Keystrokes()
        counter = Counter(desk, self._errands, words, self._play)
        self.booth = Booth(desk, self._errands, counter, ring=rounds.ring)
        self._feed = Feed(lasting(camera), Eye(desk.keyring, self._came).look)
        self._canvas = Canvas(self._surface)
        self._measured: Measures | None = None
        self._measured_at = self._painted_at = self._looked_at = 0.0
        self._shown: object = None

    def run(self, offer: int | None) -> None:
        """Until somebody ends it. Raises what ended the looking."""
        self.booth.counter.choose(offer)
        self._rounds.start()
        ticks = pygame.time.Clock()
        try:
            while not self._stop.is_set():
                self._turn()
                ticks.tick(FRAMES_A_SECOND)
        finally:
            self._feed.stop()
            self._errands.stop()

    def _turn(self) -> None:
        now = time.monotonic()
        is_new = self._take_events()
        is_new = self._heard(self._keystrokes.rest(now)) or is_new
        is_new = self._errands.drain() or is_new
        self._feed.check()
        self._rounds.check()
        if self._changed.is_set() or now - self._looked_at >= _LOOK_SECONDS:
            self._changed.clear()
            self._looked_at = now
            self.booth.look()
        is_new = self.booth.counter.answer.pass_by(now, self.booth.desk.about.clear_seconds) or is_new
        if self.booth.panel is Panel.CARD and now - self._measured_at >= _MEASURE_SECONDS:
            self._measure(now)
        is_moved = self._feed.seen is not self._shown and now - self._painted_at >= _PICTURE_SECONDS
        if is_new or is_moved or now - self._painted_at >= _PAINT_SECONDS:
            self._paint(now)

    def _paint(self, now: float) -> None:
        self._shown, self._painted_at = self._feed.seen, now
        self._canvas = draw(self._surface, self.booth, Sight(self._feed.seen, self._feed.said), self._measured, now)
        pygame.display.flip()

    def _take_events(self) -> bool:
        events = pygame.event.get()
        for event in events:
            if event.type == pygame.QUIT:
                self._stop.set()
            elif event.type == pygame.KEYDOWN:
                self._press(event)
            elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
                deed = self._canvas.deed_at(*event.pos)
                if deed is not None:
                    self.booth.do(deed)
        return bool(events)

    def _press(self, event: pygame.event.Event) -> None:
        now = time.monotonic()
        if event.mod & pygame.KMOD_CTRL and event.key in (pygame.K_q, pygame.K_w):
            self._stop.set()
        elif event.key == pygame.K_F11:
            with suppress(pygame.error):  # not every display can
                pygame.display.toggle_fullscreen()
        elif event.key in _KEYS:
            self.booth.do(_KEYS[event.key])
        elif event.key in (pygame.K_BACKSPACE, pygame.K_DELETE):
            self.booth.erase()
        elif event.key in _ENDS:
            self._end(event.key, now)
        elif event.unicode.isprintable() and len(event.unicode) == 1 and not event.mod & pygame.KMOD_CTRL:
            if self.booth.panel is Panel.TYPE:
                self.booth.write(event.unicode)
            self._heard(self._keystrokes.press(Stroke(event.unicode, _place(event), now)))

    def _end(self, key: int, now: float) -> None:
        heard = self._keystrokes.enter(now, is_typing=self.booth.panel is Panel.TYPE)
        if heard is not None:
            self._heard(heard)
        elif key != pygame.K_TAB:
            self.booth.do(Deed("accept"))

    def _heard(self, heard: Heard) -> bool:
        if heard.scan is not None:
            self.booth.scanned(heard.scan, How.SCANNER)
        elif heard.key is not None and self.booth.panel is not Panel.TYPE:
            self.booth.write(heard.key)
        return heard.scan is not None or heard.key is not None

    def _came(self, note: Note) -> None:
        """A note came into view; on the lookout's thread."""
        self._errands.post(lambda: self.booth.scanned(note.reading.text, How.CAMERA))

    def _measure(self, now: float) -> None:
        seen, self._measured_at = self._feed.seen, now
        if seen is None:
            self._measured = None
            return
        corners = [note.reading.corners for note in seen.notes]

        def then(found: Measures) -> None:
            self._measured = found

        self._errands.send(lambda: measures.measure(seen.moment.frame, corners), then, lambda error: None)

    def _play(self, family: str) -> None:
        if self.booth.sound:
            self._sound.play(family)


def _opened(*, full_screen: bool) -> pygame.Surface:
    try:
        pygame.display.init()
        pygame.font.init()
        pygame.display.set_caption("Hournote")
        pygame.key.set_repeat(0)
        return (
            pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
            if full_screen
            else pygame.display.set_mode(SIZE, pygame.RESIZABLE)
        )
    except pygame.error as error:
        raise NotAllowed(f"No window can be opened on this display ({error}): use --headless.") from error


def _place(event: pygame.event.Event) -> str:
    """What the keyboard of the United States has in the place of a key, of all that is in a token."""
    code = event.scancode
    if _LETTERS <= code < _LETTERS + 26:
        return chr(ord("A") + code - _LETTERS)
    if _DIGITS <= code < _DIGITS + 10:
        return "1234567890"[code - _DIGITS]
    return _PLACES.get(code, "\0")
