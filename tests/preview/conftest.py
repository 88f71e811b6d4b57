"""A small sample, made once."""

import base64
import gzip
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from client_ledger.preview import i18n
from client_ledger.preview.store import ledger_file, posting
from client_ledger.sample.generator import generate

TODAY = date(2025, 6, 30)
# Of the store that dunning and the worklist look at, which has more that is late.
LATER = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def english():
	i18n.use("en")
	yield
	i18n.use("en")


@pytest.fixture(scope="session")
def documents():
	return generate(7, TODAY, 24)


@pytest.fixture(scope="session")
def sample_path(documents, tmp_path_factory):
	path = tmp_path_factory.mktemp("sample") / "sample.sqlite"
	connection = ledger_file.create(path)
	posting.post_all(connection, documents)
	ledger_file.make_indexes(connection)
	connection.close()
	return path


@pytest.fixture
def sample(sample_path):
	connection = ledger_file.open_store(sample_path)
	yield connection
	connection.close()


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
	path = tmp_path_factory.mktemp("later") / "sample.sqlite"
	connection = ledger_file.create(path)
	posting.post_all(connection, generate(3, LATER, 40))
	ledger_file.make_indexes(connection)
	connection.close()
	return path


def packed(page: Path, name: str) -> Any:
	"""Return what a block of a page holds."""
	text = page.read_text(encoding="utf-8")
	block = re.search(rf'<script type="application/octet-stream" id="{name}">([^<]*)</script>', text)
	return json.loads(gzip.decompress(base64.b64decode(block.group(1))))
