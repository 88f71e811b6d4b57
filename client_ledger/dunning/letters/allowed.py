"""What a letter's template may be made of: the named values, the two functions, plain Jinja. Anything else is a fault.

A template is checked before it is saved with a policy, and rendered where nothing else exists: neither frappe nor any
other global, no method of a value, no file to include. Free of Frappe, so that the preview holds to the same.
"""

from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache

from jinja2 import Environment, StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

FUNCTIONS = ("money", "day")
# Filters that only change the text or the list they get.
FILTERS = (
	"abs", "capitalize", "count", "default", "d", "e", "escape", "first", "float", "int", "join", "last", "length",
	"list", "lower", "max", "min", "replace", "reverse", "round", "safe", "sort", "string", "sum", "title", "trim",
	"truncate", "unique", "upper", "wordwrap",
)  # fmt: skip
TESTS = (
	"defined",
	"undefined",
	"none",
	"number",
	"string",
	"even",
	"odd",
	"eq",
	"ne",
	"lt",
	"le",
	"gt",
	"ge",
	"in",
)
# Of a loop's own variable.
LOOP = ("index", "index0", "first", "last", "length", "revindex", "revindex0")
MOST_TEXT = 100_000
_NO = (
	nodes.Include,
	nodes.Import,
	nodes.FromImport,
	nodes.Extends,
	nodes.Block,
	nodes.Macro,
	nodes.CallBlock,
	nodes.ContextReference,
	nodes.EnvironmentAttribute,
	nodes.Pow,
	nodes.Mod,
)


class NotAllowed(ValueError):
	"""A template names or does something that it may not; the text says what."""


class LetterEnvironment(ImmutableSandboxedEnvironment):
	"""Renders letters: no globals, the filters above, and no attribute of a value but an item of a mapping."""

	def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
		"""Return False: rows of items are mappings, whose items need no attribute. The loop's own are let through."""
		return type(obj).__name__ == "LoopContext" and attr in LOOP

	intercepted_binops = frozenset({"*"})

	def call_binop(self, context: object, operator: str, left: object, right: object) -> object:
		"""Multiply numbers alone: a text a million times over is no letter."""
		if not all(isinstance(value, int | float | Decimal) for value in (left, right)):
			raise SecurityError("only numbers can be multiplied")
		return super().call_binop(context, operator, left, right)

	def is_safe_callable(self, obj: object) -> bool:
		"""Return whether it is one of the functions of a letter."""
		return getattr(obj, "of_letters", False)


@lru_cache(maxsize=2)
def environment(autoescape: bool) -> Environment:
	"""Return what renders a letter's text (autoescape) or its subject, which is no HTML."""
	made = LetterEnvironment(undefined=StrictUndefined, autoescape=autoescape)
	made.globals.clear()
	made.filters = {name: made.filters[name] for name in FILTERS if name in made.filters}
	made.tests = {name: made.tests[name] for name in TESTS if name in made.tests}
	return made


def check(text: str, names: Collection[str]) -> None:
	"""Raise NotAllowed, or jinja2.TemplateSyntaxError, for a text that does more than name *names* and call the functions."""
	if len(text) > MOST_TEXT:
		raise NotAllowed(f"more than {MOST_TEXT} characters")
	tree = environment(True).parse(text)
	own = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
	for node in tree.find_all(nodes.Node):
		if isinstance(node, _NO):
			raise NotAllowed(type(node).__name__.lower())
		if isinstance(node, nodes.Name) and node.name not in {*names, *own, "loop"}:
			raise NotAllowed(node.name)
		if isinstance(node, nodes.Call):
			_check_call(node)
		if isinstance(node, nodes.Name) and node.ctx in ("store", "param") and node.name in FUNCTIONS:
			raise NotAllowed(node.name)
		if isinstance(node, nodes.Filter) and node.name not in FILTERS:
			raise NotAllowed(f"|{node.name}")
		if isinstance(node, nodes.Test) and node.name not in TESTS:
			raise NotAllowed(f"is {node.name}")
		if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
			raise NotAllowed(node.attr)


def _check_call(node: nodes.Call) -> None:
	called = node.node
	if not isinstance(called, nodes.Name) or called.name not in FUNCTIONS:
		name = called.attr if isinstance(called, nodes.Getattr) else getattr(called, "name", "()")
		raise NotAllowed(f"{name}()")
