"""The desk page in a real browser: visits, answers, sounds, giving back, and a keyboard alone."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.core.lifecycle import Kind
from app.core.opening_hours import OpeningHours
from app.core.verdict import MESSAGES, Verdict
from app.core.wall_clock import LONDON
from app.services import custody, desks, directory, guessing
from app.web import words
from tests.web.conftest import SECONDS, World, needs_chromium, now
from tests.web.desk.at_the_desk import (
    PATIENCE_MS,
    accept,
    answer,
    carry,
    choose,
    gather,
    more_notes,
    open_desk,
    printed,
    scan,
    tally,
)
from tests.web.desk.desks import state

pytestmark = [
    needs_chromium,
    # A browser that leaves a page in the middle of a file lets werkzeug's test server forget to close it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


# A visit


def test_a_scanner_types_a_note_and_one_tap_accepts_it(desk: Page, world: World, app: Flask) -> None:
    gather(desk, world, [20])
    tally(desk, "1 hour")
    expect(desk.locator("#tally-more")).to_have_text("Ready to accept")
    desk.get_by_role("button", name="Accept 1 hour").click()
    answer(desk, "Accepted")
    expect(desk.locator(".answer-sentence").first).to_have_text("1 hour")
    assert state(app, world, 20) == "redeemed"


def test_a_scanner_that_sends_no_enter_is_understood(desk: Page, world: World) -> None:
    scan(desk, world.token(21), enter=False)
    tally(desk, "1 hour")


def test_enter_accepts_and_escape_clears_the_answer_and_then_takes_the_last_note_out(desk: Page, world: World) -> None:
    gather(desk, world, [22, 23])
    desk.keyboard.press("Escape")
    tally(desk, "1 hour")
    desk.wait_for_timeout(500)  # a scanner's own Enter comes sooner than a person's
    desk.keyboard.press("Enter")
    answer(desk, "Accepted")
    desk.keyboard.press("Escape")
    expect(desk.locator(".answer")).to_have_count(0)


def test_an_offer_of_two_hours_gathers_two_notes_for_each_person(desk: Page, world: World) -> None:
    choose(desk, "Climbing wall")
    tally(desk, "0 of 2 hours")
    gather(desk, world, [23])
    tally(desk, "1 of 2 hours")
    expect(desk.locator("#tally-more")).to_have_text("1 more hour")
    expect(desk.locator("#accept")).to_have_attribute("aria-disabled", "true")
    gather(desk, world, [24, 25, 26])
    tally(desk, "4 of 4 hours, for 2 people")
    accept(desk)
    answer(desk, "Accepted")
    expect(desk.locator(".answer-sentence")).to_have_text("4 hours – Climbing wall, with a guide")
    tally(desk, "0 of 2 hours")


def test_the_same_note_twice_is_told_calmly(desk: Page, world: World) -> None:
    gather(desk, world, [27])
    scan(desk, world.token(27))
    expect(desk.locator("#tally-more")).to_contain_text("is in this visit already")
    expect(desk.locator("#basket li")).to_have_count(1)
    expect(desk.locator(".answer")).to_have_count(0)


def test_a_scanner_that_sends_an_accepted_note_once_more_makes_no_alarm(desk: Page, world: World) -> None:
    gather(desk, world, [28])
    accept(desk)
    answer(desk, "Accepted")
    scan(desk, world.token(28))
    expect(desk.locator("#tally-more")).to_contain_text("was accepted a moment ago")
    answer(desk, "Accepted")


def test_a_bad_note_among_good_ones_is_named_and_taken_out(desk: Page, world: World, app: Flask) -> None:
    choose(desk, "Climbing wall")
    gather(desk, world, [29, 10, 30])
    expect(desk.locator("#tally-more")).to_have_text("1 note cannot be accepted: take it out.")
    expect(desk.locator("#accept")).to_have_attribute("aria-disabled", "true")
    desk.get_by_role("button", name="Take out CWL26 0000010").click()
    accept(desk)
    answer(desk, "Accepted")
    assert {state(app, world, number) for number in (29, 30)} == {"redeemed"}


def test_a_bad_note_that_is_scanned_again_is_asked_about_again(desk: Page, world: World, app: Flask) -> None:
    scan(desk, world.token(45))
    answer(desk, "On hold")
    custody.move_span(
        app.extensions["hournote_books"], kind=Kind.RELEASE, named="CWL26 45", actor="cli:test", now=now(),
        request_id=uuid4(), reason="found",
    )  # fmt: skip
    scan(desk, world.token(45))
    tally(desk, "1 hour")


def test_a_bad_note_alone_is_in_nobodys_way(desk: Page, world: World) -> None:
    scan(desk, world.token(10))
    answer(desk, "Already spent")
    gather(desk, world, [31])
    expect(desk.locator("#basket li")).to_have_count(1)
    expect(desk.locator(".answer")).to_have_count(0)


def test_a_note_that_was_spent_elsewhere_meanwhile_refuses_the_whole_visit(
    desk: Page, world: World, context: BrowserContext, app: Flask
) -> None:
    gather(desk, world, [32, 33])
    _spend_elsewhere(context, desk, world, 33)
    accept(desk)
    answer(desk, "Already spent")
    expect(desk.get_by_text("Nothing was spent.")).to_be_visible()
    expect(desk.locator("#basket li.no")).to_have_count(1)
    assert state(app, world, 32) == "issued"


def test_a_device_may_accept_by_itself_as_soon_as_the_hours_are_complete(desk: Page, world: World) -> None:
    desk.locator("#settings summary").click()
    desk.get_by_label("Accept by itself").check()
    choose(desk, "Climbing wall")
    scan(desk, world.token(34))
    tally(desk, "1 of 2 hours")
    scan(desk, world.token(35))
    answer(desk, "Accepted")
    desk.reload()
    expect(desk.locator("#set-by-itself")).to_be_checked()


def test_a_group_of_120_notes_is_entered_as_visits_of_whole_prices(desk: Page, world: World, app: Flask) -> None:
    world = more_notes(app, world, 120)
    choose(desk, "Climbing wall")
    carry(desk, world.tokens["LAN27"])
    tally(desk, "120 of 120 hours, for 60 people")
    expect(desk.locator("#tally-more")).to_have_text(
        "A group of 120 notes. They are entered as 3 visits, one after another."
    )
    accept(desk)
    answer(desk, "Accepted")
    expect(desk.get_by_text("120 notes of the group were accepted.")).to_be_visible()
    expect(desk.locator("#recent-visits li")).to_have_count(3)
    expect(desk.locator("#recent-visits")).to_contain_text("visit 2 of 3")
    assert {state(app, world, number, "LAN27") for number in (1, 60, 120)} == {"redeemed"}


def test_a_refused_part_of_a_group_is_accounted_for_and_stays_in_the_basket(
    desk: Page, world: World, app: Flask, context: BrowserContext
) -> None:
    world = more_notes(app, world, 60)
    carry(desk, world.tokens["LAN27"])
    tally(desk, "60 hours")
    expect(desk.locator("#basket li.asking")).to_have_count(0, timeout=PATIENCE_MS)
    _spend_elsewhere(context, desk, world, 55, "LAN27")
    accept(desk)
    answer(desk, "Only a part was accepted")
    for text in ("50 notes of the group were accepted.", "1 note was refused."):
        expect(desk.get_by_text(text)).to_be_visible()
    expect(desk.locator("#basket li")).to_have_count(10)
    expect(desk.locator("#basket li.no")).to_have_count(1)
    assert [state(app, world, number, "LAN27") for number in (50, 51)] == ["redeemed", "issued"]


def _spend_elsewhere(context: BrowserContext, desk: Page, world: World, number: int, series: str = "CWL26") -> None:
    """Another window takes the note."""
    other = context.new_page()
    other.goto(desk.url)
    expect(other.locator("body.started")).to_be_attached(timeout=PATIENCE_MS)
    gather(other, world, [number], series)
    accept(other)
    answer(other, "Accepted")
    other.close()


# Offers


def test_an_offer_that_is_closed_says_when_it_opens(
    page: Page, context: BrowserContext, world: World, served: str, app: Flask
) -> None:
    there = now().astimezone(LONDON)
    tomorrow = (there + timedelta(days=1)).isoweekday()
    directory.add_offer(
        app.extensions["hournote_books"], venue="Carn Brea Leisure Centre", name="Yoga", hours=1,
        opening=OpeningHours(str(tomorrow), 9 * 60, 17 * 60),
    )  # fmt: skip
    desk = open_desk(page, context, world, served)
    day = (there + timedelta(days=1)).strftime("%A")
    expect(desk.locator("#offers")).to_contain_text(f"Closed. Opens: {day}, 09:00.")
    choose(desk, "Yoga")
    gather(desk, world, [20])
    accept(desk)
    answer(desk, "Offer closed")
    assert state(app, world, 20) == "issued"


def test_more_notes_than_an_offer_takes_are_told_before_anybody_accepts(
    page: Page, context: BrowserContext, world: World, served: str, app: Flask
) -> None:
    store = app.extensions["hournote_books"]
    directory.add_offer(store, venue="Carn Brea Leisure Centre", name="Sauna", hours=1, most_notes=1)
    desk = open_desk(page, context, world, served)
    choose(desk, "Sauna")
    gather(desk, world, [20, 21])
    expect(desk.locator("#tally-more")).to_have_text("at most 1 note in one visit")
    expect(desk.locator("#accept")).to_have_attribute("aria-disabled", "true")


def test_the_chosen_offer_is_remembered(desk: Page) -> None:
    choose(desk, "Swim")
    desk.reload()
    expect(desk.locator("#offers").get_by_label("Swim")).to_be_checked()


# Answers


@pytest.mark.parametrize(
    ("number", "verdict"), [(10, "already_redeemed"), (45, "held"), (46, "void"), (7, "not_issued"), (2, "void")]
)
def test_each_refusal_has_its_word_its_sentence_and_what_to_say(
    desk: Page, world: World, number: int, verdict: str
) -> None:
    scan(desk, world.token(number))
    answer(desk, str(words.VERDICTS[verdict].text))
    expect(desk.locator("#answer-alert .answer-sentence").first).to_have_text(MESSAGES[Verdict(verdict)])
    expect(desk.locator(".answer-say")).to_contain_text("Say: “")
    expect(desk.locator("#answer-status")).to_be_empty()


def test_a_forged_note_is_not_genuine(desk: Page, world: World) -> None:
    scan(desk, world.token(20)[:-103] + world.token(21)[-103:])
    answer(desk, "Not genuine")


def test_a_duplicate_says_when_and_that_it_was_here(desk: Page, world: World) -> None:
    scan(desk, world.token(10))
    answer(desk, "Already spent")
    expect(desk.locator(".first-spent")).to_have_text(re.compile(r"^First spent: \d\d:\d\d today \(here\)$"))


def test_where_another_venue_took_it_is_not_told(
    page: Page, context: BrowserContext, world: World, served: str, app: Flask
) -> None:
    other = desks.add_desk(app.extensions["hournote_books"], venue="Chorley Little Theatre", name="Box", now=now())
    world.key = other.key
    desk = open_desk(page, context, world, served)
    scan(desk, world.token(10))
    answer(desk, "Already spent")
    expect(desk.locator(".first-spent")).to_contain_text("(at another venue)")
    assert "Carn Brea" not in desk.content()


def test_an_answer_clears_itself_unless_it_is_kept(
    page: Page, context: BrowserContext, world: World, served: str
) -> None:
    page.clock.install()
    desk = open_desk(page, context, world, served)
    scan(desk, world.token(10))
    answer(desk, "Already spent")
    desk.clock.run_for(31 * SECONDS)
    expect(desk.locator(".answer")).to_have_count(0)
    scan(desk, world.token(45))
    answer(desk, "On hold")
    desk.get_by_role("button", name="Keep this on the screen").click()
    desk.clock.run_for(31 * SECONDS)
    answer(desk, "On hold")


def test_checking_leaves_the_note_to_be_spent(desk: Page, world: World, app: Flask) -> None:
    desk.get_by_role("button", name="Check without spending").click()
    expect(desk.locator("#accept")).to_be_hidden()
    scan(desk, world.token(27))
    answer(desk, "Good, not spent yet")
    assert state(app, world, 27) == "issued"
    desk.get_by_role("button", name="Check without spending").click()
    expect(desk.locator("#basket li")).to_have_count(0)
    expect(desk.locator("#offers")).to_be_visible()


def test_a_scanner_that_sends_a_checked_note_three_times_asks_once(desk: Page, world: World) -> None:
    desk.get_by_role("button", name="Check without spending").click()
    answers: list[int] = []
    desk.on("response", lambda response: answers.append(response.status) if "/checks" in response.url else None)
    for number in (27, 28, 27, 28, 27):
        scan(desk, world.token(number))
    answer(desk, "Good, not spent yet")
    expect(desk.locator(".awaiting")).to_have_count(0)
    assert set(answers) == {200}


def test_a_desk_that_only_checks_offers_nothing_else(
    page: Page, context: BrowserContext, world: World, served: str, app: Flask
) -> None:
    store = app.extensions["hournote_books"]
    world.key = desks.add_desk(store, venue="Carn Brea Leisure Centre", name="Door", now=now(), check_only=True).key
    desk = open_desk(page, context, world, served)
    for part in ("#offers", "#accept", "#mode"):
        expect(desk.locator(part)).to_be_hidden()
    scan(desk, world.token(20))
    answer(desk, "Good, not spent yet")


def test_good_attention_and_no_sound_apart(page: Page, context: BrowserContext, world: World, served: str) -> None:
    page.add_init_script(
        "window.heard = []; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (...at) { heard.push(this.type); start.apply(this, at); };"
    )
    desk = open_desk(page, context, world, served)
    for number, word, waves in ((45, "On hold", ["triangle"] * 2), (10, "Already spent", ["sawtooth"])):
        desk.evaluate("heard.length = 0")
        scan(desk, world.token(number))
        answer(desk, word)
        assert desk.evaluate("heard") == waves
    gather(desk, world, [20])
    desk.evaluate("heard.length = 0")
    accept(desk)
    answer(desk, "Accepted")
    assert desk.evaluate("heard") == ["sine", "sine"]
    desk.locator("#settings summary").click()
    desk.get_by_label("Sound", exact=True).uncheck()
    desk.evaluate("heard.length = 0")
    desk.get_by_role("button", name="Hear “no”").click()
    assert desk.evaluate("heard") == []


# Practice


def test_practice_is_marked_on_the_page_and_on_the_answer_and_spends_nothing(
    desk: Page, world: World, app: Flask
) -> None:
    desk.locator("#settings summary").click()
    desk.get_by_label("Practise").check()
    expect(desk.locator("#practice-band")).to_contain_text("PRACTICE")
    gather(desk, world, [20])
    accept(desk)
    answer(desk, "Accepted")
    expect(desk.locator(".answer .stamp")).to_have_text("PRACTICE")
    expect(desk.locator("#recent")).to_be_hidden()
    assert state(app, world, 20) == "issued"
    desk.get_by_role("button", name="End the practice").click()
    expect(desk.locator("#practice-band")).to_be_hidden()


# Give back


def test_a_visit_is_given_back_with_a_reason(desk: Page, world: World, app: Flask) -> None:
    gather(desk, world, [29])
    accept(desk)
    answer(desk, "Accepted")
    expect(desk.locator(".recent-left")).to_have_text("15 more minutes")
    desk.locator("#recent summary").click()
    desk.get_by_label("Why?").select_option("wrong note")
    desk.get_by_role("button", name="Give this note back").click()
    answer(desk, "Given back")
    expect(desk.locator("#recent")).to_be_hidden()
    assert state(app, world, 29) == "issued"
    gather(desk, world, [29])
    expect(desk.locator("#basket li.good")).to_have_count(1)


def test_a_give_back_that_somebody_is_filling_in_stays_open_while_the_next_visit_is_taken(
    desk: Page, world: World
) -> None:
    gather(desk, world, [29])
    accept(desk)
    answer(desk, "Accepted")
    desk.locator("#recent summary").click()
    desk.get_by_label("Why?").select_option("wrong note")
    gather(desk, world, [30])
    accept(desk)
    expect(desk.locator("#recent-visits li")).to_have_count(2)
    expect(desk.get_by_label("Why?").and_(desk.locator(":visible"))).to_have_value("wrong note")


# The keyboard


def test_the_keyboard_stays_on_a_note_while_others_come_and_go(desk: Page, world: World) -> None:
    gather(desk, world, [29, 30])
    out = desk.get_by_role("button", name=f"Take out {printed(world.serial(29))}")
    out.focus()
    gather(desk, world, [31])
    expect(out).to_be_focused()
    desk.get_by_role("button", name=f"Take out {printed(world.serial(31))}").click()
    expect(desk.locator("main")).to_be_focused()  # not on another note, which the next key would take out


# Typed serials


def test_a_serial_is_typed_where_the_venue_takes_it(desk: Page, world: World) -> None:
    desk.get_by_label("Type the serial").fill(f"  {world.serial(30).lower()} ")
    desk.keyboard.press("Enter")
    tally(desk, "1 hour")
    accept(desk)
    answer(desk, "Accepted")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("CWL26 0000012 Z", "One of the characters was misread. Compare each group with the note:CWL260000012Z"),
        ("CWL26 000012", "A serial has 13 letters and digits, and this has 11. Look for one that is missing or twice."),
        (
            "2026 12345678 A",
            "A serial is three letters and two digits, then seven digits, then one last letter or digit.",
        ),
    ],
)
def test_what_is_wrong_with_a_typed_serial_is_explained(desk: Page, typed: str, said: str) -> None:
    field = desk.get_by_label("Type the serial")
    field.fill(typed)
    desk.keyboard.press("Enter")
    expect(desk.locator("#serial-fault")).to_have_text(said)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(desk.locator("#basket li")).to_have_count(0)


def test_a_venue_that_takes_no_typed_serials_has_no_field_for_them(
    page: Page, context: BrowserContext, world: World, served: str, app: Flask
) -> None:
    directory.set_policy(app.extensions["hournote_books"], venue="Carn Brea Leisure Centre", keyed_per_day=0)
    desk = open_desk(page, context, world, served)
    expect(desk.locator("#typed")).to_be_hidden()


def test_a_desk_that_guesses_is_told_to_wait(desk: Page, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "MOST_BAD_NOTES", 1)
    for number in (21, 22, 23):
        scan(desk, world.token(number)[:-103] + world.token(20)[-103:])
    answer(desk, "A little slower")
    expect(desk.locator(".answer")).to_contain_text(re.compile(r"Try again in \d+ (seconds|minutes)\."))
    expect(desk.locator("#basket li")).to_have_count(0)


def test_a_page_that_cannot_start_says_so_and_can_be_tried_again(
    page: Page, context: BrowserContext, world: World, served: str
) -> None:
    context.add_cookies([{"name": "hournote_desk", "value": world.key, "url": served}])
    page.add_init_script("delete window.BroadcastChannel")  # as a browser would that is too old
    page.goto(f"{served}/desk/shell/en")  # as the browser keeps it; a page of the service has its form
    expect(page.locator("#condition")).to_contain_text("The desk did not open")
    expect(page.get_by_role("link", name="Enrol this desk")).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_the_words_of_the_page_have_the_form_for_each_number(desk: Page) -> None:
    forms = desk.evaluate(
        """async () => { const {Words} = await import("/static/desk/view/words.js"); const words = Words.ofPage();
        return [0, 1, 2, 6].map(number => words.count("hours", number)); }"""
    )
    assert forms == ["0 hours", "1 hour", "2 hours", "6 hours"]


def test_the_form_for_browsers_without_scripts_gives_way_to_the_page(desk: Page) -> None:
    expect(desk.locator("#without-script")).to_have_count(0)
