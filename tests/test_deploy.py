"""The deployment: compose.yaml and docs/deploy.md say what is there, and the servers' own script does what it says."""

import ast
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import psycopg
import pytest
import yaml

from app.cli import hournote
from app.services.backing_up import UNVERIFIED
from app.store.database import open_store
from app.web.bodies import LARGER_BODIES_BYTES
from tests import postgres
from tests.failover import wait_until

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
SCRIPTS = sorted((ROOT / "deploy").glob("*.sh"))
DATABASES, SERVICE_USER = ("db1", "db2", "db3"), "10001"


# --- what is written


def test_every_setting_that_is_named_is_one() -> None:
    known = set(re.findall(r'"(HOURNOTE_[A-Z_]+)"', (ROOT / "app" / "config.py").read_text("utf-8")))
    given = {name for each in SERVICES.values() for name in each.get("environment", {}) if name.startswith("HOURNOTE_")}
    assert given - {"HOURNOTE_DOMAIN"} <= known, "the domain is the proxy's"
    assert set(re.findall(r"HOURNOTE_[A-Z_]+", PAGE)) - {"HOURNOTE_DOMAIN"} <= known
    assert set(re.findall(r"HOURNOTE_[A-Z_]+", DOCKERFILE)) <= known


def test_every_command_of_ours_is_one() -> None:
    """In the page, in compose.yaml and in the scripts: the words after `hournote`, and their options."""
    written = [PAGE, *(script.read_text("utf-8") for script in SCRIPTS), str(SERVICES)]
    lines = [line for text in written for line in re.findall(r"hournote ((?:[a-z][a-z-]*)(?: [^\n`&|;'\"#]*)?)", text)]
    commands = [line.split() for line in lines if line.split()[0] in hournote.commands]
    assert {"migrate", "grant", "backup", "restore", "reopen", "verify-log", "audit"} <= {
        words[0] for words in commands
    }
    for words in [*commands, SERVICES["web"]["command"], *re.findall(r'CMD \["serve".*', DOCKERFILE)]:
        given = words if isinstance(words, list) else ast.literal_eval(words.removeprefix("CMD "))
        options = {option for each in _command(given).params for option in each.opts}
        assert {word for word in given if word.startswith("--")} <= options, given


def _command(words: list[str]) -> click.Command:
    found: click.Command = hournote
    for word in words:
        if not isinstance(found, click.Group):
            break
        found = found.commands[word]
    return found


def test_every_program_of_the_page_is_one() -> None:
    programs = postgres.programs()
    if programs is None:
        pytest.skip(postgres.NOT_INSTALLED)
    elsewhere = {"docker", "sudo", "apt-get"}
    for line in _shell_lines():
        words = line.removeprefix("sudo ").split()
        assert (
            words[0] in elsewhere
            or shutil.which(words[0])
            or (programs / words[0]).exists()
            or (ROOT / words[0]).exists()
        ), line
        if words[:2] == ["docker", "compose"]:
            named = {word for word in words[2:] if word in SERVICES or re.fullmatch(r"db\d", word)}
            assert named <= set(SERVICES), line


def _shell_lines() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    assert len(lines) > 20
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_the_scripts_are_scripts(script: Path) -> None:
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_every_file_and_secret_that_is_mounted_is_there() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in COMPOSE["volumes"], (name, volume)
        for secret in service.get("secrets", []):
            assert (secret if isinstance(secret, str) else secret["source"]) in COMPOSE["secrets"], (name, secret)
        for other in service.get("depends_on", {}):
            assert other in SERVICES
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"])


def test_every_container_is_closed_in() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service.get("privileged") is None, name
        assert "healthcheck" in service or name == "migrate", name
        assert ":" in service["image"] or service["build"], f"{name} is of a version"
        assert not service["image"].endswith(":latest"), name
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"], "the proxy's ports alone"
    assert COMPOSE["networks"]["books"] == {"internal": True}


def test_no_password_is_written_down() -> None:
    given = [f"{name}={value}" for each in SERVICES.values() for name, value in each.get("environment", {}).items()]
    assert [each for each in given if re.search(r"PASS|SECRET|_KEY", each.split("=")[0])] == []
    for url in (each.partition("=")[2] for each in given if each.startswith("HOURNOTE_DATABASE_URL")):
        store = open_store(url)
        address = store.engine.url
        store.close()
        assert address.password is None
        assert address.query["host"] == tuple(f"{each}:5432" for each in DATABASES)
        assert address.query["target_session_attrs"] == "read-write"
        assert str(address.query["passfile"]).startswith("/run/secrets/")
    for secret in COMPOSE["secrets"].values():
        assert not (ROOT / secret["file"]).exists(), "a secret does not belong in the source"


