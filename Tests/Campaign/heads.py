"""Requests of the operator's server whose heads are no heads: mutated, cut, joined, far too long. It goes on as before."""
import pathlib
import selectors
import socket
import sys
import time

from .campaign import Campaign

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Server/Tests/EndToEnd"))
from studio import Studio, TOKEN  # noqa: E402

HEADS, AT_ONCE, BOUND = 1000, 64, 60
MEMORY_MB = 150
WORDS = [
    b"\0", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b" ", b"\t", b":", b"/", b"//", b"..", b"%2e%2e%2f", b"%00", b"%", b"?", b"#", b"\xff\xfe", b"\xc0\xaf", b"HTTP/1.1", b"HTTP/2.0",
    b"Host: 127.0.0.1\r\n", b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: xchunked\r\n", b"Expect: 100-continue\r\n", b"Upgrade: h2c\r\n", b"Connection: close\r\n", b"Range: bytes=-\r\n", b"Range: bytes=9-1,2-\r\n",
    b"Last-Event-ID: \xff\r\n", b"Cookie: a=b; ;;=\r\n", b"Origin: null\r\n", b"X: " + b"y" * 17_000 + b"\r\n", b"X: y\r\n" * 200, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]
PATHS = [b"/", b"/episodes/show~ep", b"/api/v1/inbox", b"/api/v1/artifacts/" + b"0" * 64, b"/metrics", b"/api/v1/builds", b"/assets/style.css", b"/healthz"]


class Heads(Campaign):
    name = "heads"
    what = f"requests of the operator's server with heads that are none: {HEADS} in each trial, {AT_ONCE} at once"
    runs = 1000
    short = 20
    seconds_a_run = 0.5
    needs_server = True
    studio = None

    def run(self, trial):
        if not self.studio or self.studio.process.poll() is not None:
            self.studio = Studio(self.place.server, self.place.binary, self.place.machine("heads").directory)
            self.studio.start()
        answers = Batch(self.studio.port, [harmless(trial.random, request(trial.random, self.studio.port)) for _ in range(HEADS)]).run()
        alive = self.studio.process.poll() is None
        trial.check(alive, f"the server has ended: {(self.studio.root / 'server.log').read_text()[-2000:] if not alive else ''}")
        odd = [(head[:300], answer[:200]) for head, answer in answers if not is_sound(answer)]
        trial.check(not odd, f"{len(odd)} odd answers: {odd[:2]}")
        trial.check(self.studio.ask("GET", "/api/v1/inbox")[0] == 200, "the server does not answer any more")
        memory = peak_mb(self.studio.process.pid)
        trial.check(memory <= MEMORY_MB, f"the server takes {memory:.0f} MB")

    def end(self):
        if self.studio and self.studio.process.poll() is None:
            self.studio.kill()


def is_sound(answer):
    """None at all, as the connection was closed; a refusal; or, if the mutation does no harm, what was asked for."""
    return answer == b"" or (answer.startswith(b"HTTP/1.") and (answer[9:12] in (b"100", b"200", b"206", b"303", b"501", b"505") or answer[9:10] == b"4"))


def request(random, port):
    method = random.choice([b"GET", b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS"])
    head = method + b" " + random.choice(PATHS) + f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode()
    if random.random() < 0.7:
        head += f"Authorization: Bearer {TOKEN}\r\n".encode()
    if method in (b"POST", b"PUT"):
        # An order of nothing: it asks for no build, whatever becomes of it.
        head += b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        return head
    return head + b"\r\n"


def harmless(random, head):
    """A mutation without a wrong token: after ten of these nobody would be let in for a minute, and nothing behind that would be tried."""
    while True:
        found = mutated(random, head)
        rest = found.replace(f"Authorization: Bearer {TOKEN}\r\n".encode(), b"")
        if b"authorization" not in rest.lower() and b"open" not in rest:
            return found


def mutated(random, head):
    head = bytearray(head)
    for _ in range(random.randrange(1, 6)):
        place = random.randrange(len(head) + 1)
        kind = random.randrange(5)
        if kind == 0 and place < len(head):
            head[place] = random.randrange(256)
        elif kind == 1:
            head[place:place] = random.choice(WORDS)
        elif kind == 2:
            del head[place:place + random.choice([1, 1, 2, 10, 1000])]
        elif kind == 3:
            head[place:place] = head[random.randrange(len(head) + 1):][:random.randrange(1, 60)]
        else:
            head[place:place] = bytes(random.randrange(256) for _ in range(random.randrange(1, 9)))
    return bytes(head)


class Batch:
    """Sends all of them, some at once, each over a connection of its own, and takes what comes first."""

    def __init__(self, port, heads):
        self.port, self.rest, self.open, self.answers = port, list(heads), {}, []
        self.selector = selectors.DefaultSelector()

    def run(self):
        end = time.monotonic() + BOUND
        while (self.rest or self.open) and time.monotonic() < end:
            while self.rest and len(self.open) < AT_ONCE:
                self.send(self.rest.pop())
            for key, _ in self.selector.select(0.2):
                try:
                    answer = key.fileobj.recv(65536)
                except OSError:
                    answer = b""
                self.finish(key.fileobj, answer)
        if self.open:
            self.answers += [(head, b"nothing, and the connection stays open") for head in self.open.values()]
        for connection in self.open:
            connection.close()
        return self.answers

    def send(self, head):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        try:
            connection.sendall(head)
            # A stream of events would not end by itself, nor would what waits for the rest of a body.
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        connection.setblocking(False)
        self.open[connection] = head
        self.selector.register(connection, selectors.EVENT_READ)

    def finish(self, connection, answer):
        self.selector.unregister(connection)
        connection.close()
        self.answers.append((self.open.pop(connection), answer))


def peak_mb(process):
    with open(f"/proc/{process}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
