"""What a robot says, and its JSON for each service: a title and lines, each of which may lead somewhere.

WeCom and DingTalk read markdown and document no way to escape it: what would be read as markup, or as a mention of
people, is replaced by the full-width form of the same character. Feishu's rich text takes texts as they are.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from client_ledger.core.group_robots.services import RobotService

# Bytes of a message's content, below what each service takes.
LIMITS = {RobotService.WECOM: 4_096, RobotService.DINGTALK: 18_000, RobotService.FEISHU: 18_000}
LONGEST_LINE = 400
_MARKUP = str.maketrans(
	dict(zip("<>[]()*`#_~|@!\\", "＜＞［］（）＊｀＃＿～｜＠！＼", strict=True))
	| {"\n": " ", "\r": " ", "\0": ""}
)


@dataclass(frozen=True, slots=True)
class RobotLine:
	"""One line. address: where its text leads, none where it is empty."""

	text: str
	address: str = ""


@dataclass(frozen=True, slots=True)
class RobotMessage:
	"""A message. more: the sentence that stands for lines that do not fit, its {0} is their number."""

	title: str
	lines: Sequence[RobotLine] = ()
	more: str = "… {0}"

	def as_json(self) -> str:
		"""Return the message as it is stored."""
		lines = [[line.text, line.address] for line in self.lines]
		return json.dumps({"title": self.title, "lines": lines, "more": self.more}, ensure_ascii=False)

	@classmethod
	def from_json(cls, text: str) -> "RobotMessage":
		"""Return a stored message."""
		found = json.loads(text)
		return cls(found["title"], [RobotLine(*line) for line in found["lines"]], found["more"])


def body_of(service: RobotService, message: RobotMessage, keyword: str = "") -> dict[str, Any]:
	"""Return the JSON of a message, with as many of its lines as the service takes.

	keyword: what the robot asks every message to hold; it is put before the title where it is not in it.
	"""
	if keyword and keyword not in message.title:
		message = replace(message, title=f"{keyword} {message.title}")
	if keyword and _plain(keyword) != keyword and service is not RobotService.FEISHU:
		# A keyword of markup characters is found only where it is written as it is.
		message = replace(message, title=message.title.replace(keyword, "").strip())
	else:
		keyword = ""
	for shown in range(len(message.lines), -1, -1):
		body = _body(service, _with(message, shown), keyword)
		if _size(body) <= LIMITS[service]:
			return body
	return _body(service, replace(message, title=message.title[:50], lines=()), keyword)


def _with(message: RobotMessage, shown: int) -> RobotMessage:
	left_out = len(message.lines) - shown
	if not left_out:
		return message
	return replace(
		message,
		lines=[*message.lines[:shown], RobotLine(message.more.replace("{0}", str(left_out)))],
	)


def _size(body: dict[str, Any]) -> int:
	return len(json.dumps(body, ensure_ascii=False).encode())


def _body(service: RobotService, message: RobotMessage, keyword: str) -> dict[str, Any]:
	if service is RobotService.FEISHU:
		return _rich_text(message)
	return _markdown(service, message, keyword)


def _markdown(service: RobotService, message: RobotMessage, keyword: str) -> dict[str, Any]:
	title = f"{keyword} {_plain(message.title)}".strip()
	lines = [f"> {_link(line)}" for line in message.lines]
	# Two line breaks: a paragraph in either dialect.
	content = "\n\n".join([f"**{title}**", *lines])
	if service is RobotService.WECOM:
		return {"msgtype": "markdown", "markdown": {"content": content}}
	return {"msgtype": "markdown", "markdown": {"title": title, "text": content}}


def _link(line: RobotLine) -> str:
	text = _plain(line.text)
	return f"[{text}]({_address(line.address)})" if line.address else text


def _rich_text(message: RobotMessage) -> dict[str, Any]:
	rows = []
	for line in message.lines:
		text = line.text[:LONGEST_LINE]
		rows.append([{"tag": "a", "text": text, "href": line.address} if line.address else _text(text)])
	post = {"title": message.title, "content": rows or [[_text(message.title)]]}
	return {"msg_type": "post", "content": {"post": {"zh_cn": post}}}


def _text(text: str) -> dict[str, str]:
	return {"tag": "text", "text": text}


def _plain(text: str) -> str:
	return text.translate(_MARKUP)[:LONGEST_LINE]


def _address(address: str) -> str:
	return address.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