def test_the_databases_are_three_and_none_starts_by_itself() -> None:
    assert {name for name in SERVICES if name.startswith("db")} == set(DATABASES)
    for name in DATABASES:
        assert SERVICES[name]["entrypoint"] == ["/database.sh", name]
        assert SERVICES[name]["restart"] == "no", "one that comes back after another took over would take writes again"


def test_the_proxy_is_believed_about_who_asks() -> None:
    """It shares the network of the service, so that it asks from the same machine; `who_asks` goes by that."""
    assert SERVICES["proxy"]["network_mode"] == "service:web"
    told = SERVICES["web"]["command"]
    assert f"reverse_proxy {told[told.index('--host') + 1]}:{told[told.index('--port') + 1]}" in (
        ROOT / "deploy" / "Caddyfile"
    ).read_text("utf-8")


def test_no_backup_is_written_twice_to_one_name() -> None:
    """`hournote backup` refuses a name that is taken: the second upgrade would go without."""
    names = re.findall(r'hournote backup "?(/[^"]*)"', f"{PAGE}{SERVICES['backup']['command']}")
    assert len(names) == 2
    assert [name for name in names if "$(date" not in name] == []


def test_old_backups_are_deleted_whatever_their_names(tmp_path: Path) -> None:
    """Those that fell short keep `.unverified` after their names, and take as much room."""
    deletes = next(line for line in SERVICES["backup"]["command"][0].splitlines() if "-delete" in line)
    old, new = ["a.backup", f"b.backup{UNVERIFIED}"], ["c.backup", f"d.backup{UNVERIFIED}", "newest-checkpoint.txt"]
    for name in (*old, *new):
        (tmp_path / name).touch()
    for name in (*old, new[-1]):
        os.utime(tmp_path / name, (0, 0))
    subprocess.run(["sh", "-c", deletes.replace("/backups", str(tmp_path))], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == new


def test_the_proxy_lets_the_largest_body_pass() -> None:
    """Else a desk that was long offline never gets its journal in."""
    said = re.search(r"max_size (\d+)MB", (ROOT / "deploy" / "Caddyfile").read_text("utf-8"))
    assert said is not None
    assert int(said[1]) * 1_000_000 >= max(LARGER_BODIES_BYTES.values())


def test_the_image_has_every_folder_that_a_volume_is_mounted_on() -> None:
    """A new volume is the owner's of the folder below it; where there is none it is root's, and the service cannot write."""
    made = re.search(r"install -d -o hournote \S+ \S+ -m 0700 (.*)", DOCKERFILE)
    assert made is not None
    services = [each for each in SERVICES.values() if each["image"] == "hournote"]
    named = [volume.split(":") for each in services for volume in each.get("volumes", [])]
    mounted = {parts[1] for parts in named if not parts[0].startswith("./")}
    assert "/backups" in mounted
    assert mounted <= set(made[1].split())


def test_the_image_is_of_a_user_who_owns_nothing() -> None:
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == [SERVICE_USER]
    assert f"service={SERVICE_USER} " in (ROOT / "deploy" / "secrets.sh").read_text("utf-8")
    copied = set(re.findall(r"^COPY ((?!--from).*) \S+$", DOCKERFILE, re.MULTILINE))
    allowed = set((ROOT / ".dockerignore").read_text("utf-8").replace("!", "").split())
    assert {word for line in copied for word in line.split()} <= allowed


# --- the servers' own script, on real servers


class Servers:
    """Three servers that `deploy/database.sh` runs, on ports of this machine."""

    def __init__(self, folder: Path, programs: Path, ports: dict[str, int]) -> None:
        self._folder, self._ports = folder, ports
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._user = "postgres" if os.getuid() == 0 else None
        listed = ",".join(map(str, ports.values()))
        self._environment = {
            "PATH": f"{programs}:{os.environ['PATH']}", "SECRETS": str(folder / "secrets"), "LISTEN": "127.0.0.1",
            "EVERYONE": f"host=127.0.0.1,127.0.0.1,127.0.0.1 port={listed}", "SHARED_BUFFERS": "32MB", "LANG": "C",
            "PGOPTIONS": "",
        }  # fmt: skip

    def first(self, name: str, code: int = 0) -> None:
        done = subprocess.run([*self._command(name), "first"], **self._at(name), check=False, capture_output=True)
        assert done.returncode == code, done.stderr.decode()

    def start(self, name: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as told:
            self._running[name] = subprocess.Popen(self._command(name), **self._at(name), stdout=told, stderr=told)

    def kill(self, name: str) -> None:
        self._running[name].kill()
        self._running.pop(name).wait()

    def stop(self) -> None:
        for each in self._running.values():
            each.kill()
            each.wait()

    def empty(self, name: str) -> None:
        shutil.rmtree(self._folder / name)

    def told(self) -> str:
        """The end of what each of them said."""
        return "\n".join(f"{path.name}: {path.read_text('utf-8')[-1500:]}" for path in self._folder.glob("*.log"))

    def ask(self, name: str, question: str) -> str:
        where = f"host=127.0.0.1 port={self._ports[name]} user=postgres password=of-postgres dbname=postgres"
        try:
            with psycopg.connect(where, autocommit=True) as connection:
                return str((connection.execute(question.encode()).fetchone() or [None])[0])
        except psycopg.OperationalError as error:
            return f"no answer: {error}"

    def followers(self, name: str) -> set[str]:
        return set(self.ask(name, "SELECT string_agg(application_name, ' ') FROM pg_stat_replication").split())

    def _command(self, name: str) -> list[str]:
        return ["bash", str(self._folder / "database.sh"), name]

    def _at(self, name: str) -> dict[str, Any]:
        here = {"PGDATA": str(self._folder / name), "PGPORT": str(self._ports[name])}
        return {"env": self._environment | here, "cwd": self._folder, "user": self._user, "group": self._user}


@contextmanager
def servers(programs: Path) -> Iterator[Servers]:
    with ExitStack() as held, TemporaryDirectory(prefix="hournote-deploy-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        shutil.copy(ROOT / "deploy" / "database.sh", folder)
        (folder / "secrets").mkdir()
        for role in ("postgres", "replicator", "owner", "hournote"):
            (folder / "secrets" / f"{role}.password").write_text(f"of-{role}\n")
        (folder / "secrets" / "replicator.pgpass").write_text("*:*:*:replicator:of-replicator\n")
        (folder / "secrets" / "replicator.pgpass").chmod(0o600)
        if os.getuid() == 0:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, "postgres", "postgres")
        free = [held.enter_context(socket.socket()) for _name in DATABASES]
        for each in free:
            each.bind(("127.0.0.1", 0))
        ports = {name: each.getsockname()[1] for name, each in zip(DATABASES, free, strict=True)}
        held.close()
        running = Servers(folder, programs, ports)
        try:
            yield running
        finally:
            running.stop()


def test_the_servers_set_themselves_up_take_over_and_come_back() -> None:
    """The steps of the page: first, standbys, a dead primary, promotion, and the old primary made anew."""
    programs = postgres.programs()
    if programs is None:
        pytest.skip(postgres.NOT_INSTALLED)
    with servers(programs) as three:
        three.first("db1")
        three.first("db1", code=1)
        for name in DATABASES:
            three.start(name)
        wait_until(lambda: three.followers("db1") == {"db2", "db3"}, "two standbys follow")
        kept_up = "SELECT string_agg(DISTINCT sync_state, ' ') FROM pg_stat_replication"
        wait_until(lambda: three.ask("db1", kept_up) == "quorum", "both have what the primary has")
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'hournote'"
        assert three.ask("db1", owner) == "owner"
        three.kill("db1")
        received = "SELECT pg_last_wal_receive_lsn() - '0/0'"
        new, other = sorted(("db2", "db3"), key=lambda name: int(three.ask(name, received)), reverse=True)
        assert three.ask(new, "SELECT pg_promote()") == "True"
        for each in ("db1", other):
            three.ask(new, f"SELECT pg_create_physical_replication_slot('{each}', true)")
        three.empty("db1")
        three.start("db1")
        try:
            wait_until(lambda: three.followers(new) == {"db1", other}, "the others follow the new primary")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{three.told()}") from error
        assert three.ask(new, owner) == "owner", "nothing was lost"
