"""One small podcast by epbuild and by general tools: how often the voice is called after each kind of edit, and whether the sound is right.

Every tool uses the same voice: espeak-ng behind a wrapper that counts its calls and takes 100 ms longer. The others join the
lines and encode the whole; epbuild levels, limits and writes captions as well, so its seconds are not like for like."""
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import venv
from dataclasses import dataclass, field

COUNT = 60
PACKAGES = ["snakemake==9.27.0", "doit==0.37.0", "dvc==3.67.0"]
STATES = ["from nothing", "unchanged", "one word", "a line more", "two swapped", "undone", "killed, again", "two at once"]


@dataclass
class Tool:
    name: str
    prepare: object
    """Called with a directory, the lines and the bench's programs: writes what the tool reads, but for what it has made."""
    command: list
    output: str
    environment: dict = field(default_factory=dict)


class Bench:
    """The programs that all tools share, below one directory."""

    def __init__(self, setting):
        self.setting = setting
        self.home = setting.fresh("rivals")
        self.calls = os.path.join(self.home, "calls")
        self.bin = os.path.join(self.home, "bin")
        os.mkdir(self.bin)
        real = shutil.which("espeak-ng") or sys.exit("rivals needs espeak-ng")
        # Asked for its version or its voices, it is no voice.
        self.script("espeak-ng", f"""case " $* " in *" --version "*|*" --voices"*) exec {real} "$@" ;; esac
echo call >> {self.calls}
sleep 0.1
exec {real} "$@"
""")
        self.script("say-line", 'exec espeak-ng -v en-gb -w "$1" -- "$2"\n')
        self.script("join-lines", """out=$1; shift
for file in "$@"; do echo "file '$(realpath "$file")'"; done > "$out.list"
ffmpeg -v error -y -f concat -safe 0 -i "$out.list" -b:a 192k "$out"
""")
        self.python = os.path.join(self.home, "venv", "bin")

    def script(self, name, text):
        path = os.path.join(self.bin, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nset -e\n" + text)
        os.chmod(path, 0o755)

    def install(self):
        """The rivals, in an environment of their own. False if they cannot be had."""
        venv.create(os.path.join(self.home, "venv"), with_pip=True)
        done = subprocess.run([os.path.join(self.python, "pip"), "install", "-q", *PACKAGES], check=False)
        return done.returncode == 0

    def environment(self, tool):
        path = f"{self.bin}:{self.python}:{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "HOME": self.home, "DVC_NO_ANALYTICS": "1", **tool.environment}

    def counted(self):
        if not os.path.exists(self.calls):
            return 0
        with open(self.calls, encoding="utf-8") as file:
            return len(file.readlines())

    def start(self, tool, place):
        argv = [word.replace("PLACE", place) for word in tool.command]
        return subprocess.Popen(
            argv, cwd=place, env=self.environment(tool), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    def measured(self, tool, place, processes=1):
        """Calls, seconds, and the exit statuses."""
        before, start = self.counted(), time.perf_counter()
        running = [self.start(tool, place) for _ in range(processes)]
        statuses = [process.wait() for process in running]
        return self.counted() - before, time.perf_counter() - start, statuses


def lines():
    subjects = ["The moon", "A kettle", "My neighbour", "The last train", "An old map", "The lighthouse"]
    return [f"{subjects[index % 6]} has a story number {index + 1}." for index in range(COUNT)]


def write(place, name, text):
    path = os.path.join(place, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def for_epbuild(place, script):
    write(place, "epbuild.yaml", "limits: { jobs: 2, tts: 2 }\n")
    write(place, "show.yaml", "title: Rivals\nlanguage: en\npipeline: pipeline.yaml\n"
          "characters:\n  - { name: ANN, voice: { provider: espeak, voice: en-gb } }\n")
    write(place, "pipeline.yaml", """stages:
  script: { source: script.fountain }
  voices: { tool: tts, each: script.lines }
  mixing: { tool: mix, from: [script, voices] }
  package: { tool: package, from: [script, voices, mixing], deliver: true }
""")
    write(place, "episode/episode.yaml", "title: Rivals\ntopic: Rivals\n")
    write(place, "episode/script.fountain", "Title: Rivals\n\n# Rivals\n\n" + "".join(f"ANN\n{line}\n\n" for line in script))


SNAKEFILE = """import hashlib
LINES = [line.rstrip("\\n") for line in open("lines.txt")]
NAMES = NAMES_OF_LINES
TEXTS = dict(zip(NAMES, LINES))
rule all:
    input: "episode.mp3"
rule line:
    output: "wav/{name}.wav"
    params: text=lambda wildcards: TEXTS[wildcards.name]
    shell: "say-line {output} {params.text:q}"
rule mix:
    input: expand("wav/{name}.wav", name=NAMES)
    output: "episode.mp3"
    shell: "join-lines {output} {input}"
"""


def snakemake(names):
    def prepare(place, script):
        write(place, "lines.txt", "".join(f"{line}\n" for line in script))
        write(place, "Snakefile", SNAKEFILE.replace("NAMES_OF_LINES", names))
    return prepare


def for_doit(place, script):
    write(place, "lines.txt", "".join(f"{line}\n" for line in script))
    write(place, "dodo.py", """import os
from doit.tools import config_changed
os.makedirs("wav", exist_ok=True)
LINES = [line.rstrip("\\n") for line in open("lines.txt")]
FILES = [f"wav/{number:03}.wav" for number in range(1, len(LINES) + 1)]
def task_line():
    for name, text in zip(FILES, LINES):
        yield {"name": name, "actions": [["say-line", name, text]], "targets": [name], "uptodate": [config_changed(text)]}
def task_mix():
    return {"actions": [["join-lines", "episode.mp3", *FILES]], "file_dep": FILES, "targets": ["episode.mp3"]}
""")


def for_dvc(place, script):
    import json
    numbered = {f"{number:03}": line for number, line in enumerate(script, 1)}
    stages = {f"line-{number}": {
        "cmd": f"mkdir -p wav && say-line wav/{number}.wav {json.dumps(line)}", "deps": [f"texts/{number}.txt"], "outs": [f"wav/{number}.wav"],
    } for number, line in numbered.items()}
    names = [f"wav/{number}.wav" for number in numbered]
    stages["mix"] = {"cmd": f"join-lines episode.mp3 {' '.join(names)}", "deps": names, "outs": ["episode.mp3"]}
    for number, line in numbered.items():
        path = os.path.join(place, "texts", f"{number}.txt")
        if not os.path.exists(path) or open(path, encoding="utf-8").read() != line:
            write(place, f"texts/{number}.txt", line)
    write(place, "dvc.yaml", json.dumps({"stages": stages}))
    if not os.path.isdir(os.path.join(place, ".dvc")):
        write(place, ".dvc/config", "[core]\n    no_scm = True\n    analytics = False\n")


def tools(setting):
    by_hash = '[hashlib.sha256(line.encode()).hexdigest()[:12] for line in LINES]'
    return [
        Tool("epbuild", for_epbuild, [setting.binary, "PLACE/episode"], "episode/out/episode.mp3"),
        Tool("Snakemake, lines by number", snakemake('[f"{n:03}" for n in range(1, len(LINES) + 1)]'), ["snakemake", "-j2", "-q"], "episode.mp3"),
        Tool("Snakemake, lines by hash", snakemake(by_hash), ["snakemake", "-j2", "-q"], "episode.mp3"),
        Tool("doit", for_doit, ["doit", "-n2"], "episode.mp3"),
        Tool("DVC", for_dvc, ["dvc", "repro", "-q"], "episode.mp3"),
    ]


def heard(path):
    """What a listener gets, as a digest of the decoded sound; nil if there is nothing."""
    done = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-"], capture_output=True, check=False)
    return hashlib.sha256(done.stdout).hexdigest() if done.returncode == 0 and done.stdout else None


def finished(place, tool):
    """The finished sound: epbuild names it after the episode's title."""
    path = os.path.join(place, tool.output)
    if os.path.exists(path):
        return path
    folder = os.path.dirname(path)
    found = [name for name in os.listdir(folder) if name.endswith(".mp3")] if os.path.isdir(folder) else []
    return os.path.join(folder, found[0]) if found else path


class Contest:
    """One tool's way through the states."""

    def __init__(self, bench, tool):
        self.bench, self.tool = bench, tool
        self.cells = {}

    def place(self, name, script):
        place = os.path.join(self.bench.home, hashlib.sha256(self.tool.name.encode()).hexdigest()[:6], name)
        os.makedirs(place, exist_ok=True)
        self.tool.environment["EPBUILD_CACHE"] = os.path.join(os.path.dirname(place), f"cache-{name}")
        self.tool.prepare(place, script)
        return place

    def right(self, place, script):
        """Whether the sound is that of a build of this script from nothing."""
        fresh = self.place(f"fresh-{len(self.cells)}", script)
        self.bench.measured(self.tool, fresh)
        return heard(finished(fresh, self.tool)) == heard(finished(place, self.tool))

    def note(self, state, place, script, processes=1):
        self.tool.environment["EPBUILD_CACHE"] = os.path.join(os.path.dirname(place), f"cache-{os.path.basename(place)}")
        calls, seconds, statuses = self.bench.measured(self.tool, place, processes)
        failed = "" if not any(statuses) else f", exit {max(statuses)}"
        wrong = "" if any(statuses) or self.right(place, script) else " ✗"
        self.cells[state] = f"{calls} / {seconds:.1f}{failed}{wrong}"

    def run(self):
        base = lines()
        word = [line.replace("kettle", "teapot") if index == 31 else line for index, line in enumerate(base)]
        more = base[:30] + ["Here is a line that nobody expected."] + base[30:]
        swapped = base[:20] + [base[21], base[20]] + base[22:]
        place = self.place("work", base)
        self.note("from nothing", place, base)
        self.note("unchanged", place, base)
        for state, script in (("one word", word), ("undone", base), ("a line more", more), ("two swapped", swapped)):
            self.place("work", script)
            self.note(state, place, script)
            if state == "a line more":
                self.place("work", base)
                self.bench.measured(self.tool, place)
        killed = self.place("killed", base)
        before = self.bench.counted()
        process = self.bench.start(self.tool, killed)
        while self.bench.counted() - before < COUNT // 2 and process.poll() is None:
            time.sleep(0.02)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.note("killed, again", killed, base)
        self.note("two at once", self.place("twice", base), base, processes=2)
        return [self.cells[state] for state in STATES]


def table(setting):
    """Lines of a table: a row a tool, a column a state; voice calls and seconds, and ✗ where the sound is wrong."""
    bench = Bench(setting)
    known = tools(setting)
    if not bench.install():
        print("The rivals cannot be installed; epbuild alone is measured.", file=sys.stderr)
        known = known[:1]
    yield "| voice calls / seconds | " + " | ".join(STATES) + " |"
    yield "|---|" + "---|" * len(STATES)
    for tool in known:
        yield f"| {tool.name} | " + " | ".join(Contest(bench, tool).run()) + " |"
