"""A statement as an HTML page that needs nothing else, so that it prints the same everywhere."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from client_ledger.paper.fonts import CHINESE_FAMILIES
from client_ledger.paper.layout import PaperLayout

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def html_page(layout: PaperLayout, letter_head: str = "", with_dialog: bool = False) -> str:
	"""Return the page. letter_head: HTML that is trusted, such as a site's Letter Head; everything else is escaped.

	with_dialog: the browser's print dialog opens with it.
	"""
	families = Markup(", ".join(f'"{family}"' for family in CHINESE_FAMILIES))
	return (
		_environment()
		.get_template("statement.html")
		.render(layout=layout, letter_head=Markup(letter_head), with_dialog=with_dialog, fonts=families)
	)


@cache
def _environment() -> Environment:
	return Environment(
		loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
	)
