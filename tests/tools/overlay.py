"""A bench laid over a real one, to test this checkout whatever copy of the app the real bench has linked.

	.bench/15/apps/{frappe,erpnext}   -> the real bench's
	.bench/15/apps/client_ledger/     links to this checkout, but a copy of public/, where builds put their results
	.bench/15/sites/                  our own apps.txt, configuration, assets and site
	.bench/15/env                     -> the real bench's Python environment

Programs run with the real environment's python, this checkout first on the path, and redis servers of our own.
Nothing in the real bench is changed. The site's database starts from a cached dump of a new site with ERPNext.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.tools import database
from tests.tools.database import DatabaseError, Login, program

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT = CHECKOUT / ".bench"
APP = "client_ledger"
APPS = ("frappe", "erpnext")
SETUP = Path(__file__).with_name("site_setup.py")
ADMIN_PASSWORD = "admin"
TEST_PACKAGES = ("pytest", "hypothesis", "playwright", "aiosmtpd", "freezegun", "typst")


# The hour of the site's clock at which a run starts, 0 to 23.
HOUR = "CLIENT_LEDGER_HOUR"
_SET_ZONE = """
update tabSingles set value = '{zone}' where doctype = 'System Settings' and field = 'time_zone';
update tabDefaultValue set defvalue = '{zone}' where defkey = 'time_zone';
update tabUser set time_zone = '{zone}' where time_zone is not null and time_zone != ''
"""


class OverlayError(Exception):
	"""The bench cannot be used; the text says why."""


class Overlay:
	"""The overlay of one real bench. `with overlay.running():` starts its redis servers and sets up its site.

	app: the checkout to test. label: tells an overlay from another one of the same bench; both have a site of their own.
	"""

	def __init__(self, bench: Path, app: Path = CHECKOUT, label: str = ""):
		self.bench = bench.expanduser().resolve()
		for path in ("env/bin/python", "sites/assets/assets.json", *(f"apps/{app}/{app}" for app in APPS)):
			if not (self.bench / path).exists():
				raise OverlayError(f"{bench} is no bench with ERPNext: it has no {path}")
		self.versions = {app: _version(self.bench / "apps" / app / app) for app in APPS}
		self.name = self.versions["frappe"].split(".")[0]
		self.app = app
		label = f"{label}-{self.name}" if label else self.name
		self.path = ROOT / label
		self.sites = self.path / "sites"
		self.site = f"client-ledger-test-{label}.localhost"
		self.scratch = f"client-ledger-scratch-{label}.localhost"
		mark = hashlib.sha1(f"{CHECKOUT}{label.removesuffix(self.name)}".encode()).hexdigest()[:8]
		self.database = f"cltest_{self.name}_{mark}"
		self.python = self.path / "env/bin/python"
		self.config: dict = {}
		self.login: Login | None = None

	@property
	def packages(self) -> Path:
		"""Where test tools are installed that the bench's environment lacks."""
		return ROOT / self.name / "packages"

	def environment(self) -> dict[str, str]:
		"""Return the environment to run programs in."""
		return {
			**os.environ,
			"FRAPPE_BENCH_ROOT": str(self.path),
			"SITES_PATH": str(self.sites),
			"FRAPPE_SITE": self.site,
			"PYTHONPATH": str(self.app),
			"PYTHONDONTWRITEBYTECODE": "1",
			"CLIENT_LEDGER_SCRATCH_SITE": self.scratch,
			"CLIENT_LEDGER_TEST_PACKAGES": str(self.packages),
			"CLIENT_LEDGER_BENCH": self.name,
			"CLIENT_LEDGER_REAL_BENCH": str(self.bench),
		}

	def frappe(self, *arguments: str, timeout: int = 900) -> str:
		"""Run a command of the bench's and return its output; raise OverlayError with the output's end."""
		return self.run(["-m", "frappe.utils.bench_helper", "frappe", *arguments], timeout)

	def run(self, arguments: Sequence[str], timeout: int = 900) -> str:
		"""Run the bench's python in the sites folder."""
		done = subprocess.run(
			[str(self.python), *arguments],
			cwd=self.sites,
			env=self.environment(),
			stdin=subprocess.DEVNULL,
			stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT,
			text=True,
			errors="replace",
			timeout=timeout,
			check=False,
		)
		if done.returncode:
			raise OverlayError(f"{' '.join(arguments)} failed:\n{done.stdout[-4000:]}")
		return done.stdout

	def check(self) -> None:
		"""Raise OverlayError unless there are a database administrator and a redis program."""
		try:
			database.administrator(self._real_config(), os.environ)
			program("redis-server", "valkey-server")
		except DatabaseError as error:
			raise OverlayError(str(error)) from error

	def install_test_packages(self, pip_python: str) -> None:
		"""Install the test tools that the bench's environment lacks into `packages`, with the pip of *pip_python*."""
		with only_one(self.packages.with_suffix(".lock")):
			lacking = [name for name in TEST_PACKAGES if not self._imports(name)]
			if lacking:
				command = [
					pip_python,
					"-m",
					"pip",
					"--python",
					str(self.python),
					"--disable-pip-version-check",
				]
				command += ["install", "--quiet", "--upgrade", "--target", str(self.packages), *lacking]
				done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
				if done.returncode:
					raise OverlayError(
						f"could not install {', '.join(lacking)}: {done.stderr.strip()[-2000:]}"
					)

	def _imports(self, name: str) -> bool:
		code = f"import sys; sys.path.append({str(self.packages)!r}); import {name}"
		return not subprocess.run([str(self.python), "-c", code], capture_output=True, check=False).returncode

	def _real_config(self) -> dict:
		return json.loads((self.bench / "sites/common_site_config.json").read_text())

	@contextmanager
	def running(self, keep: bool = False) -> Iterator[None]:
		"""Start redis and make the site with the app installed; afterwards stop the one and drop the other."""
		with self.started(keep):
			self.make_site()
			self.frappe("--site", self.site, "install-app", APP)
			self._build()
			yield

	@contextmanager
	def started(self, keep: bool = False) -> Iterator[None]:
		"""Start redis; afterwards stop it and drop the site, if there is one."""
		real = self._real_config()
		try:
			self.login = database.administrator(real, os.environ)
		except DatabaseError as error:
			raise OverlayError(str(error)) from error
		self._link()
		with _redis(self.path / "logs") as cache, _redis(self.path / "logs") as queue:
			self._configure(real, cache, queue)
			try:
				yield
			finally:
				if not keep:
					self._drop_site()

	def use(self, app: Path) -> None:
		"""Test another checkout from now on, on the same site."""
		self.app = app
		self._link_app()

	def _link(self) -> None:
		"""Lay out the folders and links; repeats harmlessly."""
		for folder in ("apps", "sites/assets", "logs", "config"):
			(self.path / folder).mkdir(parents=True, exist_ok=True)
		for app in APPS:
			_link(self.path / "apps" / app, self.bench / "apps" / app)
		self._link_app()
		_link(self.path / "env", self.bench / "env")
		(self.sites / "apps.txt").write_text("\n".join((*APPS, APP)) + "\n")
		for asset in (self.bench / "sites/assets").iterdir():
			target = self.sites / "assets" / asset.name
			if asset.name == APP:
				continue
			if asset.name == "locale":
				# Ours are compiled beside the real bench's, so the folders must be our own.
				if target.is_symlink():
					target.unlink()
				shutil.copytree(asset, target, dirs_exist_ok=True)
			elif asset.suffix == ".json":
				shutil.copyfile(asset, target)
			else:
				_link(target, asset.resolve())
		_link(self.sites / "assets" / APP, self.path / "apps" / APP / APP / "public")

	def _link_app(self) -> None:
		"""Link the checkout's files. Builds remove what other builds made, so public/ is copied."""
		app = self.path / "apps" / APP
		if app.is_symlink():
			app.unlink()
		shutil.rmtree(app, ignore_errors=True)
		package = app / APP
		package.mkdir(parents=True)
		for folder, names in ((app, self.app), (package, self.app / APP)):
			for path in names.iterdir():
				if (
					path.name not in (APP, "public", ".bench", ".venv", ".git")
					or path == self.app / APP / APP
				):
					(folder / path.name).symlink_to(path)
		if (self.app / APP / "public").exists():
			ignore = shutil.ignore_patterns("dist")
			shutil.copytree(self.app / APP / "public", package / "public", ignore=ignore)

	def _configure(self, real: dict, cache: int, queue: int) -> None:
		self.config = {
			"db_host": self.login.host,
			"db_port": self.login.port,
			"redis_cache": f"redis://127.0.0.1:{cache}",
			"redis_queue": f"redis://127.0.0.1:{queue}",
			"redis_socketio": f"redis://127.0.0.1:{cache}",
			"webserver_port": real.get("webserver_port", 8000),
			"socketio_port": real.get("socketio_port", 9000),
			"developer_mode": 0,
			"live_reload": False,
			"allow_tests": 1,
			"default_site": self.site,
		}
		if local := self.login.socket or database.local_socket(self.login):
			self.config["db_socket"] = local
		(self.sites / "common_site_config.json").write_text(json.dumps(self.config, indent=1))

	def _build(self) -> None:
		"""Compile our translations and, where node is installed, our scripts and styles."""
		self.frappe("compile-po-to-mo", "--app", APP, "--force")
		node = shutil.which("node")
		if node and (self.app / APP / "public").exists():
			self.build_assets(node)

	def build_assets(self, node: str) -> None:
		"""Build our scripts and styles with Frappe's own build, into the copy of public/."""
		# Frappe's build writes each style sheet into a temporary folder, at its path from beside the working directory.
		# From anywhere else than the overlay's own apps that path leads out of the folder, and the builds and passes
		# (left to right, right to left) that run at once overwrite each other's file.
		esbuild = self.bench / "apps/frappe/esbuild"
		done = subprocess.run(
			[node, str(esbuild), "--production", "--run-build-command", "--apps", APP],
			cwd=self.path / "apps" / APP,
			env=self.environment(),
			stdin=subprocess.DEVNULL,
			capture_output=True,
			text=True,
			timeout=600,
			check=False,
		)
		if done.returncode:
			raise OverlayError(f"building {APP} failed:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")

	def make_site(self, dump: Path | None = None) -> None:
		"""Make the site anew: from *dump*, or with ERPNext alone from the cached dump, which the first time is made."""
		self._drop_site()
		baseline = self._baseline()
		password, scratch_password = secrets.token_hex(12), secrets.token_hex(12)
		scratch = f"{self.database}_scratch"
		database.create(self.login, scratch, scratch, scratch_password)
		database.create(self.login, self.database, self.database, password)
		copier = (f"{self.database}_copy", secrets.token_hex(12))
		database.create_copier(self.login, *copier, [self.database, scratch])
		self._write_site(self.scratch, scratch, scratch_password, copier)
		with only_one(baseline.with_suffix(".lock")):
			if dump or baseline.exists():
				self._write_site(self.site, self.database, password)
				database.load(self.login, self.database, dump or baseline)
			else:
				self._set_up_site(password)
				database.dump(self.login, self.database, baseline)
		if not dump:
			database.run_sql(self.login, _SET_ZONE.format(zone=zone_of_noon()), self.database)

	def dump_site(self, target: Path) -> None:
		"""Write the site's database to *target*, as SQL."""
		database.dump(self.login, self.database, target)

	def _set_up_site(self, password: str) -> None:
		created = [
			"new-site",
			self.site,
			"--no-setup-db",
			"--db-name",
			self.database,
			"--db-password",
			password,
		]
		self.frappe(*created, "--admin-password", ADMIN_PASSWORD, "--install-app", "erpnext")
		self.run([str(SETUP), self.site])

	def _baseline(self) -> Path:
		"""Return the dump's path: another one for each version of frappe, ERPNext and the set-up script."""
		setup = hashlib.sha1(SETUP.read_bytes()).hexdigest()[:8]
		versions = "-".join(f"{app}-{version}" for app, version in self.versions.items())
		return ROOT / "cache" / f"{versions}-{setup}.sql"

	def _write_site(self, site: str, name: str, password: str, copier: Sequence[str] = ()) -> None:
		for folder in ("public/files", "private/files", "private/backups", "locks", "logs"):
			(self.sites / site / folder).mkdir(parents=True, exist_ok=True)
		config = {
			"db_name": name,
			"db_password": password,
			"db_type": "mariadb",
			database.COPIER: list(copier),
		}
		(self.sites / site / "site_config.json").write_text(json.dumps(config, indent=1))

	def _drop_site(self) -> None:
		for site, name in ((self.site, self.database), (self.scratch, f"{self.database}_scratch")):
			database.drop(self.login, name, name)
			shutil.rmtree(self.sites / site, ignore_errors=True)
		database.drop_user(self.login, f"{self.database}_copy")


