"""Robots: whose addresses are called, signatures as the services document them, what an answer means, when to try again."""

import hmac
import json
from base64 import b64decode
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.group_robots import answers
from client_ledger.core.group_robots.answers import DeliveryResult, read_answer
from client_ledger.core.group_robots.messages import LIMITS, RobotLine, RobotMessage, body_of
from client_ledger.core.group_robots.schedule import BACKOFF, MOST_TRIES, PER_MINUTE, next_try, next_turn
from client_ledger.core.group_robots.services import BadAddress, RobotService, checked_address
from client_ledger.core.group_robots.signing import dingtalk_sign, feishu_sign, signed, without_secrets

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=a1b2"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0f1e2d"
ADDRESSES = {
	RobotService.WECOM: WECOM,
	RobotService.DINGTALK: DINGTALK,
	RobotService.FEISHU: FEISHU,
}
NOW = datetime(2026, 11, 28, 9, 30)


@pytest.mark.parametrize("service", RobotService)
def test_the_services_own_addresses_are_taken(service):
	assert checked_address(service, ADDRESSES[service]).scheme == "https"


@pytest.mark.parametrize(
	"address",
	[
		"",
		"nonsense",
		WECOM.replace("https", "http"),
		WECOM.replace("https", "file"),
		WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com.evil.example"),
		WECOM.replace("qyapi.weixin.qq.com", "evil.example@qyapi.weixin.qq.com"),
		WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com@evil.example"),
		WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com:8443"),
		WECOM.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com:port"),
		WECOM.replace("qyapi.weixin.qq.com", "127.0.0.1"),
		WECOM.replace("qyapi.weixin.qq.com", "[::1]"),
		WECOM.replace("qyapi.weixin.qq.com", "169.254.169.254"),
		WECOM.replace("key=", "no="),
		WECOM + "\nHost: evil.example",
		WECOM.replace("qyapi", "ｑyapi"),
		DINGTALK,
		"https://qyapi.weixin.qq.com/" + "x" * 600,
	],
)
def test_no_other_address_is_called(address):
	with pytest.raises(BadAddress):
		checked_address(RobotService.WECOM, address)


def test_an_administrator_may_allow_another_host_and_no_other_port():
	relay = WECOM.replace("qyapi.weixin.qq.com", "relay.corp.example:8443")
	assert checked_address(RobotService.WECOM, relay, ["relay.corp.example:8443"]).port == 8443
	with pytest.raises(BadAddress, match="not a host"):
		checked_address(RobotService.WECOM, relay, ["relay.corp.example"])
	plain = relay.replace("https", "http")
	with pytest.raises(BadAddress, match="https"):
		checked_address(RobotService.WECOM, plain, ["relay.corp.example:8443"])


def test_dingtalks_signature_is_in_the_address():
	request = signed(RobotService.DINGTALK, DINGTALK, {"msgtype": "text"}, "SECabc", 1_700_000_000.123)
	query = parse_qs(urlsplit(request.address).query)
	assert query["timestamp"] == ["1700000000123"] and query["access_token"] == ["a1b2"]
	expected = hmac.digest(b"SECabc", b"1700000000123\nSECabc", "sha256")
	assert b64decode(query["sign"][0]) == expected
	assert "sign" not in json.loads(request.body)


def test_feishus_signature_is_in_the_body():
	request = signed(RobotService.FEISHU, FEISHU, {"msg_type": "text"}, "abc", 1_700_000_000.9)
	body = json.loads(request.body)
	assert request.address == FEISHU and body["timestamp"] == "1700000000"
	assert b64decode(body["sign"]) == hmac.digest(b"1700000000\nabc", b"", "sha256")


def test_signatures_do_not_change():
	"""Calculated once with another program: openssl dgst -sha256 -hmac."""
	assert dingtalk_sign("1700000000123", "SECabc") == "IqXBU/aLfwMA3S/tDcfRmHx5vWHw9Y1aOgFLBr1Ti9w="
	assert feishu_sign("1700000000", "abc") == "VIS10b0EBvzzSdFnuk4tznEmK5wHaruvf/WnViv2yR4="


def test_wecom_is_not_signed_and_nobody_without_a_secret():
	for service, address in ADDRESSES.items():
		request = signed(service, address, {"a": 1}, "abc" if service is RobotService.WECOM else "", 1.0)
		assert (request.address, json.loads(request.body)) == (address, {"a": 1})


