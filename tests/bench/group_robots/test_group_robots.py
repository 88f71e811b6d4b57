"""Robots on a site against a TLS server on loopback: signed, once, again where it certainly did not arrive, never where nobody knows."""

import json
import time
from datetime import timedelta

import frappe
import pytest
from frappe.model.base_document import get_controller
from frappe.utils import now_datetime

from client_ledger.core.group_robots.messages import RobotLine, RobotMessage
from client_ledger.core.group_robots.signing import dingtalk_sign, feishu_sign
from client_ledger.group_robots import api, deliveries, transport
from client_ledger.group_robots.decisions import send_again
from client_ledger.group_robots.robots import read_robot
from tests.bench import factories as f
from tests.bench.group_robots.robot_server import RobotServer, hangs, never_ends, says, trickles

MESSAGE = RobotMessage("2 new warnings", [RobotLine("Müller & Söhne <b>", "https://erp.example/1")])
KEY, SECRET = "key-very-secret-1", "SEC-hush-hush"


@pytest.fixture
def server(tmp_path, monkeypatch):
	found = RobotServer(tmp_path)
	monkeypatch.setenv("SSL_CERT_FILE", str(found.certificate))
	monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
	monkeypatch.setitem(frappe.local.conf, "client_ledger_robot_hosts", [found.host])
	monkeypatch.setattr(transport, "ALL_SECONDS", 1.5)
	monkeypatch.setattr(transport.post, "__defaults__", (1.5,))
	yield found
	found.close()


def make_robot(server, service="WeCom", **values):
	paths = {
		"WeCom": f"/cgi-bin/webhook/send?key={KEY}",
		"DingTalk": f"/robot/send?access_token={KEY}",
		"Feishu": f"/open-apis/bot/v2/hook/{KEY}",
	}
	return frappe.get_doc(
		{
			"doctype": "Group Robot",
			"title": values.pop("title", f"Robot {service}"),
			"service": service,
			"address": f"https://{server.host}{paths[service]}",
			**({} if service == "WeCom" else {"secret": SECRET}),
			**values,
		}
	).insert()


def put(robot, key="k1"):
	return deliveries.put(robot.name, key, MESSAGE)


def row(name):
	return frappe.db.get_value("Robot Delivery", name, "*", as_dict=True)


def send(name, minutes=0):
	return deliveries.send(name, now_datetime() + timedelta(minutes=minutes))


def test_a_message_is_sent_once_however_often_it_is_put_and_sent(server):
	robot = make_robot(server)
	name = put(robot)
	assert put(robot) is None
	assert send(name) == "Sent"
	assert send(name, 60) is None and deliveries.send_due() == {}
	assert len(server.received) == 1
	path, body = server.received[0]
	assert path == f"/cgi-bin/webhook/send?key={KEY}"
	assert body["markdown"]["content"].endswith("> [Müller & Söhne ＜b＞](https://erp.example/1)")
	assert row(name).sent_on and not row(name).reason
	assert frappe.db.get_value("Group Robot", robot.name, "last_sent_on")


def test_dingtalk_and_feishu_are_signed(server):
	assert send(put(make_robot(server, "DingTalk"))) == "Sent"
	path, _body = server.received[0]
	from urllib.parse import parse_qs, urlsplit

	query = parse_qs(urlsplit(path).query)
	assert query["sign"] == [dingtalk_sign(query["timestamp"][0], SECRET)]
	assert abs(int(query["timestamp"][0]) / 1000 - time.time()) < 60
	server.answer = says({"code": 0, "msg": "success", "data": {}})
	assert send(put(make_robot(server, "Feishu"), "k2")) == "Sent"
	_path, body = server.received[1]
	assert body["sign"] == feishu_sign(body["timestamp"], SECRET)
	assert body["content"]["post"]["zh_cn"]["content"][0][0]["text"] == "Müller & Söhne <b>"


def test_nothing_stored_shown_or_logged_holds_a_secret(server):
	robot = make_robot(server, "DingTalk")
	robot.reload()
	robot.keyword = "CL"
	robot.save(ignore_version=False)
	server.answer = says({"errcode": 310000, "errmsg": f"sign not match {SECRET} access_token={KEY}"})
	name = put(robot)
	assert send(name) == "Failed"
	assert "***" in row(name).detail
	stored = [
		frappe.db.get_value("Group Robot", robot.name, "*", as_dict=True),
		frappe.get_doc("Group Robot", robot.name).as_dict(),
		row(name),
		*frappe.get_all("Version", {"docname": robot.name}, ["*"]),
		*frappe.get_all("Error Log", fields=["*"], limit=50),
		*frappe.get_all("Comment", {"reference_name": robot.name}, ["*"]),
	]
	text = frappe.as_json(stored)
	assert KEY not in text and SECRET not in text
	assert read_robot(robot.name).address.endswith(KEY)
	assert KEY not in repr(read_robot(robot.name)) and SECRET not in repr(read_robot(robot.name))


