"""`client-ledger dunning`: the plan, letters and replay of a sample company, without a bench."""

import json
from pathlib import Path

from click.testing import CliRunner

from client_ledger.preview.dunning import group
from tests.unit.preview.conftest import LATER as TODAY

EUROPE = "Lantern Instruments Europe"


def run(database: Path, *arguments: str, code: int = 0) -> str:
	options = [
		arguments[0],
		"--db",
		str(database),
		"--company",
		EUROPE,
		"--as-of",
		str(TODAY),
		*arguments[1:],
	]
	done = CliRunner().invoke(group, options)
	assert done.exit_code == code, done.output
	return done.output


def test_the_plan_of_a_policy_switched_on_today_is_its_first_level(database):
	notices = json.loads(run(database, "plan", "--json"))
	going = [notice for notice in notices if not notice["reason"]]
	assert going
	assert {notice["step"] for notice in going} == {1}
	for notice in going:
		assert abs(sum(item["amount"] for item in notice["items"]) - notice["total"]) < 0.005
		assert all(item["due_date"] <= str(TODAY) for item in notice["items"])
	assert f"{len(going)} messages would go out" in run(database, "plan")


def test_a_policy_that_was_on_before_sends_less(database):
	first = json.loads(run(database, "plan", "--json", "--policy", "strict"))
	later = json.loads(run(database, "plan", "--json", "--policy", "strict", "--already-on"))
	assert len(later) < len(first)


def test_letters_are_pages_that_name_the_invoices(database, tmp_path):
	notices = [n for n in json.loads(run(database, "plan", "--json")) if not n["reason"]]
	run(database, "letters", "--out", str(tmp_path))
	pages = sorted(path for path in tmp_path.glob("*.html") if path.name != "index.html")
	assert len(pages) == len(notices)
	texts = [page.read_text(encoding="utf-8") for page in pages]
	for notice in notices:
		assert any(all(item["document"] in text for item in notice["items"]) for text in texts)
	assert not any("{{" in text or "None" in text for text in texts)


def test_the_replay_counts_what_it_sends(database):
	found = json.loads(run(database, "replay", "--json", "--months", "12", "--against", "gentle"))
	for result in found.values():
		assert sum(result["by_month"].values()) == result["messages"] == sum(result["by_step"].values())
	assert found["standard"]["messages"] > found["gentle"]["by_step"].get("4", 0)
	assert "What would have been sent" in run(database, "replay", "--months", "3")


def test_a_company_that_is_not_there_is_refused(database):
	done = CliRunner().invoke(group, ["plan", "--db", str(database), "--company", "Nobody"])
	assert done.exit_code
