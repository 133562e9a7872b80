"""The answer page in a real browser: on a desk, on a phone and on paper, without anything from elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from caresim.__main__ import command

WORDS = ("experiment=tokyo", "population.scale=0.02", "replications=2", "workers=1", "figures=few")
MODELS = "only=[social_team,call_center_24_7,hybrid,notice_and_waiver_friday,assistant_first,people_on_call]"
LAPTOP, PHONE, PAPER = {"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 688, "height": 1000}
"""Paper: 182 mm, what A4 has between the margins of the page."""
TOO_WIDE = """() => [...document.querySelectorAll('main *')].filter((each) => {
  const right = each.getBoundingClientRect().right;
  return right > document.documentElement.clientWidth + 1 && !each.closest('.wide, figure, pre, .unseen');
}).map((each) => each.tagName + ' ' + each.textContent.slice(0, 40))"""
"""What reaches over the edge, other than inside of what scrolls by itself."""
CUT = """() => [...document.querySelectorAll('td, th')].filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.textContent.trim().slice(0, 40))"""


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("outputs")
    assert command([*WORDS, MODELS, f"output_dir={place}"]) == 0
    return place / "latest" / "report.html"


@pytest.fixture
def opened(browser, file):
    """Opens the page in a window of a size; whatever it asks for elsewhere, or complains of, fails."""
    contexts, wrong = [], []

    def opened(size: dict, media: str = "screen"):
        context = browser.new_context(viewport=size)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text))
        page.on("request", lambda asked: asked.url.startswith(("file:", "data:")) or wrong.append(asked.url))
        page.emulate_media(media=media)
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_the_page_never_scrolls_sideways(opened, size):
    page = opened(size)
    for folded in page.query_selector_all("details"):
        folded.evaluate("each => { each.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate(TOO_WIDE) == []
    if folder := os.environ.get("CARESIM_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"answer_page_{size['width']}.png", full_page=True)


def test_on_paper_no_cell_and_no_picture_is_cut(opened):
    page = opened(PAPER, "print")
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
    widths = page.evaluate("[...document.images].map((each) => each.getBoundingClientRect().width)")
    assert widths
    assert max(widths) <= PAPER["width"]
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_every_picture_is_drawn(opened):
    page = opened(LAPTOP)
    sizes = page.evaluate("[...document.images].map((each) => each.naturalWidth)")
    assert len(sizes) == 5
    assert min(sizes) > 500


def test_words_can_be_read_on_their_ground(opened):
    """A contrast of 4.5 to 1 or more (WCAG 2.2, AA), of every text against the ground behind it."""
    page = opened(LAPTOP)
    assert page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map((part) => {
      const value = part / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (each) => {
    for (let at = each; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('main *')].filter((each) => each.innerText && each.innerText.trim()).filter(
    (each) => {
      const pair = [light(getComputedStyle(each).color), light(ground(each))].sort((a, b) => b - a);
      return (pair[0] + 0.05) / (pair[1] + 0.05) < 4.5;
    }).map((each) => each.tagName + ' ' + each.innerText.slice(0, 30));
}"""
