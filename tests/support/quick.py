"""The quick tier: every test but those listed here is marked `quick`, and those that take long are told at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

LONG_S = 5.0
"""CPU seconds, of processes that the test starts too: a busy machine makes no test slow."""
SLOW = {
    "tests/agents/test_both_drivers.py"
    "::test_everything_through_python_is_the_compiled_run": "every event of every experiment in Python",
    "tests/agents/test_both_drivers.py"
    "::test_so_it_is_with_people_who_come_as_the_run_goes": "every event of a run in Python",
    "tests/agents/test_mesa_page.py": "every block of a page",
    "tests/agents/test_mesa_tools.py": "Mesa's own tools, in processes of their own",
    "tests/benchmarks/test_loop_in_cpp.py": "compiles C++ and runs large queues",
    "tests/benchmarks/test_measuring.py": "measures, in processes of its own",
    "tests/browser": "a server and a browser",
    "tests/config/test_composing_many.py": "composes every word list twice",
    "tests/config/test_bad_input.py::test_command_line": "starts the command line often",
    "tests/config/test_behaviour.py::test_a_number_that_the_table_lacks_is_refused": "composes once a group",
    "tests/docs/test_configuration_page.py"
    "::test_commands_on_the_page_compose_or_are_refused_as_it_says": "composes every command of the page",
    "tests/docs/test_configuration_page.py::test_keys_set_in_passing_compose": "composes every key of conf/",
    "tests/docs/test_experiments_page.py": "whole comparisons",
    "tests/docs/test_lessons_page.py": "whole comparisons",
    "tests/docs/test_readme_table.py": "whole comparisons",
    "tests/experiments": "notebooks, and a user's own folder",
    "tests/faults/test_every_task.py::test_a_killed_task_loses_the_block_at_work_alone": "tasks that are killed",
    "tests/faults/test_killing.py::test_killed_at_a_few_moments": "studies that are killed and started again",
    "tests/faults/test_long_life.py::test_files_threads_and_figures_do_not_add_up": "ten comparisons",
    "tests/faults/test_stop_signals.py": "starts the command line often",
    "tests/inference/test_coverage_of_comparisons.py": "thousands of studies",
    "tests/inference/test_coverage_of_pairs_needed.py": "thousands of studies",
    "tests/inference/test_coverage_of_study_draws.py": "thousands of studies",
    "tests/inference/test_coverage_of_summaries.py": "thousands of studies",
    "tests/inference/test_pairing.py::test_the_same_luck_makes_tokyos_differences_surer": "many runs",
    "tests/model/test_code_files.py::test_a_model_that_cannot_keep_its_code_runs_all_the_same": "compiles",
    "tests/model/test_jit.py": "compiles in processes of its own",
    "tests/packaging": "builds distributions",
    "tests/peers": "other simulators serve the same calls",
    "tests/properties/test_powers_in_random_worlds.py": "dozens of random worlds, each event watched",
    "tests/properties/test_random_worlds.py::test_all_invariants_hold_in_any_world": "150 worlds; a few are quick",
    "tests/properties/test_random_worlds.py::test_all_invariants_hold_where_many_wait_and_move_on": "40 crowded worlds",
    "tests/properties/test_two_way_worlds.py": "40 worlds with flights every way",
    "tests/properties/test_rare_turns.py": "looks for what hardly ever happens",
    "tests/recipes/test_medium.py": "a comparison and a story, interpreted",
    "tests/run/test_equal_results.py": "comparisons on threads and on a cluster",
    "tests/run/test_full_disk.py": "starts the command line often",
    "tests/run/test_cluster.py": "starts schedulers and workers",
    "tests/run/test_interruption.py": "starts the command line often",
    "tests/run/test_long_studies.py": "many blocks, again and again, and every figure",
    "tests/run/test_long_tables.py": "large tables on disk",
    "tests/run/test_only.py": "comparisons, and the command line",
    "tests/run/test_price.py::test_a_long_list_of_contacts_keeps_within_the_memory_it_asks_for": "a large file",
    "tests/run/test_price.py::test_no_request_eats_the_machine": "asks for far too much, many times",
    "tests/run/test_plugins.py": "starts the command line and a cluster",
    "tests/run/test_worker_processes.py::test_a_block_that_kills_its_workers_is_told_in_one_line": "four processes",
    "tests/run/test_worker_processes.py::test_no_worker_outlives_its_owner": "starts the command line",
    "tests/scenario/test_assistant.py": "runs of tokyo with other assistants",
    "tests/scenario/test_compiegne.py": "many evenings",
    "tests/scenario/test_equal_bytes.py": "runs without a compiler",
    "tests/scenario/test_every_number_matters.py": "two runs for every number of conf/",
    "tests/scenario/test_insourcing.py": "many runs",
    "tests/scenario/test_invariants.py": "runs of full size",
    "tests/scenario/test_messenger.py": "whole comparisons",
    "tests/scenario/test_replanning.py": "runs of full size",
    "tests/scenario/test_replay_runs.py": "whole files",
    "tests/scenario/test_storm.py": "runs of full size",
    "tests/scenario/test_tokyo_sanity.py": "runs of full size",
    "tests/scenario/test_worlds.py::test_with_capacity_without_end_nobody_waits_in_a_queue": "runs of full size",
    "tests/scenario/test_worlds.py"
    "::test_with_capacity_without_end_one_more_passenger_changes_no_other_outcome": "runs of full size",
    "tests/scenario/test_worlds.py"
    "::test_with_capacity_without_end_one_more_person_changes_no_outcome": "runs of full size",
    "tests/security/test_files_run_nothing.py"
    "::test_a_run_in_a_folder_full_of_traps_springs_none": "starts the command line, with every figure",
    "tests/tasks/compare/test_after_run.py::test_packaged_experiments_are_silent": "whole comparisons",
    "tests/tasks/backtest/test_backtest.py": "runs for many facts",
    "tests/tasks/backtest/test_backtested.py": "a comparison for every stylised fact",
    "tests/tasks/compare/sweep/test_sweep.py": "whole sweeps",
    "tests/tasks/compare/test_figures.py"
    "::test_drawing_leaves_the_callers_rules_and_figures_alone": "draws every figure",
    "tests/tasks/compare/test_figures.py::test_one_and_ten_staffing_models_draw": "draws every figure twice",
    "tests/tasks/compare/test_figures.py::test_saved_bytes_repeat": "draws every figure twice",
    "tests/tasks/dashboard/test_ending.py": "starts the server",
    "tests/tasks/dashboard/test_server.py": "starts the server",
    "tests/tasks/explain/test_explaining.py": "all combinations of factors",
    "tests/tasks/explain/test_hybrids.py": "runs of mixed staffing models",
    "tests/tasks/plan/test_parts.py::test_the_published_call_centre_has_a_known_optimum": "plans a whole call centre",
    "tests/tasks/nowcast/test_nowcast.py": "whole nowcasts",
    "tests/tasks/nowcast/desk/test_desk.py": "whole nowcasts",
    "tests/tasks/plan/test_planning.py": "whole plans",
    "tests/tasks/story/test_story.py": "whole stories of several experiments",
    "tests/tasks/story/test_story_view.py": "pictures of stories",
    "tests/tasks/story/test_watching.py": "watches every event of whole runs",
    "tests/tasks/test_registry.py": "starts the command line of a copy",
    "tests/test_command_line.py": "starts the command line often",
    "tests/theory/test_engine.py": "long runs against theory",
    "tests/theory/test_engine_power.py": "long runs against theory",
    "tests/theory/test_engine_same_luck.py": "long runs against theory",
}
"""Folders, files and tests that are not quick, each with what takes so long."""


def is_slow(name: str) -> bool:
    """Is a test, by its name (folder/file::test[case]), one of the listed or in one of them?"""
    return any(name == entry or name.startswith((f"{entry}/", f"{entry}::", f"{entry}[")) for entry in SLOW)


def cpu_seconds() -> float:
    """Of this process and of its children that have ended."""
    return sum(os.times()[:4])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "quick: all tests but those that tests/support/quick.py lists")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not is_slow(item.nodeid):
            item.add_marker("quick")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    before = cpu_seconds()
    try:
        return (yield)
    finally:
        item.user_properties.append(("cpu_s", cpu_seconds() - before))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Of a run of the quick tier: which tests do not belong there."""
    if config.getoption("markexpr") != "quick":
        return
    spent = {
        report.nodeid: dict(report.user_properties).get("cpu_s", 0.0)
        for report in terminalreporter.stats.get("passed", [])
    }
    for name, seconds in sorted(spent.items(), key=lambda each: -each[1]):
        if seconds > LONG_S:
            terminalreporter.write_line(f"not quick, {seconds:.1f} CPU seconds: {name} (tests/support/quick.py)")
