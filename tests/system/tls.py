#!/usr/bin/python3
"""tls - deploy/proxy/nginx.conf as it is, before a hub and a commune in a folder: nobody gets in without logging in, who has
gets pages, statements and events at once."""
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.parse

import lib
from lib import daemons

NAME = "dantin.example"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class Proxy:
    """nginx with the example's file: only addresses, names of files and the user are this test's."""

    def __init__(self, home, hub, node):
        self.port, self.home = free_port(), home
        key, cert = home / "key.pem", home / "cert.pem"
        daemons.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
                    "-keyout", key, "-out", cert)
        text = (daemons.ROOT / "deploy/proxy/nginx.conf").read_text("utf-8")
        for old, new in (("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
                         ("/etc/ssl/private/dantin.example.key", str(key)), ("/etc/ssl/dantin.example.pem", str(cert)),
                         ("127.0.0.1:7480", f"127.0.0.1:{hub.port}"), ("127.0.0.1:7484", f"127.0.0.1:{node.port}"),
                         ("/21484", f"/{node.unit}")):
            assert old in text, f"the example has no {old}"
            text = text.replace(old, new)
        temporary = "".join(f"{kind}_temp_path {home}/{kind};\n" for kind in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (home / "nginx.conf").write_text(f"daemon off;\npid {home}/nginx.pid;\nerror_log {home}/error.log;\nevents {{}}\n"
                                         f"http {{\naccess_log off;\n{temporary}{text}\n}}\n")
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", shutil.which("nginx", path=PATH), "-c",
                                         home / "nginx.conf", "-e", home / "error.log"])
        self.trust = ssl.create_default_context(cafile=str(cert))

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            assert self.process.poll() is None, (self.home / "error.log").read_text()
            return False
        return True

    def close(self):
        self.process.terminate()
        self.process.wait(20)

    def connect(self):
        raw = socket.create_connection(("127.0.0.1", self.port), daemons.DEADLINE)
        connection = http.client.HTTPSConnection(NAME, self.port, timeout=daemons.DEADLINE)
        connection.sock = self.trust.wrap_socket(raw, server_hostname=NAME)
        return connection

    def ask(self, method, path, cookie=None, form=None):
        connection = self.connect()
        headers = {"Host": f"{NAME}:{self.port}", "Origin": f"https://{NAME}:{self.port}", "Sec-Fetch-Site": "same-origin"}
        if cookie:
            headers["Cookie"] = cookie
        if method == "POST":
            headers.update({"X-Dantin": "1", "Content-Type": "application/x-www-form-urlencoded"})
        connection.request(method, path, urllib.parse.urlencode(form) if form else None, headers)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, dict(reply.getheaders()), text

    def events(self, path, cookie):
        connection = self.connect()
        connection.request("GET", path, headers={"Host": f"{NAME}:{self.port}", "Cookie": cookie})
        return connection.getresponse()


PATH = os.environ.get("PATH", "") + ":/usr/sbin"


def restart_hosted(daemon, port):
    daemon.stop()
    daemons.write_settings(daemon.dir, {**lib.QUICK, "http/access": "hosted", "http/host": f"{NAME}:{port}",
                                        "http/listen": f"127.0.0.1:{daemon.port}"})
    daemon.start().wait_ready()


def give(daemon, person, secret, role):
    daemons.run(daemon.program, "people", "add", person, "--role", role, "--dir", daemon.dir)
    done = subprocess.run([daemon.program, "people", "secret", person, "--dir", daemon.dir], input=secret + "\n",
                          capture_output=True, text=True, timeout=daemons.DEADLINE)
    assert done.returncode == 0, done.stderr


def log_in(proxy, folder, person, secret):
    status, headers, text = proxy.ask("POST", f"{folder}/api/login", form={"person": person, "secret": secret})
    assert status == 200, (status, text)
    assert "; Secure" in headers["Set-Cookie"] and "HttpOnly" in headers["Set-Cookie"], headers
    return headers["Set-Cookie"].split(";")[0]


def test(world):
    for program in ("nginx", "openssl"):
        if not shutil.which(program, path=PATH):
            raise lib.Skip(f"{program} is not here: apt-get install nginx-light openssl")
    tree = world.tree()
    hub, node = tree.at[lib.HUB], tree.nodes[0]
    home = world.home / "proxy"
    home.mkdir()
    proxy = Proxy(home, hub, node)
    world.closers.append(proxy.close)
    for daemon in (hub, node):
        restart_hosted(daemon, proxy.port)
    give(hub, "mai", "mật khẩu rất dài", "operator")
    give(node, "ha", "407159", "enters")
    lib.wait_for("nginx listens", proxy.listens)
    folder = f"/{node.unit}"
    for path in ("/api/state", f"{folder}/api/state"):
        status, headers, text = proxy.ask("GET", path)
        assert status == 401, (path, status, text)
    for path in ("/", f"{folder}/"):
        status, headers, _ = proxy.ask("GET", path)
        assert status == 303 and headers["Location"] == "login.html?to=index.html", (path, status, headers)
        assert "Strict-Transport-Security" in headers, headers
    assert proxy.ask("GET", folder)[1]["Location"].endswith(f"{folder}/")
    at_hub, at_node = log_in(proxy, "", "mai", "mật khẩu rất dài"), log_in(proxy, folder, "ha", "407159")
    assert at_hub.split("=")[0] != at_node.split("=")[0], "two programs of one host share a cookie"
    assert proxy.ask("GET", "/api/state", at_hub)[0] == 200 and proxy.ask("GET", "/api/state", at_node)[0] == 401
    lib.wait_for("the node takes entries", lambda: lib.get_unix(node, "/api/state")["wait_ms"] == 0)
    stream = proxy.events(f"{folder}/api/events", at_node)
    assert re.match(rb"retry: \d+\n", stream.readline())
    place = lib.get_unix(node, "/api/state")["places"][0]["code"]
    began = time.monotonic()
    status, _, text = proxy.ask("POST", f"{folder}/api/say", at_node,
                                {"kind": "turnout", "place": place, "cutoff": 1, "voted": 20})
    assert status == 200, text
    while not (line := stream.readline()).startswith(b"data: "):
        assert line, "the stream ended"
    took = time.monotonic() - began
    assert json.loads(line[6:])["turn"] > 0 and took < 5, f"an event took {took:.1f} s through the proxy"
    stated = lib.get_unix(node, "/api/state")["statements"][0]
    assert stated["by"] == "ha" and stated["how"] == "hosted", stated
    return f"nobody without a log-in, two programs under one name, an event after {took * 1000:.0f} ms"


lib.run(test)
