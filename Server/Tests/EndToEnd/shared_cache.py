#!/usr/bin/env python3
"""A cache for a team, served by the real server to real builds. `shared_cache.py SERVER EPBUILD [NAME…]` runs all tests, or those of some names."""
import base64
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from studio import FILES, TOKEN, wait  # noqa: E402

REMOTE = "cache:\n  remotes:\n  - {{ url: \"http://127.0.0.1:{port}\", push: true, token_env: CACHE_TOKEN }}\n"


class Cache:
    def __init__(self, server, epbuild, directory):
        self.server, self.epbuild, self.root, self.port, self.process = server, epbuild, pathlib.Path(directory), 0, None
        self.directory = self.root / "served"
        self.environment = dict(os.environ, HOME=str(self.root), XDG_CACHE_HOME=str(self.root / "own"), EPBUILD_SERVER_TOKEN=TOKEN)

    def start(self, *more):
        self.log = open(self.root / "server.log", "ab")
        words = [self.server, "cache", str(self.directory), "--port", str(self.port), *more]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.log, env=self.environment, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("serving "), (line, (self.root / "server.log").read_text())
        self.port = int(re.search(r":(\d+)$", line.strip())[1]) if "127.0.0.1" in line else self.port
        wait(self.is_up, "the cache answers")

    def is_up(self):
        try:
            return self.ask("GET", "/healthz", token=None)[0] == 200
        except OSError:
            return False

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def ask(self, method, path, body=None, token=TOKEN, headers=None):
        """Status, headers, bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = "Bearer " + token
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def put(self, content):
        digest = hashlib.sha256(content).hexdigest()
        status, _, body = self.ask("PUT", f"/cas/{digest}", content)
        assert status == 200, (status, body)
        return digest

    def metric(self, name):
        for line in self.ask("GET", "/metrics")[2].decode().splitlines():
            if line.startswith(name + " "):
                return int(line.rsplit(" ", 1)[1])
        raise AssertionError(name)

    def machine(self, name):
        return Machine(self, name)


class Machine:
    """Another machine of the team: a workspace, a home and a local cache of its own."""

    def __init__(self, cache, name):
        self.cache, self.root = cache, cache.root / name
        self.workspace = self.root / "workspace"
        for path, text in FILES.items():
            file = self.workspace / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.replace("$MARKS", str(self.root / "marks")) if path != "show/pipeline.yaml" else text.replace("$MARKS", "/dev/null").replace(
                ", gate: { required: true }", "").replace("sleep 2; ", ""))
        with open(self.workspace / "epbuild.yaml", "a") as file:
            file.write(REMOTE.format(port=cache.port))
        self.environment = dict(os.environ, HOME=str(self.root), XDG_CACHE_HOME=str(self.root / "cache"), CACHE_TOKEN=TOKEN)

    def run(self, *words):
        return subprocess.run([self.cache.epbuild, *words], env=self.environment, cwd=self.workspace, capture_output=True, text=True)

    def build(self, *words):
        done = self.run("build", "show/ep", "--json", *words)
        assert done.returncode == 0, done
        return json.loads(done.stdout)

    def delivered(self):
        return {str(path.relative_to(self.workspace)): path.read_bytes() for path in (self.workspace / "show/ep/out").rglob("*") if path.is_file() and path.name[0] != "."}


def varint(number):
    found = b""
    while number > 127:
        found, number = found + bytes([number & 127 | 128]), number >> 7
    return found + bytes([number])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def digest_message(content):
    return field(1, hashlib.sha256(content).hexdigest().encode()) + b"\x10" + varint(len(content))


def entry_of(*contents):
    """An ActionResult as a client other than epbuild writes one."""
    return b"".join(field(2, field(1, f"out{number}".encode()) + field(2, digest_message(content))) for number, content in enumerate(contents))


def test_a_second_machine_runs_nothing(cache):
    first, second, third = cache.machine("first"), cache.machine("second"), cache.machine("third")
    made = first.build()
    assert made["actions"]["executed"] > 0, made
    taken = second.build()
    assert taken["actions"]["executed"] == 0 and taken["actions"]["remoteHits"] == made["actions"]["executed"], taken
    assert first.delivered() == second.delivered() and first.delivered(), first.delivered().keys()
    pulled = third.run("cache", "pull", "show/ep", "--json")
    assert pulled.returncode == 0 and json.loads(pulled.stdout)["missing"] == 0, pulled
    assert third.build("--offline")["actions"]["executed"] == 0
    # What was built without the cache is put there afterwards, signed; who asks for that signature takes it.
    key = first.run("key", "studio")
    private, public = key.stdout.strip().split("=", 1)[1], re.search(r"studio:\S+", key.stderr)[0]
    alone = cache.machine("alone")
    settings = (alone.workspace / "epbuild.yaml").read_text()
    (alone.workspace / "show/ep/script.fountain").write_text("# One\n\nANN\nAnother line.\n")
    assert alone.build("--offline")["actions"]["executed"] > 0
    (alone.workspace / "epbuild.yaml").write_text(settings.replace("token_env:", f"trust: [\"{public}\"], sign_env: SIGNING_KEY, token_env:"))
    alone.environment["SIGNING_KEY"] = private
    pushed = alone.run("cache", "push", "show/ep", "--json")
    assert pushed.returncode == 0 and json.loads(pushed.stdout)["failed"] == 0, pushed
    fifth = cache.machine("fifth")
    (fifth.workspace / "show/ep/script.fountain").write_text("# One\n\nANN\nAnother line.\n")
    (fifth.workspace / "epbuild.yaml").write_text(settings.replace("token_env:", f"trust: [\"{public}\"], token_env:"))
    assert fifth.build()["actions"]["executed"] == 0 and fifth.delivered() == alone.delivered()
    assert not (cache.directory / "gc/damaged").exists() or not list((cache.directory / "gc/damaged").iterdir())


def test_only_what_is_right_is_taken(cache):
    content = b"a blob" * 1000
    right = hashlib.sha256(content).hexdigest()
    wrong = hashlib.sha256(b"another").hexdigest()
    assert cache.ask("PUT", f"/cas/{wrong}", content)[0] == 422
    assert cache.ask("GET", f"/cas/{wrong}")[0] == 404 and cache.ask("HEAD", f"/cas/{wrong}")[0] == 404
    cache.put(content)
    status, headers, body = cache.ask("GET", f"/cas/{right}")
    assert status == 200 and body == content and headers["content-type"] == "application/octet-stream", (status, headers)
    status, headers, body = cache.ask("HEAD", f"/cas/{right}")
    assert status == 200 and int(headers["content-length"]) == len(content) and body == b"", (status, headers)
    cache.put(b"")
    action = hashlib.sha256(b"action").hexdigest()
    for entry in (b"", b"<html></html>", entry_of(b"nowhere"), entry_of(content, b"nowhere"), entry_of(content) + b"\x20\x01", field(2, field(1, b"../x") + field(2, digest_message(content)))):
        status, _, body = cache.ask("PUT", f"/ac/{action}", entry)
        assert status == 422, (entry, status, body)
    assert cache.ask("GET", f"/ac/{action}")[0] == 404
    assert cache.ask("PUT", f"/ac/{action}", entry_of(content))[0] == 200
    assert cache.ask("GET", f"/ac/{action}")[2] == entry_of(content)
    (cache.directory / "cas" / right[:2] / right).unlink()
    assert cache.ask("GET", f"/ac/{action}")[0] == 404 and cache.ask("HEAD", f"/ac/{action}")[0] == 404, "an entry that dangles is none"
    cache.put(content)
    assert cache.ask("GET", f"/ac/{action}")[0] == 200
    assert cache.ask("PUT", f"/ac/{action}", b"x" * (5 << 20))[0] == 413
    for path in ("/cas/" + "A" * 64, "/cas/" + "0" * 63, "/cas/..%2f..%2fetc%2fpasswd", "/ac/%2e%2e/x", "/cas", "/other/" + "0" * 64, "/"):
        assert cache.ask("GET", path)[0] == 404 and cache.ask("PUT", path, b"x")[0] == 404, path
    for method in ("DELETE", "POST", "PATCH"):
        assert cache.ask(method, f"/cas/{right}", b"")[0] == 405, method
    for head, expected in ((b"Content-Length: 4000\r\n", b"400"), (b"Transfer-Encoding: chunked\r\n", b"411")):
        status = raw(cache, f"PUT /cas/{right} HTTP/1.1\r\n".encode(), head, b"5\r\nhello\r\n0\r\n\r\n")
        assert status in (expected, b""), (head, status)


def raw(cache, request, head, body):
    """The status of what is sent as it is; nothing if the connection ends without one."""
    with socket.create_connection(("127.0.0.1", cache.port), timeout=20) as connection:
        connection.sendall(request + f"Host: 127.0.0.1:{cache.port}\r\nAuthorization: Bearer {TOKEN}\r\n".encode() + head + b"\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(65536)[9:12]


def test_who_may_read_and_write(cache):
    cache.kill()
    users = cache.root / "users.yaml"
    names = {"Vera": "viewer", "Ed": "editor"}
    users.write_text("users:\n" + "".join(f"- {{ name: {name}, role: {role}, token_sha256: {hashlib.sha256((name + '-token').encode()).hexdigest()} }}\n" for name, role in names.items()))
    users.chmod(0o600)
    cache.start("--users", str(users))
    path = f"/cas/{hashlib.sha256(b'x').hexdigest()}"
    basic = {name: {"Authorization": "Basic " + base64.b64encode(f"{user}:{token}-token".encode()).decode()} for name, user, token in (
        ("Ed", "Ed", "Ed"), ("mixed", "Vera", "Ed"), ("none", "Ed", "No"))}
    for asked in (path, "/ac/" + "0" * 64, "/metrics", "/anything"):
        for token in (None, "wrong", TOKEN):
            status, headers, _ = cache.ask("GET", asked, token=token)
            assert status == 401 and "Basic" in headers["www-authenticate"], (asked, token, status)
            assert cache.ask("PUT", asked, b"x", token=token)[0] == 401, (asked, token)
    assert cache.ask("PUT", path, b"x", token="Vera-token")[0] == 403
    assert cache.ask("PUT", path, b"x", token=None, headers=basic["none"])[0] == 401
    assert cache.ask("PUT", path, b"x", token=None, headers=basic["mixed"])[0] == 401
    assert not list((cache.directory / "cas").glob("??/" + path[5:]))
    assert cache.ask("PUT", path, b"x", token=None, headers=basic["Ed"])[0] == 200
    assert cache.ask("GET", path, token="Vera-token")[2] == b"x"
    assert cache.ask("GET", path, token="Vera-token", headers={"Host": "evil.example"})[0] == 421
    # Wrong tokens of one client lock nobody out.
    for _ in range(30):
        cache.ask("GET", path, token="wrong")
    assert cache.ask("GET", path, token="Vera-token")[0] == 200
    # A body that is refused is not taken for another request.
    assert cache.ask("PUT", path, b"GET / HTTP/1.1\r\n\r\n" * 100_000, token=None)[0] == 401
    assert cache.ask("PUT", f"/ac/{'1' * 64}", entry_of(b"x"), token="Ed-token")[0] == 200
    audit = [json.loads(line) for line in (cache.directory / "audit.jsonl").read_text().splitlines()]
    assert [(line["by"], line["path"], line["status"]) for line in audit] == [("Ed", f"/ac/{'1' * 64}", 200)], audit
    cache.kill()
    for options in (("--bind", "0.0.0.0"), ("--behind-proxy",), ("--size", "much")):
        done = subprocess.run([cache.server, "cache", str(cache.directory), *options], env=cache.environment, capture_output=True, timeout=20)
        assert done.returncode == 64, (options, done)
    own = dict(cache.environment, EPBUILD_CACHE=str(cache.directory))
    done = subprocess.run([cache.server, "cache", str(cache.directory)], env=own, capture_output=True, timeout=20)
    assert done.returncode == 64 and b"own cache" in done.stderr, done


def test_the_least_recently_used_makes_room(cache):
    cache.kill()
    cache.start("--size", "1M")
    entries = {}
    for number in range(9):
        content = os.urandom(100_000)
        cache.put(content)
        action = hashlib.sha256(str(number).encode()).hexdigest()
        assert cache.ask("PUT", f"/ac/{action}", entry_of(content))[0] == 200
        entries[action] = content
    more = os.urandom(200_000)
    path = f"/cas/{hashlib.sha256(more).hexdigest()}"
    assert cache.ask("PUT", path, more)[0] == 507, "all of it was used just now"
    assert cache.ask("PUT", path, os.urandom(1 << 20) + b"x")[0] == 413
    # As if they had been used days ago: the first one last.
    old = list(entries)
    for days, action in enumerate(old):
        for file in (cache.directory / "ac" / action[:2] / action, cache.directory / "cas" / (hashlib.sha256(entries[action]).hexdigest())[:2] / hashlib.sha256(entries[action]).hexdigest()):
            when = time.time() - 86_400 * (days + 1)
            os.utime(file, (when, when))
    assert cache.ask("GET", f"/ac/{old[8]}")[0] == 200, "who is asked for is used now"
    cache.kill()
    cache.start("--size", "1M")
    assert cache.ask("PUT", path, more)[0] == 200
    standing = [action for action in old if cache.ask("GET", f"/ac/{action}")[0] == 200]
    assert old[8] in standing and old[0] in standing and old[7] not in standing, [old.index(action) for action in standing]
    for action in standing:
        assert cache.ask("GET", f"/cas/{hashlib.sha256(entries[action]).hexdigest()}")[2] == entries[action]
    on_disk = sum(1 for _ in (cache.directory / "ac").glob("??/*"))
    assert on_disk == len(standing), "no entry is left without its blobs"
    assert cache.metric("epbuild_cache_bytes") <= 1 << 20 and cache.metric("epbuild_cache_trimmed_blobs_total") >= 1
    held = sum(file.stat().st_size for part in ("ac", "cas") for file in (cache.directory / part).glob("??/*"))
    assert cache.metric("epbuild_cache_bytes") == held, (cache.metric("epbuild_cache_bytes"), held)


def test_killed_in_the_middle(cache):
    dice = random.Random(int.from_bytes(os.urandom(4), "big"))
    answered = {}
    for turn in range(int(os.environ.get("EPBUILD_TEST_KILLS", "5"))):
        stop = threading.Event()

        def upload(seed):
            own = random.Random(seed)
            while not stop.is_set():
                content = own.randbytes(own.choice((10, 5_000, 900_000)))
                action = hashlib.sha256(content[:9]).hexdigest()
                try:
                    cache.put(content)
                    status = cache.ask("PUT", f"/ac/{action}", entry_of(content))[0]
                except (OSError, http.client.HTTPException):
                    return
                assert status == 200
                answered[action] = content
        threads = [threading.Thread(target=upload, args=(dice.random(),)) for _ in range(6)]
        half = socket.create_connection(("127.0.0.1", cache.port))
        cut = dice.randbytes(2_000_000)
        path = f"/cas/{hashlib.sha256(cut).hexdigest()}"
        half.sendall(f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{cache.port}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(cut)}\r\n\r\n".encode() + cut[:1_500_000])
        for thread in threads:
            thread.start()
        time.sleep(dice.uniform(0.1, 1.5))
        cache.kill()
        stop.set()
        for thread in threads:
            thread.join()
        half.close()
        cache.start()
        assert cache.ask("GET", path)[0] == 404
        check_all(cache)
        assert [file for file in (cache.directory / "tmp").rglob("*") if file.is_file() and file.suffix != ".lock"] == [], "what was half there is gone"
    assert answered
    for action, content in answered.items():
        assert cache.ask("GET", f"/ac/{action}")[2] == entry_of(content), "what was answered stands"
        assert cache.ask("GET", f"/cas/{hashlib.sha256(content).hexdigest()}")[2] == content


def check_all(cache):
    """Every file has the name of what it is, and no entry dangles."""
    for file in (cache.directory / "cas").glob("??/*"):
        assert hashlib.sha256(file.read_bytes()).hexdigest() == file.name, file
    for file in (cache.directory / "ac").glob("??/*"):
        assert cache.ask("GET", f"/ac/{file.name}")[0] == 200, file


def test_damage_is_never_given_whole(cache):
    first, second = cache.machine("first"), cache.machine("second")
    made = first.build()
    for file in list((cache.directory / "cas").glob("??/*"))[::2]:
        content = bytearray(file.read_bytes())
        if content:
            content[len(content) // 2] ^= 1
            file.chmod(0o644)
            file.write_bytes(content)
            try:
                given = cache.ask("GET", f"/cas/{file.name}")[2]
            except (OSError, http.client.HTTPException):
                given = b""
            assert len(given) < len(content) and cache.ask("HEAD", f"/cas/{file.name}")[0] == 404
    assert cache.metric("epbuild_cache_damaged_total") > 0
    healed = second.build()
    assert 0 < healed["actions"]["executed"] < made["actions"]["executed"] and first.delivered() == second.delivered(), healed
    assert cache.machine("third").build()["actions"]["executed"] == 0, "what was made anew has taken its place"


def test_large_blobs_need_little_memory(cache):
    size = 400 << 20
    piece = os.urandom(1 << 20)
    digest = hashlib.sha256()
    for _ in range(size >> 20):
        digest.update(piece)
    connection = http.client.HTTPConnection("127.0.0.1", cache.port, timeout=120)
    begun = time.monotonic()
    connection.request("PUT", f"/cas/{digest.hexdigest()}", (piece for _ in range(size >> 20)), {"Authorization": "Bearer " + TOKEN, "Content-Length": str(size)})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    answer.read()
    up = time.monotonic() - begun
    begun = time.monotonic()
    connection.request("GET", f"/cas/{digest.hexdigest()}", headers={"Authorization": "Bearer " + TOKEN})
    answer, found = connection.getresponse(), hashlib.sha256()
    while content := answer.read(1 << 20):
        found.update(content)
    assert found.digest() == digest.digest()
    most = int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{cache.process.pid}/status").read_text())[1]) >> 10
    print(f"400 MiB: up {up:.1f} s, down {time.monotonic() - begun:.1f} s; {most} MiB of memory at most")
    assert most < 150, most


def test_many_at_once(cache):
    """Whoever comes at the same time shares what it costs to be durable."""
    blobs = [os.urandom(2000) for _ in range(400)]

    def upload(part):
        for content in part:
            cache.put(content)
            assert cache.ask("PUT", f"/ac/{hashlib.sha256(b'a' + content).hexdigest()}", entry_of(content))[0] == 200
    begun = time.monotonic()
    threads = [threading.Thread(target=upload, args=(blobs[number::16],)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"800 small uploads by 16 clients: {time.monotonic() - begun:.1f} s")
    for content in blobs:
        assert cache.ask("GET", f"/ac/{hashlib.sha256(b'a' + content).hexdigest()}")[2] == entry_of(content)
    text = cache.ask("GET", "/metrics")[2].decode()
    assert 'epbuild_cache_requests_total{space="cas",method="PUT",status="200"} 400' in text, text


TESTS = {name[5:]: test for name, test in list(globals().items()) if name.startswith("test_")}


def main():
    server, epbuild, names = sys.argv[1], sys.argv[2], sys.argv[3:] or list(TESTS)
    failed = 0
    for name in names:
        with tempfile.TemporaryDirectory() as directory:
            cache = Cache(server, epbuild, directory)
            try:
                cache.start()
                TESTS[name](cache)
                print("ok", name, flush=True)
            except Exception:
                failed += 1
                print("FAILED", name, flush=True)
                traceback.print_exc()
                print((pathlib.Path(directory) / "server.log").read_text()[:3000])
            finally:
                cache.kill()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
