"""The operator's server under load: streams of events and requests beside a build that it runs, for half a minute."""
import concurrent.futures
import http.client
import json
import multiprocessing
import os
import random
import selectors
import socket
import subprocess
import sys
import time
import urllib.parse

from .table import Row

STREAMS, REQUESTS_A_SECOND, EVENTS_A_SECOND, SECONDS, EPISODES, ITEMS = 200, 50, 10, 30, 10, 20
CONNECTIONS = 16
TOKEN = "a-token-of-the-benchmark-0123456789"
PIPELINE = """stages:
  texts: {{ source: "texts/*.txt" }}
  lines: {{ tool: command, each: texts, run: [sh, -c, "sleep {seconds}; cp in out.txt"], inputs: {{ in: item }}, outputs: [out.txt] }}
  joined: {{ tool: command, run: [sh, -c, "cat parts/* > whole.txt"], inputs: {{ parts: lines }}, outputs: [whole.txt], deliver: true, gate: {gate} }}
"""


def rows(setting):
    server = Server(setting)
    try:
        yield from measured(server)
    finally:
        server.process.kill()
        server.process.wait()


def measured(server):
    build = server.json("POST", "/api/v1/builds", {"episodes": ["slow~ep"]})["id"]
    with multiprocessing.Pool(2) as clients:
        listening = clients.apply_async(listen, (server.port, SECONDS + 4))
        time.sleep(2)
        before, start = server.processor_seconds(), time.monotonic()
        asking = clients.apply_async(ask, (server.port, server.paths(), SECONDS))
        times = sorted(asking.get())
        spent, took = server.processor_seconds() - before, time.monotonic() - start
        memory = server.peak_mb()
        counts = listening.get()
    found = server.json("GET", f"/api/v1/builds/{build}")
    if found["state"] != "running" or max(counts) - min(counts) > EVENTS_A_SECOND:
        sys.exit(f"the build does not run any more, or streams differ: {min(counts)} to {max(counts)} events, {found}")
    if len(times) < REQUESTS_A_SECOND * SECONDS * 0.95:
        sys.exit(f"only {len(times)} requests were answered")
    yield Row(f"serve: {STREAMS} streams of {min(counts) / (SECONDS + 4):.0f} events/s, {len(times) / took:.0f} requests/s: of all processors", 100 * spent / took / os.cpu_count(), limit=5, unit="%")
    yield Row("  an answer: median", times[len(times) // 2])
    yield Row("  99 of 100", times[len(times) * 99 // 100], limit=0.1)
    yield Row("  memory", memory, limit=150, unit="MB")


class Server:
    """The server over a workspace of some episodes that are built, half of which wait at a gate, and one that takes long."""

    def __init__(self, setting):
        self.place = setting.fresh("serve")
        self.write("epbuild.yaml", "limits: { jobs: 1 }\n")
        for number in range(EPISODES):
            self.episode("waiting" if number % 2 else "done", f"e{number}", ITEMS)
        # Each action is told of when it begins and when it has ended.
        self.episode("slow", "ep", EVENTS_A_SECOND // 2 * (SECONDS + 10))
        for show, gate, seconds in (("waiting", "true", 0), ("done", "false", 0), ("slow", "false", 2 / EVENTS_A_SECOND)):
            self.write(f"{show}/show.yaml", f"title: {show}\nlanguage: en\n")
            self.write(f"{show}/pipeline.yaml", PIPELINE.format(gate=gate, seconds=seconds))
        environment = {**os.environ, "EPBUILD_CACHE": os.path.join(setting.work, "serve-cache"), "HOME": setting.work, "EPBUILD_SERVER_TOKEN": TOKEN}
        for show in ("done", "waiting"):
            subprocess.run([setting.binary, "build", os.path.join(self.place, show)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen([setting.server, self.place, "--port", "0", "--program", setting.binary], stdout=subprocess.PIPE, env=environment, text=True)
        self.port = urllib.parse.urlsplit(self.process.stdout.readline().split(" ", 1)[1].strip()).port
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                self.json("GET", "/api/v1/healthz")
                return
            except OSError:
                time.sleep(0.05)

    def episode(self, show, name, items):
        self.write(f"{show}/{name}/episode.yaml", f"title: {name}\n")
        for number in range(items):
            self.write(f"{show}/{name}/texts/{number:03}.txt", f"Text {number} of {name}.\n")

    def write(self, name, text):
        path = os.path.join(self.place, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def json(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, json.dumps(body) if body is not None else None, HEAD)
        return json.loads(connection.getresponse().read())

    def paths(self):
        """What browsers and programs ask for, each as often."""
        made = next(iter(self.json("GET", "/api/v1/inbox")))["files"][0]["path"]
        return ["/", "/episodes", "/episodes/slow~ep", "/episodes/waiting~e1", "/builds", "/api/v1/inbox", "/api/v1/episodes/slow~ep", "/api/v1/episodes/done~e0/plan", made, "/assets/live.js"]

    def processor_seconds(self):
        """Of the server itself: what its build's programs take is theirs."""
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as file:
            user, system = file.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def peak_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024


HEAD = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def listen(port, seconds):
    """How many events have come by each of the streams."""
    selector, counts = selectors.DefaultSelector(), [0] * STREAMS
    for number in range(STREAMS):
        stream = socket.create_connection(("127.0.0.1", port))
        stream.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
        selector.register(stream, selectors.EVENT_READ, number)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for key, _ in selector.select(0.5):
            counts[key.data] += key.fileobj.recv(1 << 16).count(b"\ndata: {\"")
    return counts


def ask(port, paths, seconds):
    """How long each answer took: so many requests a second, whether others are answered or not, over some connections as browsers keep them."""
    dice, begin = random.Random(1), time.monotonic()
    dues = [(begin + number / REQUESTS_A_SECOND, dice.choice(paths)) for number in range(REQUESTS_A_SECOND * seconds)]
    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        return [time for times in pool.map(lambda number: ask_some(port, dues[number::CONNECTIONS]), range(CONNECTIONS)) for time in times]


def ask_some(port, dues):
    connection, times = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
    for due, path in dues:
        time.sleep(max(0, due - time.monotonic()))
        connection.request("GET", path, headers=HEAD)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            # No exit: a pool would wait for this process for ever.
            raise RuntimeError(f"{path}: {answer.status}")
        # From when it was due: what one that was slow held up counts.
        times.append(time.monotonic() - due)
    return times
