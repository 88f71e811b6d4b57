"""The mail server of the tests of dunning, for those of statements too."""

from tests.bench.dunning.conftest import _server, assets, mailbox  # noqa: F401
