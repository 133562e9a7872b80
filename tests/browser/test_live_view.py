"""The live view as somebody at a laptop uses it."""

from __future__ import annotations

import pytest
from tests.support.windows import LAPTOP, PROJECTOR

INSIDE = """() => {
  const wide = window.innerWidth, tall = window.innerHeight, out = [];
  const parts = '.bar > *, .timeline, .said, .narration, .numbers, .cloud, .feed, .desk, .strips, .lever';
  for (const each of document.querySelectorAll(parts)) {
    const box = each.getBoundingClientRect();
    if (box.width === 0 || box.left < -1 || box.top < -1 || box.right > wide + 1 || box.bottom > tall + 1)
      out.push(each.className + ' ' + [box.left, box.top, box.right, box.bottom].map(Math.round));
  }
  return out;
}"""
"""Parts of the page that are not wholly within the window."""


def test_it_opens_with_two_models_at_a_telling_moment(window, picture):
    page = window()
    assert page.page.title() == "caresim: tokyo"
    assert page.clock == "16:46 Friday 11 March 2011"
    assert page.page.locator(".side").count() == 2
    assert [page.find("model", side).input_value() for side in (0, 1)] == ["social_team", "call_center_24_7"]
    assert "posts and messages came in within the last hour" in page.told("narration", 0)
    assert "Press Play" in page.page.inner_text(".said")
    picture(page, "start")


@pytest.mark.parametrize(
    ("size", "scheme"), [(LAPTOP, "light"), (LAPTOP, "dark"), (PROJECTOR, "light"), (PROJECTOR, "dark")]
)
def test_everything_is_on_the_screen(window, picture, size, scheme):
    page = window(size, scheme)
    page.jump(0.28)
    assert page.page.evaluate(INSIDE) == []
    ground = page.page.evaluate("getComputedStyle(document.querySelector('.stage')).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    picture(page, f"{scheme}_{size['width']}")


def test_play_pause_step_and_reset(window):
    page = window()
    page.do(lambda: page.find("play").click())
    page.drawn_after(page.frame + 5)
    assert page.page.get_attribute(".stage", "data-playing") == "true"
    page.pause()
    at, frame = page.clock, page.frame
    page.page.wait_for_timeout(1500)
    assert (page.clock, page.frame) == (at, frame), "it went on after Pause"
    page.do(lambda: page.find("reset").click())
    assert page.clock.startswith("16:46 Friday")
    page.do(lambda: page.find("step").click())
    assert page.clock.startswith("16:56 Friday")
    page.page.locator(".stage").focus()
    page.do(lambda: page.page.keyboard.press("ArrowRight"))
    assert page.clock.startswith("17:06 Friday")


def test_faster_is_faster(window):
    """36 times as fast. Of the time between two frames at least 60 ms count and at most 500: 4.3 times at the worst."""
    page = window()

    def minutes_a_frame(speed: str) -> float:
        page.do(lambda: page.find("reset").click())
        page.find("speed").select_option(speed)
        before = page.frame
        page.do(lambda: page.find("play").click())
        page.drawn_after(page.frame + 4)
        page.pause()
        return page.page.evaluate("document.querySelector('.stage').__vue__.frame.time - 600") / (page.frame - before)

    assert minutes_a_frame("360") > 2 * minutes_a_frame("10")


def test_a_click_on_the_timeline_jumps_there_and_back(window):
    page = window()
    page.jump(0.5)
    later = page.clock
    assert "17 March" in later or "16 March" in later
    waiting = page.number("waiting", 0)
    page.jump(0.2)
    assert page.clock != later
    page.jump(0.5)
    assert (page.clock, page.number("waiting", 0)) == (later, waiting)


def test_a_bigger_team_around_the_clock_does_not_drown(window, picture):
    page = window()
    page.jump(0.28)
    other = [page.number(name, 1) for name in ("social", "waiting", "anger")]
    assert "Nobody reads what is written until Mon" in page.told("narration", 0)
    before = int(page.number("social", 0).split()[0])
    page.do(lambda: page.find("hours", 0).select_option("always"))
    page.do(lambda: page.set("team", "8", 0))
    page.do(lambda: page.find("access", 0).check())
    page.do(lambda: page.find("assistant", 0).check())
    assert int(page.number("social", 0).split()[0]) > before + 30
    assert "Changed by hand" in page.told("differs", 0)
    assert [page.number(name, 1) for name in ("social", "waiting", "anger")] == other
    picture(page, "levers")


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("team", "0", "team size = 0: must be a whole number of people from 1 to 500"),
        ("team", "-7", "team size = -7"),
        ("team", "99999", "team size = 99999"),
        ("team", "2.5", "team size = 2.5"),
        ("closes", "08:00", "must be after the start (09:00)"),
        ("opens", "half past", "must be a clock time"),
        ("opens", "<img src=x onerror=alert(1)>", "must be a clock time"),
    ],
)
def test_nonsense_is_answered_in_words_and_breaks_nothing(window, picture, what, value, said):
    page = window()
    numbers = page.page.inner_text("[data-side='0'] .numbers")
    page.do(lambda: page.set(what, value, 0))
    page.page.wait_for_selector("[data-side='0'] .trouble.told")
    assert said in page.told("trouble", 0)
    assert page.page.inner_text("[data-side='0'] .numbers") == numbers
    assert page.find("team", 0).input_value() == "2"
    if what == "closes":
        picture(page, "nonsense")
    page.do(lambda: page.find("step").click())
    page.do(lambda: page.set("team", "3", 0))
    assert page.told("trouble", 0) == ""
    assert page.find("team", 0).input_value() == "3"