@pytest.mark.parametrize(
	("answer", "status", "why"),
	[
		(says(b"", 500), "Waiting", "out of order"),
		(says({"errcode": 45009}), "Waiting", "no more messages"),
		(says({"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}), "Failed", "refused"),
		(says(b"", 302, Location="https://localhost:1/"), "Failed", "not followed"),
		(says({"errcode": 93000}), "Failed", "no such robot"),
		(says(b"<html>captive portal</html>"), "Unknown", "not one of a robot"),
		(never_ends, "Unknown", "too long"),
		(hangs, "Unknown", "did not answer"),
		(trickles, "Unknown", "did not answer"),
		(says(b"", 504), "Unknown", "did not answer"),
	],
	ids=["500", "rate", "code", "redirect", "unknown robot", "html", "huge", "hang", "trickle", "504"],
)
def test_what_becomes_of_a_message_that_is_not_taken(server, answer, status, why):
	server.answer = answer
	name = put(make_robot(server))
	began = time.monotonic()
	assert send(name) == status
	assert time.monotonic() - began < 6
	assert why in row(name).reason
	assert len(server.received) == 1
	# What may have arrived is not sent again by itself, nor what was refused.
	server.answer = says({"errcode": 0})
	later = now_datetime() + timedelta(days=2)
	deliveries.send_due(later)
	assert len(server.received) == (2 if status == "Waiting" else 1)
	assert row(name).status == ("Sent" if status == "Waiting" else status)


def test_tries_end(server):
	server.answer = says(b"", 500)
	name = put(make_robot(server))
	now = now_datetime()
	for day in range(12):
		deliveries.send_due(now + timedelta(days=day))
	assert row(name).status == "Failed" and row(name).tries == len(server.received) == 7


def test_a_service_that_is_not_there_is_tried_again(server):
	robot = make_robot(server)
	server.close()
	name = put(robot)
	assert send(name) == "Waiting"
	assert (row(name).tries, row(name).reason) == (1, "The service could not be reached.")
	assert row(name).next_try > now_datetime()


def test_a_certificate_of_somebody_else_is_not_trusted(server, monkeypatch):
	monkeypatch.delenv("SSL_CERT_FILE")
	name = put(make_robot(server))
	assert send(name) == "Waiting"
	assert "certificate" in row(name).detail and not server.received


def test_no_more_than_twenty_in_a_minute(server):
	robot, other = make_robot(server), make_robot(server, title="Other")
	names = [put(robot, f"k{number}") for number in range(25)]
	now = now_datetime()
	for name in names:
		deliveries.send(name, now)
	assert len(server.received) == 20
	assert send(put(other, "other")) == "Sent"
	waiting = [row(name) for name in names if row(name).status == "Waiting"]
	assert len(waiting) == 5 and all(one.next_try > now for one in waiting)
	deliveries.send_due(now + timedelta(seconds=62))
	assert len(server.received) == 26 and {row(name).status for name in names} == {"Sent"}


def test_a_worker_that_died_leaves_it_to_a_person(server):
	robot = make_robot(server)
	name = put(robot)
	long_ago = now_datetime() - timedelta(minutes=30)
	frappe.db.set_value("Robot Delivery", name, {"status": "Sending", "claimed_on": long_ago, "tries": 1})
	deliveries.send_due()
	assert row(name).status == "Unknown" and not server.received
	send_again(name)
	assert deliveries.send_due() == {"Sent": 1} and len(server.received) == 1
	with pytest.raises(frappe.ValidationError, match="not possible"):
		send_again(name)


def test_killed_between_sending_and_noting_it(server, monkeypatch):
	"""The group has it: it is sent no second time, whoever looks."""
	name = put(make_robot(server))

	def killed(*_arguments):
		raise KeyboardInterrupt

	with monkeypatch.context() as patched:
		patched.setattr(deliveries, "_note", killed)
		with pytest.raises(KeyboardInterrupt):
			send(name)
	assert row(name).status == "Sending" and len(server.received) == 1
	deliveries.send_due(now_datetime() + timedelta(minutes=5))
	assert row(name).status == "Sending"
	deliveries.send_due(now_datetime() + timedelta(days=2))
	assert row(name).status == "Unknown" and len(server.received) == 1


def test_what_nobody_expected_shows_no_secret(server, monkeypatch):
	"""No certificates on the server: certainly nothing was sent. A fault of ours: nobody knows; neither puts a key into a log."""
	robot = make_robot(server, "DingTalk")
	name, other = put(robot), put(robot, "k2")
	monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
	monkeypatch.setattr(transport.ssl, "create_default_context", _no_certificates)
	assert send(name) == "Waiting" and row(name).detail == "FileNotFoundError"

	def broken(*_arguments):
		raise RuntimeError(f"{robot.name} {KEY}")

	monkeypatch.setattr(transport, "post", broken)
	assert send(other) == "Unknown"
	assert row(other).detail.startswith("RuntimeError")
	logged = frappe.as_json(frappe.get_all("Error Log", fields=["*"], limit=50))
	assert KEY not in frappe.as_json(row(other)) + logged and SECRET not in logged


def _no_certificates():
	raise FileNotFoundError


def test_old_messages_go_but_those_that_wait(server):
	robot = make_robot(server)
	names = {
		status: put(robot, status)
		for status in ("Waiting", "Sending", "Sent", "Failed", "Unknown", "Withdrawn")
	}
	new = put(robot, "new")
	old = now_datetime() - timedelta(days=100)
	for status, name in names.items():
		frappe.db.set_value(
			"Robot Delivery", name, {"status": status, "modified": old}, update_modified=False
		)
	frappe.db.set_value("Robot Delivery", new, "status", "Sent")
	frappe.get_doc("Robot Delivery", names["Sent"]).add_comment("Info", "Looked for it")
	get_controller("Robot Delivery").clear_old_logs(days=90)
	assert set(frappe.get_all("Robot Delivery", {"robot": robot.name}, pluck="name")) == {
		new,
		*(names[status] for status in ("Waiting", "Sending", "Unknown")),
	}
	assert not frappe.db.exists("Comment", {"reference_name": names["Sent"]})


def test_a_robot_that_is_off_keeps_its_messages(server):
	robot = make_robot(server)
	name = put(robot)
	robot.enabled = 0
	robot.save()
	assert deliveries.send_due() == {} and row(name).status == "Waiting"
	robot.enabled = 1
	robot.save()
	assert deliveries.send_due() == {"Sent": 1}


@pytest.mark.parametrize(
	("address", "why"),
	[
		("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "https"),
		("https://169.254.169.254/latest?key=1", "not a host"),
		("https://localhost:9/x?key=1", "not a host"),
		("https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "names no robot"),
	],
)
def test_other_addresses_are_refused(server, address, why):
	with pytest.raises(frappe.ValidationError, match=why):
		make_robot(server, title="Bad", address=address)


def test_a_host_that_is_no_longer_allowed_is_not_called(server, monkeypatch):
	robot = make_robot(server)
	monkeypatch.setitem(frappe.local.conf, "client_ledger_robot_hosts", [])
	name = put(robot)
	assert send(name) == "Failed" and not server.received
	assert "not a host" in row(name).reason and row(name).detail == "localhost"


def test_who_may_do_what(server):
	robot = make_robot(server)
	f.make_user("robots-manager@example.com", ["Accounts Manager", "Sales User"])
	f.make_user("robots-reader@example.com", ["Credit Manager", "Sales User"])
	f.make_user("robots-nobody@example.com", ["Sales User", "Accounts User"])
	customer = f.make_customer("Robots One").name
	f.make_user("robots-narrow@example.com", ["Accounts Manager", "Sales User"], [("Customer", customer)])
	frappe.set_user("robots-manager@example.com")
	assert api.send_test_message(name=robot.name)["status"] == "Sent"
	delivery = frappe.get_list("Robot Delivery", pluck="name")[0]
	frappe.set_user("robots-reader@example.com")
	assert frappe.get_list("Group Robot", pluck="name") == [robot.name]
	with pytest.raises(frappe.PermissionError):
		api.send_test_message(name=robot.name)
	with pytest.raises(frappe.PermissionError):
		api.send_delivery_again(name=delivery)
	frappe.set_user("robots-narrow@example.com")
	assert frappe.get_list("Robot Delivery") == []
	frappe.set_user("robots-nobody@example.com")
	with pytest.raises(frappe.PermissionError):
		frappe.get_list("Group Robot")
	frappe.set_user("Administrator")
	doc = frappe.get_doc("Robot Delivery", delivery)
	doc.status = "Waiting"
	with pytest.raises(frappe.PermissionError):
		doc.save()
	assert json.loads(doc.message)["title"].startswith("Client Ledger")
