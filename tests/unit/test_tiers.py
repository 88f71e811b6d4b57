"""The end of a run's output: one line per tier with the reason where it was skipped, and last the names of what failed."""

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from tests.tools import run
from tests.tools.run import (
	MOST_NAMES,
	MOST_RUN_AGAIN,
	Outcome,
	failed_names,
	node_id,
	read_lines,
	run_again,
	skip_reasons,
	summarise,
)

REPORT = """
<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4">
	<testcase classname="tests.unit.test_a" name="test_good"/>
	<testcase classname="tests.unit.test_a" name="test_bad[1-x]"><failure message="assert 0">text</failure></testcase>
	<testcase classname="tests.unit.test_b" name="test_broken"><error message="no fixture">text</error></testcase>
	<testcase classname="tests.unit.test_b" name="test_left_out"><skipped message="no bench"/></testcase>
</testsuite></testsuites>"""


def test_failed_names_are_those_of_failures_and_errors():
	names = failed_names(ElementTree.fromstring(REPORT))
	assert names == ["tests.unit.test_a::test_bad[1-x]", "tests.unit.test_b::test_broken"]


def test_reasons_of_skipped_tests_are_counted():
	assert skip_reasons(ElementTree.fromstring(REPORT)) == "no bench (1)"


def test_failed_names_come_last(capsys):
	outcomes = [
		Outcome("unit", passed=3, failed=2, names=["a::one", "a::two"]),
		Outcome("bench", skipped=1, reason="no bench"),
	]
	assert summarise(outcomes) == 1
	lines = capsys.readouterr().out.splitlines()
	assert lines[-2:] == ["failed: [unit] a::one", "failed: [unit] a::two"]
	assert lines[-3] == "3 passed, 2 failed, 1 skipped"
	assert "skipped" in lines[-4] and lines[-4].endswith("no bench")


def test_many_failed_names_do_not_push_the_tiers_away(capsys):
	names = [f"a::{i}" for i in range(500)]
	assert summarise([Outcome("unit", failed=500, names=names)]) == 1
	lines = capsys.readouterr().out.splitlines()
	assert len(lines) < MOST_NAMES + 5
	assert lines[-1] == f"and {500 - MOST_NAMES} more failed"


def test_nothing_failed_and_something_passed_is_success(capsys):
	assert summarise([Outcome("unit", passed=1), Outcome("bench", skipped=1, reason="no bench")]) == 0
	assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 0 failed, 1 skipped"
	assert summarise([Outcome("bench", skipped=1)]) == 1


def test_lines_of_a_slow_program_are_read_while_it_says_something():
	program = (
		"import time\nfor i in range(4): print(i, end=chr(10) if i % 2 else '', flush=True); time.sleep(.2)"
	)
	with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
		assert list(read_lines(process.stdout, silence=15)) == ["01", "23"]


def test_a_program_that_falls_silent_is_given_up_after_its_last_words():
	program = "import time\nprint('one', flush=True); print('tw', end='', flush=True); time.sleep(60)"
	with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
		lines = read_lines(process.stdout, silence=1)
		assert [next(lines), next(lines)] == ["one", "tw"]
		with pytest.raises(TimeoutError):
			next(lines)
		process.kill()


# Tests that failed are run once more

HERE = "tests.unit.test_tiers"


def test_a_name_of_the_report_leads_to_its_test():
	assert node_id(f"{HERE}::test_a[b::c]") == "tests/unit/test_tiers.py::test_a[b::c]"
	assert node_id(f"{HERE}.TestOne::test_a") == "tests/unit/test_tiers.py::TestOne::test_a"
	assert (
		node_id("") is None
		and node_id("tests.unit::test_a") is None
		and node_id("tests.unit.test_of_nothing::test_a") is None
	)


def again(monkeypatch, names, second: Outcome | None):
	"""Return the outcome after the second run, which is *second*; None: there must be none."""
	monkeypatch.setattr(run, "run_pytest", lambda *given: second or pytest.fail("was run again"))
	return run_again(Outcome("bench 16", passed=5, failed=len(names), seconds=9, names=names), ["python"])


def test_what_passes_the_second_time_is_named_and_no_failure(monkeypatch, capsys):
	names = [f"{HERE}::test_one", f"{HERE}::test_two"]
	outcome = again(monkeypatch, names, Outcome("bench 16 again", passed=2, seconds=1))
	assert (outcome.passed, outcome.failed, outcome.names, outcome.unsteady) == (7, 0, [], names)
	assert summarise([outcome]) == 0
	assert f"passed only when run again: [bench 16] {names[1]}" in capsys.readouterr().out.splitlines()


def test_what_fails_twice_has_failed(monkeypatch):
	names = [f"{HERE}::test_one", f"{HERE}::test_two"]
	outcome = again(monkeypatch, names, Outcome("bench 16 again", passed=1, failed=1, names=names[1:]))
	assert (outcome.passed, outcome.failed, outcome.names) == (6, 1, names[1:])
	assert outcome.unsteady == names[:1] and summarise([outcome]) == 1


@pytest.mark.parametrize(
	"names",
	[[], ["tests.unit.test_of_nothing::test_a"], [f"{HERE}::test_{i}" for i in range(MOST_RUN_AGAIN + 1)]],
)
def test_many_failures_or_what_is_no_test_are_not_run_again(monkeypatch, names):
	assert again(monkeypatch, names, None).names == names


def test_a_second_run_that_does_not_run_them_proves_nothing(monkeypatch):
	names = [f"{HERE}::test_one"]
	outcome = again(monkeypatch, names, Outcome("bench 16 again", skipped=1))
	assert (outcome.failed, outcome.names, outcome.unsteady) == (1, names, [])
