"""Details in common, ledgers that tie, what is overdue; parameters that would make a control blind."""

import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from client_ledger.core.controls.catalogue import CONTROLS, WITHOUT_A_SITE, needing
from client_ledger.core.controls.control import finding_key
from client_ledger.core.controls.facts import DueFact, DueKind, FactKind, MasterFact, TieFact
from client_ledger.core.controls.master_data import plain_email, plain_phone
from client_ledger.core.controls.parameters import fingerprint, read_parameters
from tests.unit.controls.made import facts, found, keys

D = Decimal


@pytest.mark.parametrize(
	("first", "second"),
	[
		({"banks": ("DE12 3456 7890",)}, {"banks": ("de1234567890",)}),
		({"emails": ("Buero+rechnung@firma.example",)}, {"emails": ("buero@FIRMA.example",)}),
		({"phones": ("+49 40 123 4567",)}, {"phones": ("0049401234567",)}),
		({"addresses": ("上海市 南京路 100 号 2 楼",)}, {"addresses": ("上海市南京路１００号２楼",)}),
		({"tax_ids": ("DE 123-456-789",)}, {"tax_ids": ("DE123456789",)}),
	],
)
def test_the_same_however_it_is_written(first, second):
	(one,) = found("shared_details", facts(masters=[MasterFact("A", **first), MasterFact("B", **second)]))
	assert [doc.name for doc in one.documents] == ["A", "B"]
	(with_employee,) = found(
		"shared_details", facts(masters=[MasterFact("A", **first), MasterFact("E", True, **second)])
	)
	assert with_employee.severity.value == "High" and with_employee.customer == "A"
	assert with_employee.documents[0].doctype == "Employee"


def test_what_is_no_finding():
	same = {"banks": ("DE1234567890",)}
	group = [MasterFact("A", group="G", **same), MasterFact("B", group="G", **same)]
	employees = [MasterFact("E1", True, **same), MasterFact("E2", True, **same)]
	public = [MasterFact(f"C{n}", **same) for n in range(30)]
	short = [MasterFact("A", banks=("1",), emails=("", "x")), MasterFact("B", banks=("1",), emails=("", "x"))]
	for masters in (group, employees, public, short, [MasterFact("A", **same)], []):
		assert not found("shared_details", facts(masters=masters))
	assert found("shared_details", facts(masters=[*group, MasterFact("C", **same)]))


def test_one_who_has_it_twice_and_an_employee_of_the_same_name():
	twice = MasterFact("A", emails=("a@b.example", "A@b.example"))
	assert not found("shared_details", facts(masters=[twice]))
	both = [MasterFact("Lee", emails=("a@b.example",)), MasterFact("Lee", True, emails=("a@b.example",))]
	assert len(found("shared_details", facts(masters=both))) == 1


def test_plain_forms():
	assert plain_email("no address") == "" and plain_email("@x.example") == "" and plain_phone("ext.") == ""


def test_ledgers_that_do_not_tie():
	rows = found("ledger_untied", facts(ties=[TieFact("A", "1400", D("-3.10")), TieFact("B", "1400", D(0))]))
	assert keys(rows) == ["ledger_untied:1400:A"] and rows[0].amount == D("3.10")


@pytest.mark.parametrize(("code", "kind"), [("backup_overdue", DueKind.BACKUP), ("reconciliation_overdue", DueKind.RECONCILIATION), ("procedure_overdue", DueKind.PROCEDURE)])  # fmt: skip
def test_what_is_overdue(code, kind):
	at = datetime(2026, 6, 1, 9)
	open_one, done = (
		DueFact(kind, "D1", "Weekly", at),
		DueFact(kind, "D2", "Weekly", at, done=datetime(2026, 6, 9)),
	)
	coming = DueFact(kind, "D3", "Weekly", datetime(2026, 7, 1))
	(one,) = found(code, facts(dues=[open_one, done, coming]))
	assert one.key == f"{code}:D1:2026-06-01" and one.reason.values[2] == 16
	others = [DueFact(other, "X", "", at) for other in DueKind if other is not kind]
	assert not found(code, facts(dues=others))


def test_every_control_is_declared_in_full():
	assert len(CONTROLS) == 30 and set(WITHOUT_A_SITE) <= set(CONTROLS)
	for code, one in CONTROLS.items():
		assert code == one.code and len(code) <= 30
		assert all((one.name, one.risk, one.source, one.mended, one.needs))
		for parameter in one.parameters:
			assert parameter.least <= parameter.default <= parameter.most and parameter.label
			assert parameter.least < parameter.most
		assert list(one.find(facts(), one.defaults())) == [], "nothing is found where there is nothing"
	assert CONTROLS["shared_details"] in needing({FactKind.MASTERS})


def test_parameters_are_read():
	control = CONTROLS["sold_while_overdue"]
	values, problems = read_parameters(control, {"days": "60", "share": None})
	assert values == {"days": D(60), "share": D(5)} and not problems
	assert read_parameters(control, {}) == (control.defaults(), [])


@pytest.mark.parametrize(
	("given", "word"),
	[
		({"days": "9999"}, "must be between 7 and 365, not 9999"),
		({"days": "-1"}, "must be between"),
		({"days": "1.5"}, "whole number"),
		({"days": "many"}, "not a number"),
		({"days": True}, "not a number"),
		({"days": "NaN"}, "not a number"),
		({"days": "Infinity"}, "not a number"),
		({"weeks": 3}, "not a parameter"),
	],
)
def test_blind_parameters_are_refused(given, word):
	values, (problem,) = read_parameters(CONTROLS["sold_while_overdue"], given)
	assert (
		word in problem.reason.message.format(*problem.reason.values)
		and values == CONTROLS["sold_while_overdue"].defaults()
	)


def test_no_bound_lets_a_control_be_blind():
	"""At every bound an old enough, large enough case is still found."""
	late = facts(dues=[DueFact(DueKind.BACKUP, "B", "Backup", datetime(2026, 1, 1))])
	assert found("backup_overdue", late, days=CONTROLS["backup_overdue"].parameters[0].most)
	assert found("ledger_untied", facts(ties=[TieFact("A", "1400", D(1000))]), amount=100)


def test_fingerprints_and_long_keys():
	assert fingerprint({"a": D("1.0"), "b": D(2)}) == fingerprint({"b": D("2.00"), "a": D(1)})
	assert fingerprint({"a": D(1)}) != fingerprint({"a": D(2)})
	long_key = finding_key("lapping", "客" * 200)
	assert len(long_key) < 100 and long_key == finding_key("lapping", "客" * 200) != finding_key(
		"lapping", "户" * 200
	)


def test_the_page_names_every_control_and_its_bounds():
	page = (Path(__file__).parents[3] / "docs" / "controls.md").read_text(encoding="utf-8")
	assert [code for code in CONTROLS if f"`{code}`" not in page] == []
	marked = set(re.findall(r"◦ `(\w+)`", page))
	assert marked == set(WITHOUT_A_SITE)
