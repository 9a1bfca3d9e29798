#!/usr/bin/env python3
"""The server behind a real nginx with TLS, configured as docs/server.md says: `proxy.py SERVER EPBUILD`."""
import http.client
import os
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from studio import Studio, TOKEN, wait  # noqa: E402

NAME = "studio.example.org"
ROOT = pathlib.Path(__file__).resolve().parents[3]


def configuration(directory, port):
    """The page's own server block, with this machine's ports and files in the place of the page's."""
    page = (ROOT / "docs/server.md").read_text()
    block = re.search(r"```nginx\n(.*?)```", page, re.S)[1]
    for old, new in (("listen 443 ssl", f"listen 127.0.0.1:{port + 1} ssl"), ("127.0.0.1:8642", f"127.0.0.1:{port}"),
                     ("/etc/ssl/studio.pem", f"{directory}/cert.pem"), ("/etc/ssl/studio.key", f"{directory}/key.pem")):
        assert old in block, old
        block = block.replace(old, new)
    paths = "".join(f"{kind}_temp_path {directory}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return f"daemon off; pid {directory}/pid; error_log stderr; worker_processes 1;\nevents {{}}\nhttp {{ access_log off;\n{paths}{block}}}\n"


class Browser:
    def __init__(self, port):
        self.context = ssl.create_default_context()
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        self.port = port

    def open(self, method, path, body=None, headers=None):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.context)
        connection.request(method, path, body, dict({"Host": NAME}, **(headers or {})))
        return connection.getresponse()

    def ask(self, *request):
        answer = self.open(*request)
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def check(studio, browser):
    status, headers, _ = browser.ask("GET", f"/open?token={TOKEN}")
    assert status == 200 and "Secure" in headers["set-cookie"], (status, headers)
    cookie = {"Cookie": headers["set-cookie"].split(";")[0]}
    assert browser.ask("GET", "/", None, cookie)[0] == 200
    assert browser.ask("GET", "/")[0] == 401
    assert browser.ask("GET", "/", None, dict(cookie, Host="evil.example"))[0] == 421
    write = dict(cookie, **{"Content-Type": "application/json", "Origin": f"https://{NAME}"})
    assert browser.ask("POST", "/api/v1/builds", '{"episodes": ["show~ep"], "targets": ["spoken"]}', dict(write, Origin="https://evil.example"))[0] == 403
    assert browser.ask("POST", "/api/v1/builds", '{"episodes": ["show~ep"], "targets": ["spoken"]}', dict(write, Origin=f"http://{NAME}"))[0] == 403
    # Events come through the proxy as they happen, not when a buffer is full.
    events = browser.open("GET", "/api/v1/events", None, cookie)
    assert events.status == 200 and events.getheader("content-type") == "text/event-stream"
    events.fp.readline()
    begun = time.monotonic()
    assert browser.ask("POST", "/api/v1/builds", '{"episodes": ["show~ep"], "targets": ["spoken"]}', write)[0] == 201
    while not events.fp.readline().startswith((b"event: builds", b"data: {\"time\"")):
        pass
    assert time.monotonic() - begun < 5, time.monotonic() - begun
    bearer = {"Authorization": "Bearer " + TOKEN}
    wait(lambda: b'"up to date"' in browser.ask("GET", "/api/v1/episodes/show~ep/artifacts?target=spoken/1", None, bearer)[2], "the line is spoken")
    sound = re.search(rb'"sha256":"([0-9a-f]{64})","size":([0-9]+)}\],"servedBy"', browser.ask("GET", "/api/v1/episodes/show~ep/artifacts?target=spoken/1", None, bearer)[2])
    assert sound, "there is a sound"
    status, headers, part = browser.ask("GET", f"/api/v1/artifacts/{sound[1].decode()}?name=a.wav", None, dict(bearer, Range="bytes=-500"))
    assert status == 206 and len(part) == 500, (status, headers)


def main():
    server, epbuild = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as directory:
        studio = Studio(server, epbuild, directory)
        studio.is_up = lambda: True
        studio.port = 20_000 + os.getpid() % 20_000
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-keyout", f"{directory}/key.pem",
                        "-out", f"{directory}/cert.pem"], check=True, capture_output=True)
        port = studio.port
        pathlib.Path(f"{directory}/nginx.conf").write_text(configuration(directory, port))
        studio.start("--behind-proxy", "--host", NAME)
        proxy = subprocess.Popen(["nginx", "-e", "stderr", "-p", directory, "-c", f"{directory}/nginx.conf"])
        browser = Browser(port + 1)

        def is_up():
            try:
                return browser.ask("GET", "/healthz")[0] == 200
            except OSError:
                return False
        try:
            wait(is_up, "nginx and the server answer")
            check(studio, browser)
            print("ok behind nginx")
        finally:
            proxy.terminate()
            proxy.wait()
            studio.kill()


if __name__ == "__main__":
    main()
