"""The core, the ledger reader and the preview know nothing of frappe: they import where there is none."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The one module of the reader that is the site's own database.
HOST_SIDE = {
	"client_ledger.ledger.frappe_database",
	"client_ledger.ledger.site",
	"client_ledger.ledger.indexes",
}
BLOCK = """
import sys

class Block:
	def find_spec(self, name, path=None, target=None):
		if name.split(".")[0] in ("frappe", "erpnext"):
			raise ImportError(f"{name} must not be needed here")

sys.meta_path.insert(0, Block())
for name in sys.argv[1:]:
	__import__(name)
"""


def modules(package: str) -> list[str]:
	"""Return the dotted names of all modules of a package of the app."""
	paths = sorted((ROOT / "client_ledger" / package).rglob("*.py"))
	names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
	return [name.removesuffix(".__init__") for name in names if name not in HOST_SIDE]


@pytest.mark.parametrize("package", ["core", "files", "ledger", "paper", "preview"])
def test_imports_without_frappe(package):
	names = modules(package)
	assert names
	done = subprocess.run(
		[sys.executable, "-c", BLOCK, *names], cwd=ROOT, capture_output=True, text=True, check=False
	)
	assert not done.returncode, done.stderr