def test_a_request_shows_no_secret():
	request = signed(RobotService.DINGTALK, DINGTALK, {}, "SECabc", 1.0)
	assert "a1b2" not in repr(request) and "SEC" not in repr(request)
	assert without_secrets("x SEC+a/b x SEC%2Ba%2Fb", "SEC+a/b") == "x *** x ***"


def test_each_services_json():
	message = RobotMessage("3 warnings", [RobotLine("Acme <1>", "https://x.example/a b"), RobotLine("more")])
	wecom = body_of(RobotService.WECOM, message)
	assert wecom == {
		"msgtype": "markdown",
		"markdown": {"content": "**3 warnings**\n\n> [Acme ＜1＞](https://x.example/a%20b)\n\n> more"},
	}
	dingtalk = body_of(RobotService.DINGTALK, message)
	assert dingtalk["markdown"]["title"] == "3 warnings"
	assert dingtalk["markdown"]["text"] == wecom["markdown"]["content"]
	feishu = body_of(RobotService.FEISHU, message)
	post = feishu["content"]["post"]["zh_cn"]
	assert (feishu["msg_type"], post["title"]) == ("post", "3 warnings")
	assert post["content"][0] == [{"tag": "a", "text": "Acme <1>", "href": "https://x.example/a b"}]
	assert RobotMessage.from_json(message.as_json()) == message


@pytest.mark.parametrize("service", [RobotService.WECOM, RobotService.DINGTALK])
def test_a_name_is_no_markup_and_mentions_nobody(service):
	message = RobotMessage("<@all> **x**", [RobotLine("[a](https://evil.example)\n# <@all> @13800000000")])
	body = body_of(service, message)
	text = json.dumps(body, ensure_ascii=False)
	assert "<@" not in text and "](" not in text and "@138" not in text
	# Nothing in bold but the title, as it is written.
	assert text.count("**") == 2


@pytest.mark.parametrize("keyword", ["告警", "#警", "[CL]"])
def test_the_keyword_is_in_the_title_once(keyword):
	for service in RobotService:
		assert keyword in json.dumps(body_of(service, RobotMessage("x"), keyword), ensure_ascii=False)
		body = json.dumps(body_of(service, RobotMessage(f"{keyword} x"), keyword), ensure_ascii=False)
		once = 2 if service is RobotService.DINGTALK else 1
		assert body.count(keyword) <= once + (service is RobotService.FEISHU)


@given(
	st.sampled_from(RobotService),
	st.text(max_size=300),
	st.lists(st.text(max_size=600), max_size=60),
)
def test_no_message_is_longer_than_the_service_takes(service, title, texts):
	message = RobotMessage(title, [RobotLine(text, "https://x.example/") for text in texts], "and {0} more")
	body = body_of(service, message)
	content = body["markdown"]["content"] if service is RobotService.WECOM else json.dumps(body)
	if service is RobotService.WECOM:
		assert len(content.encode("utf-8", "surrogatepass")) <= LIMITS[service]


def test_what_does_not_fit_is_counted():
	message = RobotMessage("x", [RobotLine("y" * 300)] * 30, "and {0} more")
	content = body_of(RobotService.WECOM, message)["markdown"]["content"]
	shown = content.count("yyy" * 100)
	assert content.endswith(f"> and {30 - shown} more") and 5 < shown < 14


