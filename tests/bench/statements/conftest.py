"""The mail server of the tests of dunning, for those of the outbox too."""

from tests.bench.dunning.conftest import _server, mailbox  # noqa: F401