def zone_of_noon() -> str:
	"""Return a time zone in which it is noon now, or the hour of CLIENT_LEDGER_HOUR.

	No day ends during a run then, and nothing depends on when it is started.
	"""
	ahead = int(os.environ.get(HOUR, 12)) - time.gmtime().tm_hour
	ahead = (ahead + 11) % 24 - 11
	return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
	"""Wait until no other process is within this block for the same file."""
	lock.parent.mkdir(parents=True, exist_ok=True)
	with lock.open("w") as file:
		fcntl.flock(file, fcntl.LOCK_EX)
		yield


def _version(package: Path) -> str:
	text = (package / "__init__.py").read_text()
	found = re.search(r"""^__version__\s*=\s*["']([^"']+)""", text, re.MULTILINE)
	if not found:
		raise OverlayError(f"{package} tells no version")
	return found.group(1)


def _link(link: Path, target: Path) -> None:
	if link.is_symlink() or link.exists():
		if link.is_symlink() and Path(os.readlink(link)) == target:
			return
		link.unlink()
	link.symlink_to(target)


def free_port() -> int:
	"""Return a port that nothing listens on right now."""
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		return probe.getsockname()[1]


def _listens(host: str, port: int) -> bool:
	with socket.socket() as probe:
		probe.settimeout(5)
		return probe.connect_ex((host, port)) == 0


def wait_for_port(port: int, process: subprocess.Popen, seconds: float = 30) -> None:
	"""Wait until *process* listens on *port*; raise OverlayError if it ends or takes too long."""
	deadline = time.monotonic() + seconds
	while not _listens("127.0.0.1", port):
		if process.poll() is not None or time.monotonic() > deadline:
			raise OverlayError(f"{process.args[0]} did not start on port {port}")
		time.sleep(0.1)


@contextmanager
def _redis(logs: Path) -> Iterator[int]:
	"""Run a redis server of our own that stores nothing; yield its port."""
	try:
		server = program("redis-server", "valkey-server")
	except DatabaseError as error:
		raise OverlayError(str(error)) from error
	port = free_port()
	options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
	process = subprocess.Popen(
		[server, *options, "--dir", str(logs)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
	)
	try:
		wait_for_port(port, process)
		yield port
	finally:
		process.terminate()
		process.wait(timeout=20)