@pytest.mark.parametrize(
	("service", "status", "body", "result", "why"),
	[
		(RobotService.WECOM, 200, {"errcode": 0, "errmsg": "ok"}, DeliveryResult.SENT, ""),
		(RobotService.DINGTALK, 200, {"errcode": 0, "errmsg": "ok"}, DeliveryResult.SENT, ""),
		(RobotService.FEISHU, 200, {"code": 0, "msg": "success"}, DeliveryResult.SENT, ""),
		(RobotService.FEISHU, 200, {"StatusCode": 0, "StatusMessage": "success"}, DeliveryResult.SENT, ""),
		(RobotService.WECOM, 200, {"errcode": 45009}, DeliveryResult.TRY_AGAIN, answers.TOO_FAST),
		(RobotService.WECOM, 200, {"errcode": -1}, DeliveryResult.TRY_AGAIN, answers.BUSY),
		(RobotService.WECOM, 200, {"errcode": 93000}, DeliveryResult.REFUSED, answers.NO_ROBOT),
		(RobotService.DINGTALK, 200, {"errcode": 130101}, DeliveryResult.TRY_AGAIN, answers.TOO_FAST),
		(
			RobotService.DINGTALK,
			200,
			{"errcode": 310000, "errmsg": "sign not match"},
			DeliveryResult.REFUSED,
			answers.BAD_SIGNATURE,
		),
		(
			RobotService.DINGTALK,
			200,
			{"errcode": 310000, "errmsg": "keywords not in content"},
			DeliveryResult.REFUSED,
			answers.NO_KEYWORD,
		),
		(RobotService.FEISHU, 200, {"code": 19021}, DeliveryResult.REFUSED, answers.BAD_SIGNATURE),
		(RobotService.FEISHU, 200, {"code": 11232}, DeliveryResult.TRY_AGAIN, answers.TOO_FAST),
		(RobotService.FEISHU, 400, {"code": 19024}, DeliveryResult.REFUSED, answers.NO_KEYWORD),
		(RobotService.FEISHU, 200, {"code": 7}, DeliveryResult.REFUSED, answers.REFUSED),
		(RobotService.WECOM, 500, None, DeliveryResult.TRY_AGAIN, answers.BUSY),
		(RobotService.WECOM, 503, None, DeliveryResult.TRY_AGAIN, answers.BUSY),
		(RobotService.WECOM, 502, None, DeliveryResult.UNKNOWN, answers.NO_ANSWER),
		(RobotService.WECOM, 504, None, DeliveryResult.UNKNOWN, answers.NO_ANSWER),
		(RobotService.WECOM, 302, None, DeliveryResult.REFUSED, answers.MOVED),
		(RobotService.WECOM, 404, None, DeliveryResult.REFUSED, answers.REFUSED),
		(RobotService.WECOM, 200, None, DeliveryResult.UNKNOWN, answers.NOT_UNDERSTOOD),
		(RobotService.WECOM, 200, [], DeliveryResult.UNKNOWN, answers.NOT_UNDERSTOOD),
		(RobotService.WECOM, 200, {"errcode": True}, DeliveryResult.UNKNOWN, answers.NOT_UNDERSTOOD),
		(RobotService.WECOM, 200, {"errcode": "0"}, DeliveryResult.UNKNOWN, answers.NOT_UNDERSTOOD),
	],
)
def test_what_an_answer_means(service, status, body, result, why):
	content = b"<html>" if body is None else json.dumps(body).encode()
	answer = read_answer(service, status, content)
	assert (answer.result, answer.why) == (result, why)


def test_a_wait_that_the_service_asks_for_is_kept():
	assert read_answer(RobotService.WECOM, 429, b"", "120").wait == 120
	assert read_answer(RobotService.WECOM, 429, b"", "Wed, 21 Oct").wait > 60
	assert read_answer(RobotService.WECOM, 429, b"", "9" * 12).wait <= 3600
	assert read_answer(RobotService.WECOM, 200, b"x", cut=True).result is DeliveryResult.UNKNOWN


@given(st.sampled_from(RobotService), st.integers(100, 599), st.binary(max_size=200))
def test_no_answer_is_too_strange(service, status, body):
	answer = read_answer(service, status, body)
	assert (answer.result is DeliveryResult.SENT) == (answer.why == "")


@given(st.lists(st.integers(0, 200), max_size=60))
def test_never_more_than_the_service_takes_in_a_minute(seconds):
	tries: list[datetime] = []
	now = NOW
	for step in seconds:
		now = max(now + timedelta(seconds=step % 7), next_turn(tries, now))
		tries.append(now)
		assert sum(moment > now - timedelta(minutes=1) for moment in tries) <= PER_MINUTE


def test_tries_come_further_apart_and_end():
	moments = [next_try(tried, NOW) for tried in range(1, MOST_TRIES)]
	assert moments == sorted(moments) and len(set(moments)) == len(BACKOFF)
	assert next_try(MOST_TRIES, NOW) is None
	assert next_try(1, NOW, wait=600) == NOW + timedelta(seconds=600)
