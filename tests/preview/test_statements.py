"""`client-ledger statements`: the same figures in every format, English and Chinese, and messages for what cannot be done."""

import errno
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from pypdf import PdfReader

from client_ledger.core.formats import locale_of, money
from client_ledger.core.statements.build import StatementAsked
from client_ledger.core.statements.parts import Coverage
from client_ledger.paper import fonts, pdf
from client_ledger.preview.cli import main
from client_ledger.preview.figures.statements import StatementReader
from client_ledger.preview.output import statements as output
from client_ledger.preview.store import ledger_file
from tests.preview.conftest import TODAY

COMPANY = "Lantern Instruments Europe"


def run(database: Path, *arguments: str, code: int = 0) -> str:
	options = ["statements", "--db", str(database), "--company", COMPANY, "--as-of", str(TODAY)]
	result = CliRunner().invoke(main, [*options, *arguments])
	assert result.exit_code == code, (result.output, result.exception)
	return " ".join(result.output.split())


@pytest.fixture
def found(sample):
	"""The figures of all customers, movements and open items."""
	asked = StatementAsked(COMPANY, "EUR", TODAY, TODAY - timedelta(days=90), Coverage.BOTH)
	reader = StatementReader(sample, ledger_file.ledger(sample), asked)
	return {one.customer: one for one in reader.figures(reader.customers())}


def text_of(path: Path) -> str:
	return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def test_every_format_states_the_same_and_the_ledger_is_all_of_it(sample_path, found, tmp_path):
	since = str(TODAY - timedelta(days=90))
	options = ("--kind", "both", "--from", since, "--format", "html, pdf,xlsx", "--output", str(tmp_path))
	assert f"{sum(not one.is_empty for one in found.values())} statements" in run(sample_path, *options)
	locale = locale_of("en")
	for one in found.values():
		if one.is_empty:
			continue
		path = tmp_path / one.file_name("html")
		html, text = path.read_text(encoding="utf-8"), text_of(path.with_suffix(".pdf"))
		book = load_workbook(path.with_suffix(".xlsx"))
		assert book.sheetnames[:2] == ["Ledger", "Open Items"]
		for line in (*one.lines, *one.open_items):
			assert line.voucher.name in html and line.voucher.name in text
		for currency, amount in one.closing.by_currency.items():
			shown = money(amount, currency, locale).replace("\xa0", " ")
			assert shown in html.replace("\xa0", " ") and shown in text
			(closing,) = [r for r in book["Ledger"].values if r[1] == "Closing Balance" and r[7] == currency]
			assert round(closing[10], 2) == float(amount)
		assert sum(item.base_outstanding for item in one.open_items) == one.closing.base


def test_in_chinese_by_name_and_one_kind(sample_path, found, tmp_path):
	one = max(found.values(), key=lambda figures: len(figures.open_items))
	options = (
		"--customer",
		one.customer_name.upper(),
		"--language",
		"zh",
		"--kind",
		"open-items",
		"--format",
		"html,pdf",
	)
	run(sample_path, *options, "--output", str(tmp_path))
	# The engine sets a little space between Chinese and digits.
	text = text_of(tmp_path / one.file_name("pdf")).replace(" ", "")
	for expected in ("对账单", "期末余额", "到期日", "第1页", one.open_items[0].voucher.name):
		assert expected in text
	assert 'lang="zh"' in (tmp_path / one.file_name("html")).read_text(encoding="utf-8")
	reader = PdfReader(tmp_path / one.file_name("pdf"))
	embedded = {
		str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()
	}
	chosen = fonts.chinese_family(pdf.engine_families()).replace(" ", "").lower()
	assert any(re.sub("[^a-z]", "", chosen) in name.lower() for name in embedded), embedded


def test_the_same_ledger_makes_the_same_files(sample_path, tmp_path):
	customer = ("--customer", "CUST-0001", "--format", "html,pdf,xlsx")
	for name in ("one", "two"):
		run(sample_path, *customer, "--output", str(tmp_path / name))
	files = [sorted(path.iterdir()) for path in (tmp_path / "one", tmp_path / "two")]
	assert len(files[0]) == 3
	for one, two in zip(*files, strict=True):
		assert one.read_bytes() == two.read_bytes(), one.name


def test_names_that_are_no_file_names_stay_in_the_folder_and_apart(sample_path, tmp_path, monkeypatch):
	names = iter(["../../etc/passwd", "A/B", "a:b", "<b>*?", "名" * 200])
	real, customers = StatementReader.figures, StatementReader.customers

	def renamed(self, customers):
		for figures in real(self, customers):
			name = next(names)
			yield replace(figures, customer=name, customer_name=name, customers=((name, name),))

	monkeypatch.setattr(StatementReader, "figures", renamed)
	monkeypatch.setattr(StatementReader, "customers", lambda self, wanted: customers(self)[:5])
	run(sample_path, "--customer", "any", "--output", str(tmp_path / "in"))
	assert [path.name for path in tmp_path.iterdir()] == ["in"]
	found = {path.name.casefold() for path in (tmp_path / "in").iterdir()}
	assert len(found) == 5 and {"a-b-2025-06-30.html", "a-b-2025-06-30-2.html"} <= found


@pytest.mark.parametrize(
	("arguments", "message"),
	[
		(("--customer", "CUST-9999"), "has no customer “CUST-9999”. Did you mean: CUST-"),
		(("--customer", "小明"), "has no customer “小明”."),
		(("--as-of", "2999-01-01"), "is in the future"),
		(("--from", "2025-07-01"), "is after --as-of"),
		(("--format", "docx"), "--format docx is not known. Choose from: html, pdf, xlsx."),
		(("--format", ","), "--format names nothing"),
		(("--company", "Acme"), "Specify the company with --company"),
		(("--output", __file__), "is a file, not a folder"),
		(("--output", "/proc/nowhere"), "cannot be written to"),
	],
)
def test_bad_input_says_what_to_do(sample_path, arguments, message, tmp_path):
	assert message in run(sample_path, "--output", str(tmp_path / "out"), *arguments, code=1)


def test_a_full_disk_leaves_no_half_a_file(sample_path, tmp_path, monkeypatch):
	written = []

	def write(figures, style, file):
		written.append(figures.customer)
		file.write(b"half of it")
		if len(written) == 2:
			raise OSError(errno.ENOSPC, "No space left on device")

	monkeypatch.setattr(output.xlsx, "write", write)
	said = run(sample_path, "--format", "xlsx", "--output", str(tmp_path), code=1)
	assert "The disk is full" in said and "1 files were written before it" in said
	assert len(list(tmp_path.iterdir())) == 1


def test_without_the_engine_or_a_chinese_font_it_says_so(sample_path, tmp_path, monkeypatch):
	options = ("--format", "pdf", "--output", str(tmp_path))
	with monkeypatch.context() as patch:
		patch.setattr(fonts, "CHINESE_FAMILIES", ("No Such Font",))
		said = run(sample_path, "--language", "zh", *options, code=1)
		assert "no font with Chinese characters" in said
	monkeypatch.delattr(pdf, "typst")
	assert 'pip install "client-ledger[pdf]"' in run(sample_path, *options, code=1)
	assert not list(tmp_path.iterdir())
