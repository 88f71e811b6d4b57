"""A chat service on loopback, over TLS with a certificate of its own: it answers as it is told to, and keeps what it was sent."""

import json
import ssl
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class RobotServer:
	"""received: (path, JSON) of every request. answer: called with the handler, writes the answer."""

	def __init__(self, folder: Path, name: str = "localhost"):
		self.received: list[tuple[str, dict]] = []
		self.answer: Callable[[BaseHTTPRequestHandler], None] = says({"errcode": 0, "errmsg": "ok"})
		self.certificate = folder / "robot-server.pem"
		_make_certificate(self.certificate, name)
		server = self

		class Handler(BaseHTTPRequestHandler):
			def do_POST(self) -> None:
				body = self.rfile.read(int(self.headers["Content-Length"]))
				server.received.append((self.path, json.loads(body)))
				server.answer(self)

			def log_message(self, *arguments: object) -> None:
				pass

		self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
		self.http.daemon_threads = True
		context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		context.load_cert_chain(self.certificate)
		# The handshake in the connection's own thread: a client that goes away stops nobody else.
		self.http.socket = context.wrap_socket(
			self.http.socket, server_side=True, do_handshake_on_connect=False
		)
		self.port = self.http.server_address[1]
		self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)
		self.thread.start()

	@property
	def host(self) -> str:
		return f"localhost:{self.port}"

	def close(self) -> None:
		self.http.shutdown()
		self.http.server_close()


def says(body: dict | bytes, status: int = 200, **headers: str) -> Callable:
	"""Return an answer that says *body*."""
	content = body if isinstance(body, bytes) else json.dumps(body).encode()

	def answer(handler: BaseHTTPRequestHandler) -> None:
		handler.send_response(status)
		for name, value in headers.items():
			handler.send_header(name.replace("_", "-"), value)
		handler.send_header("Content-Length", str(len(content)))
		handler.end_headers()
		handler.wfile.write(content)

	return answer


def hangs(handler: BaseHTTPRequestHandler) -> None:
	"""Say nothing for as long as anybody waits."""
	time.sleep(8)


def trickles(handler: BaseHTTPRequestHandler) -> None:
	"""Say something every now and then, without an end."""
	handler.send_response(200)
	handler.end_headers()
	for _turn in range(200):
		try:
			handler.wfile.write(b" ")
			handler.wfile.flush()
		except OSError:
			return
		time.sleep(0.1)


def never_ends(handler: BaseHTTPRequestHandler) -> None:
	"""Answer with far more than a robot says."""
	handler.send_response(200)
	handler.end_headers()
	try:
		for _turn in range(300):
			handler.wfile.write(b'{"errcode": 0, "x": "' + b"x" * 100_000)
	except OSError:
		return


def _make_certificate(path: Path, name: str) -> None:
	key = ec.generate_private_key(ec.SECP256R1())
	subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
	now = datetime.now(timezone.utc)
	names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))])
	certificate = (
		x509.CertificateBuilder()
		.subject_name(subject)
		.issuer_name(subject)
		.public_key(key.public_key())
		.serial_number(x509.random_serial_number())
		.not_valid_before(now - timedelta(days=3650))
		.not_valid_after(now + timedelta(days=3650))
		.add_extension(names, critical=False)
		.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
		.sign(key, hashes.SHA256())
	)
	pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
	path.write_bytes(
		key.private_bytes(pem, serialization.PrivateFormat.PKCS8, none) + certificate.public_bytes(pem)
	)
