#!/usr/bin/env python3
"""Who means harm, or does it by accident: `attacks.py SERVER EPBUILD`. Paths in every encoding, clients that are slow, 500 streams of events, markup in every text."""
import json
import pathlib
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from studio import Events, Studio, TOKEN, opened, wait  # noqa: E402

DOTS = ["..", "%2e%2e", "%2E%2e", ".%2e", "%252e%252e", "..%00", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "..;", "．．", "%uff0e%uff0e"]
SLASHES = ["/", "%2f", "%2F", "\\", "%5c", "%252f", "%c0%af", "//", "/./"]
ROUTES = ["/assets/{}", "/api/v1/artifacts/{}", "/episodes/{}", "/episodes/{}/script", "/api/v1/episodes/{}", "/api/v1/episodes/{}/log/1", "/api/v1/workspaces/{}/doctor",
          "/api/v1/templates/{}", "/{}", "/api/v1/{}", "/api/v1/episodes/show~ep/text?target={}", "/episodes/show~ep/artifact?target={}",
          "/api/v1/episodes/show~ep/takes?target={}", "/api/v1/events?workspace={}"]
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'>"


def raw(studio, target):
    """The answer to a target that no client would send as it is."""
    with socket.create_connection(("127.0.0.1", studio.port), timeout=30) as connection:
        head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
            if b"text/event-stream" in answer:
                break
        return answer


def no_path_reaches_the_files(studio):
    (studio.root / "secret").write_text("root:secret")
    (studio.workspace / "show/ep/secret").write_text("root:secret")
    asked = 0
    for dots in DOTS:
        for slash in SLASHES:
            for depth, end in ((2, "secret"), (8, f"etc{slash}passwd")):
                path = slash.join([dots] * depth + [end])
                for route in ROUTES:
                    answer = raw(studio, route.format(path).replace(" ", "%20"))
                    asked += 1
                    assert b"root:" not in answer and answer[9:10] == b"4", (route, path, answer[:300])
    for name in (str(studio.root / "secret"), "%2fetc%2fpasswd", "file:%2f%2f%2fetc%2fpasswd"):
        for route in ROUTES:
            assert b"root:" not in raw(studio, route.format(name)), (route, name)
    print(f"   {asked} paths")


def slow_clients_are_sent_away(studio):
    """A head that comes by bytes, a head that never comes, and an answer that nobody takes: the others are served meanwhile."""
    took = []

    def trickle(first):
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", studio.port), timeout=0.2) as connection:
            connection.sendall(first)
            while time.monotonic() - begun < 60:
                try:
                    if first:
                        connection.sendall(b"a")
                    if connection.recv(100) == b"":
                        break
                except TimeoutError:
                    pass
                except OSError:
                    break
                time.sleep(1)
        took.append(time.monotonic() - begun)

    head = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\nX-Long: ".encode()
    clients = [threading.Thread(target=trickle, args=(first,)) for first in [head] * 100 + [b""] * 100]
    for client in clients:
        client.start()
    begun = time.monotonic()
    for _ in range(20):
        assert studio.ask("GET", "/")[0] == 200
    assert time.monotonic() - begun < 30
    for client in clients:
        client.join()
    assert max(took) < 40, f"after {max(took):.0f} s"


def streams_have_a_bound(studio):
    streams = [Events(studio) for _ in range(500)]
    assert studio.ask("GET", "/api/v1/events")[0] == 503, "one more than there may be"
    build = studio.build(targets=["spoken"])
    studio.ended(build)
    for stream in streams:
        while stream.next()[0] != "message":
            pass
        stream.close()
    wait(lambda: "epbuild_listeners 0" in studio.ask("GET", "/metrics")[2].decode(), "all have gone", 60)
    with open(f"/proc/{studio.process.pid}/status", encoding="utf-8") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
    print(f"   {peak:.0f} MB at most")


def markup_is_text_everywhere(studio):
    """In whatever a person or a model can write: notes, words, names of shows, of speakers, of templates' writers, of files that fail."""
    show, files = studio.workspace / "show", {}
    pipeline = (show / "pipeline.yaml").read_text().replace("gate: { required: true }", "gate: { required: true }, output: summary.txt, editable: true")
    files["pipeline.yaml"] = pipeline + "  broken: { tool: command, run: [sh, -c, \"echo '<script>alert(3)</script>' >&2; exit 1\"], outputs: [b.txt], inputs: { in.txt: script } }\n"
    files["ep/script.fountain"] = f"# {MARKUP}\n\nANN\n{MARKUP} is what she says.\n\nANN\nAnd that is all.\n"
    for name, text in files.items():
        (show / name).write_text(text)
    studio.ended(studio.build(keepGoing=True))
    (show / "ep/summary.txt").write_text(MARKUP)
    studio.json("POST", "/api/v1/episodes/show~ep/reject", {"targets": ["summary"], "note": MARKUP})
    studio.ended(studio.build(keepGoing=True))
    pages = ["/", "/episodes", "/episodes/show~ep", "/episodes/show~ep/script", "/builds", "/money", "/health"]
    pages += [f"/episodes/show~ep/artifact?target={target}" for target in ("summary", "spoken", "spoken/1", "slow", "script", "broken")]
    pages += ["/episodes/%3Cscript%3Ealert(4)%3C/script%3E", "/episodes/show~ep/artifact?target=%3Cscript%3Ealert(4)%3C/script%3E"]
    for page in pages:
        _, _, body = studio.ask("GET", page, headers={"Accept": "text/html"})
        for word in (b"<script>alert", b"<img src=x", b"onerror=alert(1)>"):
            assert word not in body, (page, word, body[max(0, body.find(word) - 200):][:400])
    script = studio.ask("GET", "/episodes/show~ep/script")[2]
    assert b"&lt;img src=x onerror=alert(1)&gt;" in script, "the words stand there as they were written"
    for path in ("/api/v1/inbox", "/api/v1/episodes/show~ep/log", "/api/v1/builds"):
        status, headers, body = studio.ask("GET", path)
        assert status == 200 and headers["content-type"] == "application/json" and json.loads(body) is not None


def tokens_of_others_open_nothing(studio):
    for token in ("", "x", "Bearer", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "\u00e4" * 20):
        assert studio.ask("GET", "/api/v1/episodes", headers={"Authorization": f"Bearer {token}".encode()}, token=None)[0] in (400, 401), token
    assert studio.ask("GET", f"/api/v1/episodes?token={TOKEN}", token=None)[0] == 401, "a token counts at /open and in its header alone"
    assert studio.ask("GET", "/api/v1/episodes", token=None, headers={"Cookie": f"epbuild-{studio.port}={TOKEN}"})[0] == 401
    for _ in range(12):
        last = studio.ask("GET", "/open?token=wrong", token=None)[0]
    assert last == 429 and studio.ask("GET", f"/open?token={TOKEN}", token=None)[0] == 429


TESTS = [no_path_reaches_the_files, slow_clients_are_sent_away, streams_have_a_bound, markup_is_text_everywhere, tokens_of_others_open_nothing]


def main():
    server, epbuild, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    for test in TESTS:
        if names and test.__name__ not in names:
            continue
        with opened(Studio, server, epbuild) as studio:
            studio.start()
            test(studio)
            assert studio.process.poll() is None and studio.is_up(), "the server goes on"
            print("ok", test.__name__, flush=True)


if __name__ == "__main__":
    main()
