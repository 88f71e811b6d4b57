"""The services that have group robots, and which addresses are theirs: https alone, and no host but the service's own.

An administrator may allow other hosts (a relay in the company's own network); nobody else can have the site call one.
"""

from collections.abc import Collection
from enum import Enum
from urllib.parse import SplitResult, parse_qs, urlsplit

from client_ledger.core.marked import marked

HTTPS_PORT = 443
LONGEST_ADDRESS = 500


class RobotService(Enum):
	"""Who runs the robot."""

	WECOM = "WeCom"
	DINGTALK = "DingTalk"
	FEISHU = "Feishu"


HOSTS: dict[RobotService, tuple[str, ...]] = {
	RobotService.WECOM: ("qyapi.weixin.qq.com",),
	RobotService.DINGTALK: ("oapi.dingtalk.com",),
	# Lark is Feishu outside China.
	RobotService.FEISHU: ("open.feishu.cn", "open.larksuite.com"),
}
# What an address must hold to be one of a robot's: the parameter with its key, or how its path begins.
_KEYS = {RobotService.WECOM: "key", RobotService.DINGTALK: "access_token"}
_FEISHU_PATH = "/open-apis/bot/v2/hook/"


class BadAddress(ValueError):
	"""An address that is not used. text: why, to be translated; its {0} is `value`."""

	def __init__(self, text: str, value: str = ""):
		super().__init__(text)
		self.text, self.value = text, value


def checked_address(service: RobotService, address: str, allowed: Collection[str] = ()) -> SplitResult:
	"""Return the parts of a robot's address. allowed: further hosts, "host" or "host:port". Raises BadAddress."""
	address = address.strip()
	if len(address) > LONGEST_ADDRESS or not address.isascii() or any(c.isspace() for c in address):
		raise BadAddress(marked("The address is no web address. Copy it from the robot's settings."))
	try:
		parts = urlsplit(address)
		port = parts.port or HTTPS_PORT
	except ValueError as error:
		raise BadAddress(
			marked("The address is no web address. Copy it from the robot's settings.")
		) from error
	if parts.scheme != "https":
		raise BadAddress(marked("The address must begin with https://."))
	if parts.username is not None or parts.password is not None or not parts.hostname:
		raise BadAddress(marked("The address is no web address. Copy it from the robot's settings."))
	if not _is_own(service, parts, port) and not _is_allowed(parts.hostname, port, allowed):
		raise BadAddress(
			marked(
				"{0} is not a host of this service. A System Manager can allow it in the site's configuration (client_ledger_robot_hosts)."
			),
			parts.hostname,
		)
	if not _names_a_robot(service, parts):
		raise BadAddress(marked("The address names no robot. Copy the whole address from its settings."))
	return parts


def _is_own(service: RobotService, parts: SplitResult, port: int) -> bool:
	return parts.hostname in HOSTS[service] and port == HTTPS_PORT


def _is_allowed(host: str, port: int, allowed: Collection[str]) -> bool:
	wanted = {f"{host}:{port}", *((host,) if port == HTTPS_PORT else ())}
	return bool(wanted & {str(one).strip().lower() for one in allowed})


def _names_a_robot(service: RobotService, parts: SplitResult) -> bool:
	if service is RobotService.FEISHU:
		return parts.path.startswith(_FEISHU_PATH) and len(parts.path) > len(_FEISHU_PATH)
	return any(parse_qs(parts.query).get(_KEYS[service], ()))
