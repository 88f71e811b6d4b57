"""Cells of reports in node: whatever a name holds, each report's own formatter shows it as text.

The desk is a few lines here: what a formatter asks of it answers with the text as it is, the worst it could do.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "client_ledger"
SHARED = APP / "public" / "js" / "shared"
REPORTS = sorted(path for path in (APP / "client_ledger" / "report").glob("*/*.js"))
NAME = '<img src=x onerror="alert(1)">'

DESK = """
const __ = (text, values) => (values || []).reduce((t, v, i) => t.replace(`{${i}}`, v), String(text));
const frappe = {
	query_reports: {},
	utils: { get_link_title: (d, name) => name, get_form_link: (d, name) => `/app/${name}`, get_link: (n) => n },
	model: { can_read: (doctype) => doctype !== "Closed" },
	datetime: { get_today: () => "2026-01-01", add_months: (d) => d, add_days: (d) => d, year_start: () => "2026-01-01" },
	defaults: { get_user_default: () => "" },
	format: (value) => String(value),
	listview_settings: {},
	boot: {},
};
const locals = {};
const any = () => new Proxy(function () {}, { get: () => any(), apply: () => ({}) });
"""
RUN = """
client_ledger = { cells: { report_formatter, bold, cell_pill, cell_status }, html, raw, joined, fill,
	colours: { colour_of }, filters: new Proxy({}, { get: () => () => [] }) };
"""


def source(path: Path) -> str:
	"""A module without what ties it to others."""
	text = path.read_text(encoding="utf-8")
	text = re.sub(r"^import [^;]*;\n", "", text, flags=re.M)
	return re.sub(r"^export (default )?", "", text, flags=re.M)


def cells(report: Path) -> dict[str, str]:
	"""What the report's formatter makes of the name, by type of column and row."""
	node = shutil.which("node")
	if not node:
		pytest.skip("no node is installed, which runs scripts")
	ask = f"""
	const report = Object.values(frappe.query_reports)[0];
	const name = {json.dumps(NAME)}; const written = {{}};
	const plain = (value) => String(value);
	const names = ["customer", "customer_name", "party", "name", "voucher_no", "remarks", "payment_status", "status",
		"state", "provider", "rule", "credit_grade", "grade", "company", "reason", "document", "reference_name"];
	for (const type of ["Link", "Dynamic Link", "Data", "Select", "Small Text", undefined]) {{
		for (const options of ["Customer", "Closed", "customer", undefined]) {{
			for (const fieldname of names) {{
				for (const more of [{{}}, {{ total: 1 }}, {{ bold: 1 }}, {{ indent: 1 }}, null]) {{
					const data = more && Object.fromEntries(names.map((n) => [n, name]));
					const column = {{ fieldtype: type, fieldname, options }};
					written[[type, options, fieldname, JSON.stringify(more)]] =
						report.formatter(name, [], column, data && {{ ...data, ...more }}, plain);
				}}
			}}
		}}
	}}
	console.log(JSON.stringify(written));
	"""
	code = "\n".join(
		[
			DESK,
			source(SHARED / "html.js"),
			source(SHARED / "colours.js"),
			source(SHARED / "report_cells.js"),
			"var client_ledger;",
			RUN,
			report.read_text(encoding="utf-8"),
			"{",
			ask,
			"}",
		]
	)
	done = subprocess.run([node, "-"], input=code, capture_output=True, text=True, check=False)
	assert not done.returncode, done.stderr[-800:]
	return json.loads(done.stdout)


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_a_name_is_text_in_every_cell(report):
	found = cells(report)
	assert len(found) > 1000
	for place, written in found.items():
		assert "<img" not in written, place
	assert any("&lt;img" in written for written in found.values())
