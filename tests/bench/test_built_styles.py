"""The styles that the test bench serves are those that `bench build` makes of the same sources."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.every_version

APP = "client_ledger"
OVERLAY = Path(os.environ.get("FRAPPE_BENCH_ROOT", "."))
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/")
INDEXES = {"css": "assets.json", "css-rtl": "assets-rtl.json"}


def _styles(sites: Path) -> dict[str, str]:
	"""Return the text of each style sheet of ours by "css/name" and "css-rtl/rtl_name", as the site would serve it."""
	found = {}
	for folder, index in INDEXES.items():
		for name, url in json.loads((sites / "assets" / index).read_text()).items():
			if url.startswith(f"/assets/{APP}/dist/{folder}/"):
				text = (sites / url.lstrip("/")).read_text()
				found[f"{folder}/{name}"] = SOURCE_MAP.sub("", text).strip()
	return found


@pytest.fixture
def built(tmp_path: Path) -> Path:
	"""The sites folder of a scratch bench, in which Frappe's own build ran as `bench build` runs it."""
	node = shutil.which("node")
	if not node:
		pytest.skip("no node is installed, which builds the styles")
	frappe_app = (OVERLAY / "apps/frappe").resolve()
	scratch = tmp_path / "bench"
	for folder in ("apps/frappe", "sites/assets"):
		(scratch / folder).mkdir(parents=True)
	# A link would lead node back to the real bench, so the build's own folder is copied.
	shutil.copytree(frappe_app / "esbuild", scratch / "apps/frappe/esbuild")
	for path in frappe_app.iterdir():
		if path.name != "esbuild":
			(scratch / "apps/frappe" / path.name).symlink_to(path)
	source, package = OVERLAY / "apps" / APP / APP, scratch / "apps" / APP / APP
	shutil.copytree(source / "public", package / "public", ignore=shutil.ignore_patterns("dist"))
	for name in ("hooks.py", "modules.txt", "patches.txt"):
		shutil.copyfile(source / name, package / name)
	(scratch / "sites/assets" / APP).symlink_to(package / "public")
	(scratch / "sites/apps.txt").write_text(f"frappe\n{APP}\n")
	(scratch / "sites/common_site_config.json").write_text(
		(OVERLAY / "sites/common_site_config.json").read_text()
	)
	done = subprocess.run(
		[node, "esbuild", "--production", "--apps", APP],
		cwd=scratch / "apps/frappe",
		env={name: value for name, value in os.environ.items() if name != "FRAPPE_BENCH_ROOT"},
		stdin=subprocess.DEVNULL,
		capture_output=True,
		text=True,
		timeout=300,
		check=False,
	)
	assert not done.returncode, done.stdout[-3000:] + done.stderr[-1000:]
	return scratch / "sites"


def test_styles_are_those_of_bench_build(built: Path) -> None:
	expected, served = _styles(built), _styles(OVERLAY / "sites")
	assert len(expected) >= 4, "styles of both directions are expected"
	assert served.keys() == expected.keys()
	for name, text in expected.items():
		assert served[name] == text, f"{name} differs from what bench build makes"
