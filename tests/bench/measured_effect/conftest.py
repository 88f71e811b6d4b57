"""The mail server of dunning's tests: what a trial moves goes out through it."""

from tests.bench.dunning.conftest import _server, mailbox  # noqa: F401