def test_one_alone_and_another_model(window, picture):
    page = window()
    page.do(lambda: page.find("sides").click())
    assert page.page.locator(".side").count() == 1
    assert page.page.evaluate(INSIDE) == []
    picture(page, "one_alone")
    page.do(lambda: page.find("sides").click())
    page.do(lambda: page.find("model", 1).select_option("hybrid"))
    assert page.find("model", 1).input_value() == "hybrid"


def test_a_click_on_a_dot_opens_the_passengers_story_so_far(window, picture):
    page = window()
    page.jump(0.28)
    box = page.find("cloud", 0).bounding_box()
    page.page.mouse.click(box["x"] + 0.78 * box["width"], box["y"] + 0.3 * box["height"])
    page.page.wait_for_selector(".story")
    told = page.page.locator("[data-do='tale']").all_inner_texts()
    assert len(told) == 2
    assert "Social team, up to now" in told[0]
    assert "Call centre 24/7, up to now" in told[1]
    assert "rates the care" not in told[0] + told[1]
    picture(page, "story")
    page.find("close-story").click()
    assert page.page.locator(".story").count() == 0


def test_a_name_in_the_feed_opens_a_story_too(window):
    page = window()
    page.page.locator("[data-side='1'] .feed a").first.click()
    page.page.wait_for_selector(".story")


def test_two_windows_do_not_touch_each_other(window):
    one, other = window(), window()
    before = other.page.inner_text("[data-side='0'] .numbers")
    one.do(lambda: one.find("play").click())
    one.drawn_after(one.frame + 3)
    one.do(lambda: one.set("team", "12", 0))
    assert other.clock.startswith("16:46 Friday")
    other.do(lambda: other.find("step").click())
    other.do(lambda: other.find("reset").click())
    assert other.page.inner_text("[data-side='0'] .numbers") == before
    assert other.find("team", 0).input_value() == "2"


def test_asks_do_not_pile_up(window):
    page = window()
    stage = "document.querySelector('.stage').__vue__"
    page.page.evaluate(f"for (let k = 0; k < 60; k++) {stage}.step()")
    page.page.wait_for_function(f"!{stage}.outstanding")
    asked = page.page.evaluate(f"[{stage}.asks, {stage}.inLine.length]")
    assert asked == [3, 0], "hello, the first step and the last"


def test_keys_work_after_a_click_on_a_button(window):
    page = window()
    page.do(lambda: page.find("step").click())
    page.do(lambda: page.page.keyboard.press("ArrowRight"))
    assert page.clock.startswith("17:06 Friday")


def test_a_frame_is_drawn_in_time_at_full_size(window):
    """Processor time of the server and the browser's drawing (docs/live.md)."""
    page = window()
    page.jump(0.97)
    counts = page.page.evaluate("document.querySelector('.stage').__vue__.crowds.map(crowd => crowd.marks.length)")
    assert min(counts) > 19_000
    spent = []
    for _ in range(9):
        page.do(lambda: page.find("step").click())
        spent.append(sum(int(page.page.get_attribute(".stage", name)) for name in ("data-server-ms", "data-draw-ms")))
    assert sorted(spent)[len(spent) // 2] < 200
