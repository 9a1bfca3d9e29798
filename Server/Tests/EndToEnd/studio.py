"""A small show, the real server over it on loopback, and a client that knows nothing but HTTP."""
import contextlib
import http.client
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import urllib.parse

PIPELINE = """
stages:
  script: { source: script.fountain }
  spoken: { tool: tts, each: script.lines }
  summary: { tool: command, run: [sh, -c, "wc -w < in.txt > summary.txt; cat note.txt >> summary.txt 2>/dev/null; true"],
             inputs: { in.txt: script }, outputs: [summary.txt], gate: { required: true } }
  slow: { tool: command, run: [sh, -c, "sleep 2; echo ran >> $MARKS; cat in.txt > slow.txt"], inputs: { in.txt: script },
          outputs: [slow.txt] }
  report: { tool: command, run: [sh, -c, "cat *.txt > report.md"], inputs: { a.txt: summary, b.txt: slow }, outputs: [report.md], deliver: true }
"""
FILES = {
    "epbuild.yaml": "providers:\n  espeak: { tool: tts, use: espeak }\nlimits: { jobs: 2 }\n",
    "show/show.yaml": "title: <b>T</b>\nlanguage: en\ncharacters:\n- { name: ANN, voice: { provider: espeak, voice: en } }\n",
    "show/pipeline.yaml": PIPELINE,
    "show/ep/episode.yaml": "title: E\n",
    "show/ep/script.fountain": "# One\n\nANN\nThe tide comes in.\n\nANN\nThe <script>alert(1)</script> goes out.\n",
}
TOKEN = "a-token-of-the-tests-0123456789"
SHOTS = pathlib.Path(__file__).resolve().parents[2] / ".build/shots"


class Studio:
    def __init__(self, server, epbuild, directory):
        self.server, self.epbuild, self.root = server, epbuild, pathlib.Path(directory)
        self.workspace, self.marks = self.root / "workspace", self.root / "marks"
        for name, text in FILES.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("$MARKS", str(self.marks)))
        self.marks.write_text("")
        self.environment = dict(os.environ, XDG_CACHE_HOME=str(self.root / "cache"), HOME=str(self.root), EPBUILD_SERVER_TOKEN=TOKEN)
        self.process = None
        self.port = 0

    def start(self, *more):
        words = [self.server, str(self.workspace), "--port", str(self.port), "--program", self.epbuild, *more]
        self.log = open(self.root / "server.log", "ab")
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.log, env=self.environment, text=True)
        line = self.process.stdout.readline()
        assert "/open?token=" in line, (line, (self.root / "server.log").read_text())
        self.port = urllib.parse.urlsplit(line.split(" ", 1)[1].strip()).port
        wait(lambda: self.is_up(), "the server answers")

    def is_up(self):
        try:
            return self.ask("GET", "/healthz", token=None)[0] == 200
        except OSError:
            return False

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)

    def run(self, *words):
        return subprocess.run([self.epbuild, *words], env=self.environment, cwd=self.workspace, capture_output=True, text=True)

    def ask(self, method, path, body=None, token=TOKEN, headers=None):
        """Status, headers, bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = "Bearer " + token
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def json(self, method, path, body=None, status=200):
        found, _, content = self.ask(method, path, body)
        assert found == status, (method, path, found, content)
        return json.loads(content)

    def build(self, **order):
        return self.json("POST", "/api/v1/builds", dict(order, episodes=["show~ep"]), 201)["id"]

    def ended(self, build, seconds=60):
        wait(lambda: self.json("GET", f"/api/v1/builds/{build}")["state"] in ("ended", "cancelled", "paused"), f"build {build} ends", seconds)
        return self.json("GET", f"/api/v1/builds/{build}")


@contextlib.contextmanager
def opened(kind, server, epbuild):
    """A studio of this kind in a directory of its own, which goes with it. If anything fails, what its server has logged is shown first."""
    with tempfile.TemporaryDirectory() as directory:
        studio = kind(server, epbuild, directory)
        try:
            yield studio
        except BaseException:
            log = studio.root / "server.log"
            print(log.read_text()[:3000] if log.exists() else "the server was not begun")
            raise
        finally:
            if studio.process and studio.process.poll() is None:
                studio.kill()


def shot(driver, name):
    """What a browser shows where a test fails, left beside the other pictures."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    driver.save_screenshot(str(SHOTS / f"{name}-failed.png"))


def wait(condition, what, seconds=30):
    import time
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


class Events:
    """A stream of events, read as a browser does."""

    def __init__(self, studio, last=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", studio.port, timeout=30)
        self.last = last
        headers = {"Authorization": "Bearer " + TOKEN}
        if last is not None:
            headers["Last-Event-ID"] = last
        self.connection.request("GET", "/api/v1/events", headers=headers)
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200, self.answer.status

    def next(self):
        """(name, id, data) of the next event; None at the end of the stream."""
        name, identity, data = "message", None, None
        while True:
            line = self.answer.readline()
            if not line:
                return None
            line = line.decode().rstrip("\n")
            if line.startswith("id: "):
                self.last = identity = line[4:]
            elif line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data = line[6:]
            elif not line and data is not None:
                return name, identity, data

    def close(self):
        self.connection.sock.close() if self.connection.sock else None
        self.answer.close()
        self.connection.close()
