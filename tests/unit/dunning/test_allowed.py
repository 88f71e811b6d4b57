"""Letters' templates: what the documentation names and nothing else, checked by what the text says and again when it renders."""

import re
from pathlib import Path

import pytest
from jinja2.exceptions import SecurityError, TemplateError

from client_ledger.dunning.letters.allowed import NotAllowed, check, environment
from client_ledger.dunning.letters.template_values import sample
from client_ledger.dunning.policies.default_policies import LANGUAGES, NAMES, read_letter

DOCS = Path(__file__).resolve().parents[3] / "docs" / "dunning.md"
VALUES = sample("en")

FORBIDDEN = [
	"{{ frappe }}",
	"{{ frappe.db.sql('select 1') }}",
	"{% set f = frappe %}{{ f }}",
	"{% if frappe.get_doc('User', 'x') %}{% endif %}",
	"{% for x in frappe.get_all('User') %}{% endfor %}",
	"{{ range(3) }}",
	"{{ namespace() }}",
	"{{ self }}",
	"{{ [].append(1) }}",
	"{{ ''.join(['a']) }}",
	"{{ customer_name.__class__ }}",
	"{{ customer_name['__class__'].mro() }}",
	"{{ money.__globals__ }}",
	"{{ money|attr('__globals__') }}",
	"{{ (money)(total)(1) }}",
	"{{ items|map('upper') }}",
	"{% set money = day %}",
	"{% macro x() %}{% endmacro %}",
	"{% include 'a' %}",
	"{% import 'a' as b %}",
	"{% extends 'a' %}",
	"{% block a %}{% endblock %}",
	"{{ 9 ** 9 }}",
	"{{ '%099999d' % 1 }}",
	"x" * 100_001,
]
FINE = {
	"{{ customer_name }}": VALUES["customer_name"],
	"{% for item in items %}{{ loop.index }}{{ item.document }}{% endfor %}": "1SINV-00012SINV-0002",
	"{% set name = company %}{{ name|upper }}": VALUES["company"].upper(),
	"{% if charges > 0 and level is defined %}yes{% else %}no{% endif %}": "yes",
	"{{ money(total * 2) == money(total + total) }}": "True",
	"{{ contact_name or customer_name }}": "Ada Li",
}


@pytest.mark.parametrize("text", FORBIDDEN)
def test_refused(text):
	with pytest.raises(NotAllowed):
		check(text, VALUES)


@pytest.mark.parametrize(("text", "written"), FINE.items())
def test_allowed(text, written):
	check(text, VALUES)
	assert environment(True).from_string(text).render(VALUES) == written


@pytest.mark.parametrize(
	"text",
	[
		"{{ frappe }}",
		"{{ customer_name.upper() }}",
		"{{ items[0].items() }}",
		"{{ customer_name['__class__'] }}",
		"{{ total.real }}",
		"{{ 'x' * 99999999 }}",
		"{{ range(3) }}",
	],
)
def test_what_slips_past_the_check_does_not_render(text):
	with pytest.raises((TemplateError, SecurityError)):
		environment(True).from_string(text).render(VALUES)


def test_values_are_text_in_html():
	text = (
		environment(True)
		.from_string("{{ customer_name }}")
		.render(customer_name="<img src=x onerror=alert(1)>")
	)
	assert text == "&lt;img src=x onerror=alert(1)&gt;"


@pytest.mark.parametrize("letter", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_letters_pass(letter, language):
	for text in read_letter(letter, language):
		check(text, VALUES)


def test_the_page_names_what_there_is():
	page = DOCS.read_text(encoding="utf-8").split("**Texts.**")[1].split("\n\n")[0]
	named = {name.split("(")[0] for name in re.findall(r"`([a-z_]+(?:\(\w+\))?)`", page)}
	assert named <= set(VALUES)
