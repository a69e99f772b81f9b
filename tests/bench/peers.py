"""peers - PostgreSQL and Redis as fresh servers on the same disk, for the same load, where their packages are installed.

    who = peers.contestants(build, folder, words, left_out)     {name: measure}; left_out: {name: why}

Both answer a batch when it is on the disk: PostgreSQL over TLS with fsync and synchronous_commit on, else as it is installed
but for its number of connections; Redis with appendonly and appendfsync always. `peer` refuses a server that is set otherwise.
"""
import glob
import json
import os
import pathlib
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time

WAIT_S = 60
NAMES = {"postgres": "PostgreSQL over TLS", "redis": "Redis"}


class Failed(Exception):
    """A server that cannot be started, is not what was asked for, or refused the load."""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, process, ready):
    end = time.monotonic() + WAIT_S
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise Failed(f"{what} does not answer")
        time.sleep(0.05)


def answers(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """A process of another user where we are root, in a folder of its own that goes with it."""

    def __init__(self, name, folder, user):
        self.name, self.port, self.process = name, free_port(), None
        self.home = pathlib.Path(tempfile.mkdtemp(prefix=f"bench-{name}-", dir=folder))
        # One setpriv for both: the signal by which it ends with us would not outlive a later change of the user.
        self.become, self.user = ["setpriv", "--pdeathsig", "KILL"], None
        if os.geteuid() == 0:
            self.user = user
            shutil.chown(self.home, user)
            self.become += [f"--reuid={pwd.getpwnam(user).pw_uid}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]

    def write(self, name, text):
        """A file that only the server's user, and we, can read."""
        path = self.home / name
        path.touch(mode=0o600)
        path.write_text(text)
        if self.user:
            shutil.chown(path, self.user)
        return path

    def run(self, *words):
        done = subprocess.run([*self.become, *map(str, words)], cwd=self.home, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            self.close()
            raise Failed(f"{words[0]}: {done.stderr.strip()}")

    def start(self, *words, env=None, ready=None):
        with open(self.home.with_suffix(".log"), "ab") as log:
            self.process = subprocess.Popen([*self.become, *map(str, words)], cwd=self.home,
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | (env or {}))
        try:
            wait_for(self.name, self.process, ready or (lambda: answers(self.port)))
            self.look_at_preload(env or {})
        except Failed:
            self.close()
            raise

    def look_at_preload(self, env):
        for library in env.get("LD_PRELOAD", "").split():  # left out silently where its user cannot read it
            if library not in pathlib.Path(f"/proc/{self.process.pid}/maps").read_text():
                raise Failed(f"{library} is not loaded into {self.name}: can its user read it?")

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.with_suffix(".log").unlink(missing_ok=True)


def postgres_programs():
    return next((pathlib.Path(p).parent for p in sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True)), None)


def start_postgres(folder, nodes, env):
    """(server, where it is)"""
    programs, s = postgres_programs(), Server("postgres", folder, "postgres")
    secret = secrets.token_hex(16)
    s.run(programs / "initdb", "-D", s.home / "db", "-A", "scram-sha-256", "--pwfile", s.write("secret", secret), "-U", "bench",
          "--no-sync", "-E", "UTF8", "--locale", "C")
    s.run("openssl", "req", "-new", "-x509", "-days", "3650", "-nodes", "-subj", "/CN=bench", "-keyout", s.home / "db" / "server.key",
          "-out", s.home / "db" / "server.crt")
    settings = {"listen_addresses": "127.0.0.1", "port": s.port, "unix_socket_directories": s.home, "ssl": "on",
                "max_connections": nodes + 20, "fsync": "on", "synchronous_commit": "on"}
    s.start(programs / "postgres", "-D", s.home / "db", *(w for name, value in settings.items() for w in ("-c", f"{name}={value}")), env=env,
            ready=lambda: subprocess.run([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(s.port)]).returncode == 0)
    passes = s.write("passes", f"127.0.0.1:{s.port}:*:bench:{secret}\n")
    return s, f"host=127.0.0.1 port={s.port} user=bench dbname=postgres sslmode=require passfile={passes}"


def start_redis(folder, nodes, env):
    s = Server("redis", folder, "redis")
    s.start(shutil.which("redis-server"), "--port", s.port, "--bind", "127.0.0.1", "--dir", s.home, "--appendonly", "yes",
            "--appendfsync", "always", "--save", "", "--maxclients", nodes + 100, env=env)
    return s, f"127.0.0.1:{s.port}"


def missing(build):
    """{kind: what is not here}"""
    found = {}
    said = subprocess.run([build / "tests" / "bench" / "peer", "--help"], capture_output=True, text=True)
    here = {"postgres": postgres_programs() and "libpq", "redis": shutil.which("redis-server") and "hiredis"}
    for kind, program in here.items():
        if not program:
            found[kind] = "its server is not installed (deploy/setup --bench)"
        elif kind not in said.stdout.split():
            found[kind] = f"peer was built without {program} (deploy/setup --bench, then build again)"
    return found


def option(words, name, default):
    words = [str(w) for w in words]
    return words[words.index(name) + 1] if name in words else default


def measure(build, kind, start, folder, words, env):
    """Once, with a server of its own."""
    server, where = start(folder, int(option(words, "--nodes", 100)), env)
    try:
        done = subprocess.run([build / "tests" / "bench" / "peer", f"--{kind}", where, "--server", str(server.process.pid), *map(str, words)],
                              capture_output=True, text=True)
        if done.returncode:
            raise Failed(done.stderr.strip())
        return json.loads(done.stdout)
    finally:
        server.close()


def contestants(build, folder, words, left_out, env=None):
    """{name: measure}; names what is missing in left_out."""
    absent = missing(build)
    left_out.update({NAMES[kind]: why for kind, why in absent.items()})
    starts = {"postgres": start_postgres, "redis": start_redis}
    return {NAMES[kind]: (lambda kind=kind, start=start: measure(build, kind, start, folder, words, env))
            for kind, start in starts.items() if kind not in absent}
