"""A user's own files, with --config-dir: staffing models, and a whole crisis out of nothing but YAML."""

from __future__ import annotations

import pytest

from caresim.config.compose import compose
from caresim.config.errors import BadInput
from caresim.config.paths import experiments

NIGHT_TEAM = """
# As it was, with the social team at work every day until midnight.
defaults:
  - social_team
  - _self_
differs: "As it was, with the social team at work every day until midnight"
desks:
  social:
    shifts: [{start: "08:00", end: "16:00"}, {start: "16:00", end: "24:00"}]
"""
FLOOD = """
# @package _global_
# A flood closes a small railway for a night: does one more person on the phone help?
name: flood
question: "A flood closes a small railway for a night: does one more person on the phone help?"
start: 2024-11-02 18:00 Europe/Berlin
timezone: Europe/Berlin
window: 24 h
warm_up: 6 h
drain: 6 h
bin: 30 min
replications: 8
seed: 5
study: {confidence: 90 %}
population:
  cohorts:
    stranded:
      people: 900
      need: {information: 0.6, assistance: 0.4}
      contacting: 0.5
      onset: {kind: pulses, pulses: [{at: 0 h, weight: 1}], spread: 2 h}
      party: {1: 0.7, 2: 0.3}
      languages: {de: 1}
      preference: {hotline: 0}
      anger: 0.2
      followers_median: 100
      followers_sigma: 1
      operators: [railway]
disruption: {}
operators:
  railway:
    channels:
      hotline: {medium: phone, lines: 30, languages: [de]}
staffing:
  two:
    differs: "Two people on the phone"
    desks:
      phones: &phones
        operator: railway
        serves: [hotline]
        kind: call_center_agent
        timezone: Europe/Berlin
        headcount: 2
        shifts: [{start: "06:00", end: "22:00"}]
        languages: [de]
        informs: true
        rebooks: false
        refunds: false
        assists: true
        sees_booking: true
        waitlists: false
        end_of_duty: finish
  three:
    differs: "Three people on the phone"
    desks:
      phones: {<<: *phones, headcount: 3}
"""


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "staffing" / "tokyo").mkdir(parents=True)
    (tmp_path / "staffing" / "tokyo" / "night_team.yaml").write_text(NIGHT_TEAM.lstrip(), encoding="utf-8")
    (tmp_path / "experiment").mkdir()
    return tmp_path


def test_an_own_staffing_model_is_added(mine):
    told = compose(["experiment=tokyo", "+staffing/tokyo@staffing.night_team=night_team"], mine)
    assert list(told.staffing)[-1] == "night_team"
    assert [shift.end for shift in told.staffing["night_team"].desks["social"].shifts] == ["16:00", "24:00"]
    assert told.staffing["night_team"].desks["tokyo_phone"] == told.staffing["social_team"].desks["tokyo_phone"]


def test_a_new_crisis_needs_nothing_but_yaml(mine):
    (mine / "experiment" / "flood.yaml").write_text(FLOOD.lstrip(), encoding="utf-8")
    told = compose(["experiment=flood", "seed=6"], mine)
    assert (told.name, told.baseline) == ("flood", "two")
    assert (told.replications, told.seed) == (8, 6)  # the file wins over the defaults, the command line over the file
    assert told.study.confidence.value == 0.9
    assert told.staffing["three"].desks["phones"].headcount.value == 3
    assert ("flood", told.question) in experiments(mine)


def test_a_file_named_like_a_packaged_one_is_refused(mine):
    (mine / "experiment" / "tokyo.yaml").write_text("# @package _global_\nname: other\n", encoding="utf-8")
    with pytest.raises(BadInput, match="packaged file") as caught:
        compose(["experiment=tokyo"], mine)
    assert "tokyo.yaml" in str(caught.value)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="must be an existing folder"):
        compose([], tmp_path / "nowhere")


def test_yaml_that_cannot_be_read_is_refused_with_its_place(mine):
    (mine / "staffing" / "tokyo" / "broken.yaml").write_text("# broken\ndesks: [\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"broken\.yaml.*line 3"):
        compose(["+staffing/tokyo@staffing.broken=broken"], mine)


def test_a_model_can_be_taken_out(mine):
    told = compose(["~staffing.hybrid", "staffing.assistant_first=null"])
    assert not {"hybrid", "assistant_first"} & set(told.staffing)


def test_composing_leaves_hydra_as_it_was():
    from hydra import compose as hydra_compose
    from hydra import initialize
    from hydra.core.global_hydra import GlobalHydra

    with initialize(None, version_base="1.3"):
        outer = GlobalHydra.instance().hydra
        compose(["experiment=tokyo"])
        assert GlobalHydra.instance().hydra is outer
        hydra_compose()
    assert not GlobalHydra.instance().is_initialized()
