"""The desk's scripts without a desk: what they ask the server for exists, and their HTML escapes by itself."""

import ast
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "client_ledger"
HTML = APP / "public" / "js" / "shared" / "html.js"
# A string that is a dotted path of ours from the package on, of at least a module and a function.
PATH = re.compile(r"""["'`](client_ledger(?:\.\w+){2,})["'`]""")


def sources() -> list[Path]:
	"""Return our scripts and exported documents, without what is built or others' work."""
	return [
		path
		for kind in ("*.js", "*.json")
		for path in sorted(APP.rglob(kind))
		if not {"dist", "static", "preview"} & set(path.relative_to(APP).parts)
		and not any(parent.is_symlink() for parent in path.parents)
	]


def named_paths() -> list[tuple[str, str]]:
	"""Return each dotted path that a script or document names, with the file that names it."""
	return sorted(
		{
			(path, str(source.relative_to(ROOT)))
			for source in sources()
			for path in PATH.findall(source.read_text(encoding="utf-8"))
		}
	)


def whitelisted(module: str) -> set[str]:
	"""Return the functions of a module that a browser may call, found without importing it."""
	source = ROOT.joinpath(*module.split(".")).with_suffix(".py")
	if not source.exists():
		return set()
	return {
		node.name
		for node in ast.parse(source.read_text(encoding="utf-8")).body
		if isinstance(node, ast.FunctionDef)
		and any("whitelist" in ast.unparse(decorator) for decorator in node.decorator_list)
	}


def test_there_is_something_to_check():
	assert len(named_paths()) > 40


@pytest.mark.parametrize(("path", "source"), named_paths(), ids=lambda value: value)
def test_what_a_script_asks_for_may_be_asked(path, source):
	module, _, name = path.rpartition(".")
	assert name in whitelisted(module), f"{source} names {path}"


@pytest.mark.parametrize("source", [path for path in sources() if path.suffix == ".js"], ids=lambda p: p.name)
def test_no_path_is_put_together(source):
	"""A path that is only whole at run time could not be checked, nor found by a search."""
	found = re.findall(
		r"`client_ledger\.[\w.]*\$\{|[\"']client_ledger\.[\w.]*\.[\"']\s*\+", source.read_text()
	)
	assert not found


def run_html(expression: str) -> str:
	"""Evaluate an expression with html, raw, joined and fill in node, and return its text."""
	node = shutil.which("node")
	if not node:
		pytest.skip("no node is installed, which runs scripts")
	code = f"""
		import {{ html, raw, joined, fill, is_html }} from "data:text/javascript;base64,{_base64(HTML)}";
		console.log(JSON.stringify(String({expression})));
	"""
	done = subprocess.run(
		[node, "--input-type=module", "-e", code], capture_output=True, text=True, check=False
	)
	assert not done.returncode, done.stderr
	return json.loads(done.stdout)


def _base64(path: Path) -> str:
	import base64

	return base64.b64encode(path.read_bytes()).decode()


@pytest.mark.parametrize(
	("expression", "expected"),
	[
		("html`<td>${'<b>&\"\\'</b>'}</td>`", "<td>&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;</td>"),
		("html`<td>${html`<b>${'<'}</b>`}</td>`", "<td><b>&lt;</b></td>"),
		("html`${raw('<br>')}`", "<br>"),
		("html`<p>${['<', html`<i></i>`, 0]}</p>`", "<p>&lt;<i></i>0</p>"),
		("html`${null}${undefined}${false}${''}`", ""),
		('html`<p title="${\'" onclick="x\'}"></p>`', '<p title="&quot; onclick=&quot;x"></p>'),
		("joined(['<', '', html`<i></i>`])", "&lt;<br><i></i>"),
		("joined(['a', 'b'], ', ')", "a, b"),
		("fill('{1} <of> {0}', ['<', html`<b></b>`])", "<b></b> &lt;of&gt; &lt;"),
		# What only looks like our HTML is text: an answer of the server is data.
		("html`${{ text: '<b>', toString: () => '<b>' }}`", "&lt;b&gt;"),
		("is_html(html`x`) && !is_html('x')", "true"),
	],
)
def test_html_escapes_by_itself(expression, expected):
	assert run_html(expression) == expected
