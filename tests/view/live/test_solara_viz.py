"""Mesa's own page shows a CareModel, with its own components and with ours."""

from __future__ import annotations

import subprocess
import sys

PAGE = """
import solara
from mesa.visualization import SolaraViz, make_plot_component
import caresim
from caresim.view.live.panel import Panel
from caresim.view.live.stage import Stage

model = caresim.CareModel(caresim.load("experiment=tokyo", "population.scale=0.02"), "social_team")
page = SolaraViz(model, components=[make_plot_component("unresolved"), Panel], name="tokyo")
box, rendered = solara.render(page, handle_error=False)
stage = rendered.find(Stage).widget
sent = []
Stage.show = lambda self, message: sent.append(message)
stage.on_ask({"ask": "hello"})
before = [message.values["time"] for message in sent if message.kind == "frame"]
assert before == [model.time], before
model.step()
stage.on_ask({"ask": "hello"})
assert sent[-1].values["time"] == model.time > before[0]
assert stage.embedded
print("rendered")
"""
"""In a process of its own: Solara takes over much of the one it runs in."""


def test_it_renders_and_shows_the_model():
    done = subprocess.run([sys.executable, "-c", PAGE], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("rendered")
