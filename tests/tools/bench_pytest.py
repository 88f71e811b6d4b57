"""Run by a bench's python: pytest, from the bench's environment or, where that has none, from a folder beside it.

The folder goes last on the path, so that the bench's own versions of shared packages win.
"""

import os
import sys

sys.path.append(os.environ["CLIENT_LEDGER_TEST_PACKAGES"])

if __name__ == "__main__":
	import pytest

	sys.exit(pytest.main(sys.argv[1:]))
