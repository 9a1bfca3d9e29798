"""SIGKILL of the operator's server while builds run, people listen and ask: what was answered is done, once, and those who listen miss nothing."""
import collections
import http.client
import http.server
import json
import pathlib
import sys
import threading
import time

from .campaign import Campaign, Failed

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Server/Tests/EndToEnd"))
from studio import Events, Studio, wait  # noqa: E402

EPISODES, THINGS, LISTENERS, READERS = 3, 5, 6, 3
PAGES = ["/", "/episodes", "/episodes/show~e1", "/builds", "/api/v1/inbox", "/api/v1/episodes/show~e2", "/api/v1/builds", "/api/v1/episodes/show~e1/plan", "/metrics"]
STORING = 2
"""Seconds within which a result is stored after its program has ended, or its service has answered, however busy the machine is."""
# Locked as long as this program lives, and told of with its times.
STEP = """name=$1 log=$2
exec 9>> "$log.$name"
flock -n 9 || echo "beside $name 0" >> "$log"
echo "begin $name $(date +%s.%N)" >> "$log"
sleep 0.1
cp in "$3"
echo "end $name $(date +%s.%N)" >> "$log"
"""
PIPELINE = """stages:
  things: { source: things.yaml }
  say: { tool: llm, prompt: p.md, each: things.all, output: say.txt }
  copy: { tool: command, each: say, run: [sh, -c, "sh step.sh $(cksum < in | cut -d' ' -f1) LOG out.txt"], inputs: { step.sh: ./step.sh, in: item }, outputs: [out.txt] }
  whole: { tool: command, run: [sh, -c, "cat parts/* > whole.txt"], inputs: { parts: copy }, outputs: [whole.txt], deliver: true }
"""


class ServerKills(Campaign):
    name = "server"
    what = "SIGKILL of the operator's server at random instants, once and twice, while builds run, people listen and ask; then another start"
    runs = 200
    short = 5
    seconds_a_run = 15
    needs_server = True

    def run(self, trial):
        model = Model()
        studio = House(self.place.server, self.place.binary, self.place.machine().directory, model.port)
        crowd = Crowd(studio, trial)
        kills = []
        try:
            studio.start()
            crowd.begin()
            for number in range(trial.random.choice([1, 1, 2])):
                delay = trial.random.uniform(0.05, 2.5 if number == 0 else 1)
                trial.note(f"killed {delay * 1000:.0f} ms after its start number {number + 1}")
                time.sleep(delay)
                studio.kill()
                kills.append(time.time())
                studio.start()
            crowd.stop_asking()
            check_jobs(trial, studio, crowd)
            check_runs(trial, "a program", studio.runs(), kills)
            check_runs(trial, "a service", model.calls(), kills)
            for follower in crowd.followers:
                wait(lambda: follower.seen == studio.told(), f"a listener misses nothing: {len(follower.seen)} of {len(studio.told())}", 30)
            trial.check(not crowd.troubles, f"those who asked were told: {crowd.troubles[:3]}")
        finally:
            crowd.end()
            if studio.process and studio.process.poll() is None:
                studio.kill()
            model.server.shutdown()
            model.server.server_close()


def check_jobs(trial, studio, crowd):
    trial.check(crowd.jobs, "nothing was asked for")
    known = {job["id"]: job for job in studio.json("GET", "/api/v1/builds?limit=1000")}
    lost = [number for number in crowd.jobs if number not in known]
    trial.check(not lost, f"answered, and not known any more: {lost}")
    for number in crowd.jobs:
        ended = studio.ended(number, 120)
        trial.check(ended["outcome"] in ("built", "upToDate"), f"build {number}: {ended}")
    for name in {name for number in crowd.jobs for name in known[number]["episodes"]}:
        episode = name.split("~")[1]
        found = (studio.workspace / f"show/{episode}/out/whole.txt").read_text()
        expected = "".join(f"You said: Tell of {episode} {number}." for number in range(THINGS))
        trial.check(found == expected, f"{name} is {found!r}")


def check_runs(trial, what, runs, kills):
    """One thing is done twice only if a kill came before the first could be stored."""
    for name, times in runs.items():
        for (begin, end), (again, _) in zip(times, times[1:]):
            known = (end or again) + STORING
            trial.check(any(begin - 0.1 <= kill <= known for kill in kills), f"{what} was asked twice for {name}, without a kill in between: {times}, {kills}")


