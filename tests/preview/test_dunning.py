"""Plan, letters and replay of a sample company, without a bench: `client-ledger dunning`, and the page."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from click.testing import CliRunner

from client_ledger.preview.commands.dunning import group
from client_ledger.preview.output import dunning
from client_ledger.preview.output.outputs import write_outputs
from client_ledger.preview.store import ledger_file, posting
from client_ledger.sample.documents import (
	CompanyMaster,
	CustomerMaster,
	Documents,
	DocumentTerm,
	InvoiceDocument,
)
from tests.preview.conftest import LATER as TODAY
from tests.preview.conftest import packed

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
		items = sum(item["amount"] for item in notice["items"])
		assert abs(items - notice["on_account"] - notice["total"]) < 0.005
		assert all(item["due_date"] <= str(TODAY) for item in notice["items"])
	assert f"{len(going)} notices would be sent" in run(database, "plan")


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
	assert "Notices that would have been sent" in run(database, "replay", "--months", "3")


def test_a_company_that_is_not_there_is_refused(database):
	done = CliRunner().invoke(group, ["plan", "--db", str(database), "--company", "Nobody"])
	assert done.exit_code


def test_the_page_plans_and_replays_every_policy(database, tmp_path):
	connection = ledger_file.open_store(database)
	page = write_outputs(connection, tmp_path, TODAY, with_workbook=False).page
	connection.close()
	company = next(c for c in packed(page, "main")["companies"] if c["name"] == EUROPE)
	shown = company["dunning"]
	assert shown["replayed"] == shown["customers"]
	for policy in shown["policies"]:
		name = policy["name"].lower()
		notices = json.loads(run(database, "plan", "--json", "--policy", name))
		printed = {(n["customer"], n["currency"], n["as_of"], n["total"], n["reason"]) for n in notices}
		rows = {
			(company["accounts"][p]["id"], c, day, t, why) for p, _s, day, _n, t, c, why in policy["notices"]
		}
		assert rows == printed
		past = json.loads(run(database, "replay", "--json", "--policy", name))[name]
		keys = ("messages", "customers", "paid_anyway", "most_in_a_week")
		assert policy["past"] == [past[key] for key in keys]
		assert {month: sum(counts) for month, *counts in policy["months"]} == {
			day[:7]: count for day, count in past["by_month"].items()
		}


def test_a_large_ledger_is_replayed_in_part():
	entries = {f"C-{number:04}": 20 for number in range(3000)} | {"C-HUGE": 50_000}
	part = dunning.sample(entries)
	assert part == dunning.sample(entries) and "C-HUGE" not in part
	assert 0 < sum(entries[name] for name in part) < 2 * dunning.REPLAYED
	assert dunning.sample({"A": 5, "B": 7}) == ["A", "B"]


def test_letters_show_names_as_text(tmp_path):
	customer, day, amount = '<img src=x onerror="alert(1)">', TODAY - timedelta(days=30), Decimal(100)
	documents = Documents(
		TODAY, [CompanyMaster("Acme", "A", "EUR")], [CustomerMaster(customer, customer, "EUR", "", "", "")]
	)
	invoice = InvoiceDocument(
		"I-1",
		"Acme",
		customer,
		day,
		day,
		"EUR",
		Decimal(1),
		amount,
		amount,
		terms=(DocumentTerm(day, amount),),
	)
	documents.invoices.append(invoice)
	connection = ledger_file.create(tmp_path / "evil.sqlite")
	posting.post_all(connection, documents)
	connection.close()
	options = [
		"letters",
		"--db",
		str(tmp_path / "evil.sqlite"),
		"--as-of",
		str(TODAY),
		"--out",
		str(tmp_path),
	]
	assert CliRunner().invoke(group, options).exit_code == 0
	for name in ("0001.html", "index.html"):
		text = (tmp_path / name).read_text(encoding="utf-8")
		assert "<img" not in text and "&lt;img" in text
	assert "<table" in (tmp_path / "0001.html").read_text(encoding="utf-8")
