"""Mesa's own page shows a CareModel, with its own components and with ours: the snippet of the documentation runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs" / "live.md"
CHECKS = """
import solara
from caresim.view.live.stage import Stage

box, rendered = solara.render(page, handle_error=False)
stage = rendered.find(Stage).widget
assert stage.embedded
sent = []
Stage.show = lambda self, message: sent.append(message)
stage.on_ask({"ask": "hello"})
assert [message.kind for message in sent] == ["setup", "frame"]
assert sent[-1].values["time"] == model.time
model.step()
stage.on_ask({"ask": "hello"})
assert sent[-1].values["time"] == model.time > sent[1].values["time"]
print("rendered")
"""


def test_the_page_of_the_documentation_renders_and_shows_the_model():
    """In a process of its own: Solara takes over much of the one it runs in."""
    (snippet,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), flags=re.DOTALL)
    small = snippet.replace('"experiment=tokyo"', '"experiment=tokyo", "population.scale=0.02"')
    assert small != snippet
    done = subprocess.run([sys.executable, "-c", small + CHECKS], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("rendered")