class House(Studio):
    """Three episodes, each with some things that a paid service tells of."""

    def __init__(self, server, epbuild, directory, port):
        super().__init__(server, epbuild, directory)
        self.notes = self.root / "log"
        self.notes.write_text("")
        provider = f"{{ tool: llm, use: openai, model: m, base_url: \"http://127.0.0.1:{port}/v1\", api_key_env: WRITER_KEY, base_delay_seconds: 0.01 }}"
        files = {
            "epbuild.yaml": f"providers:\n  writer: {provider}\nprices: {{ openai: {{ m: {{ in: 1, out: 1 }} }} }}\nlimits: {{ jobs: 2 }}\n",
            "show/pipeline.yaml": PIPELINE.replace("LOG", str(self.notes)), "show/step.sh": STEP, "show/p.md": "Tell of {{ item }}.",
        }
        for number in range(1, EPISODES + 1):
            files[f"show/e{number}/episode.yaml"] = "title: E\n"
            files[f"show/e{number}/things.yaml"] = "all:\n" + "".join(f"- e{number} {thing}\n" for thing in range(THINGS))
        (self.workspace / "show/ep/episode.yaml").unlink()
        for name, text in files.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.environment["WRITER_KEY"] = "k"

    def told(self):
        return [json.loads(line) for path in sorted((self.workspace / ".epbuild/events").iterdir()) for line in path.read_text().splitlines()]

    def runs(self):
        """By what it has worked on: when each run began and ended, None if it did not."""
        found = collections.defaultdict(list)
        for line in self.notes.read_text().splitlines():
            word, name, instant = line.split()
            if word == "beside":
                raise Failed(f"ran twice at once: {name}")
            if word == "begin":
                found[name].append((float(instant), None))
            else:
                found[name][-1] = (found[name][-1][0], float(instant))
        return found


class Crowd:
    """People who listen, who open pages, and one who asks for builds. All of them come back when the server does."""

    def __init__(self, studio, trial):
        self.studio, self.jobs, self.troubles, self.is_over, self.has_asked = studio, [], [], False, False
        self.followers = [Follower(studio) for _ in range(LISTENERS)]
        seeds = [trial.random.random() for _ in range(READERS)]
        self.threads = [threading.Thread(target=self.read, args=(seed,), daemon=True) for seed in seeds]
        self.asking = threading.Thread(target=self.ask, args=([trial.random.randrange(1, EPISODES + 1) for _ in range(5)], trial.random.uniform(0.05, 0.4)), daemon=True)

    def begin(self):
        for one in self.followers:
            one.start()
        # Whoever comes later than the first event has not missed it.
        wait(lambda: all(one.last for one in self.followers), "all listen")
        for one in [*self.threads, self.asking]:
            one.start()

    def ask(self, episodes, pause):
        for episode in episodes:
            try:
                status, _, content = self.studio.ask("POST", "/api/v1/builds", {"episodes": [f"show~e{episode}"]})
                if status == 201:
                    self.jobs.append(json.loads(content)["id"])
                else:
                    self.troubles.append((status, content))
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(pause)

    def stop_asking(self):
        self.asking.join(30)
        if not self.jobs:
            self.jobs.append(self.studio.json("POST", "/api/v1/builds", {"episodes": ["show~e1"]}, 201)["id"])

    def read(self, seed):
        number = int(seed * 1000)
        while not self.is_over:
            number += 1
            try:
                status, _, content = self.studio.ask("GET", PAGES[number % len(PAGES)])
                if status != 200:
                    self.troubles.append((PAGES[number % len(PAGES)], status, content[:500]))
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)

    def end(self):
        self.is_over = True
        for follower in self.followers:
            follower.is_over = True
        for thread in [*self.threads, *self.followers]:
            if thread.ident:
                thread.join(5)


class Follower(threading.Thread):
    """A stream of events as a browser follows it: after each end it comes back with the id that it has seen last."""

    def __init__(self, studio):
        super().__init__(daemon=True)
        self.studio, self.seen, self.events, self.is_over = studio, [], None, False

    @property
    def last(self):
        return self.events and self.events.last

    def run(self):
        while not self.is_over:
            try:
                self.events = Events(self.studio, self.last)
                while not self.is_over and (event := self.events.next()):
                    if event[0] == "message":
                        self.seen.append(json.loads(event[2]))
            except (OSError, http.client.HTTPException, AssertionError, ValueError):
                time.sleep(0.02)


class Model:
    """A paid service that speaks as OpenAI's does, and notes what it was asked."""

    def __init__(self):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                begin = time.time()
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                text = body["messages"][-1]["content"]
                text = text if isinstance(text, str) else text[0]["text"]
                entry = [text, begin, None]
                asked.append(entry)
                time.sleep(0.05)
                answer = {"id": "c", "object": "chat.completion", "model": "m", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": f"You said: {text}"}}],
                          "usage": {"prompt_tokens": 5, "completion_tokens": 10, "total_tokens": 15}}
                content = json.dumps(answer).encode()
                try:
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                    entry[2] = time.time()
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def calls(self):
        found = collections.defaultdict(list)
        for text, begin, end in sorted(self.asked, key=lambda entry: entry[1]):
            found[text].append((begin, end))
        return found
