"""The small show that most campaigns build: a dozen actions of milliseconds, every one of which logs that it ran."""

STEP = """# step.sh LOG NAME OUTPUT INPUT...: logs that it runs, and makes a text that says by whom and from what it was made.
log=$1 name=$2 output=$3
shift 3
made=$name-$(cat "$@" | cksum | tr ' ' -)
echo "$made" >> "$log"
# Locked as long as this program or a child of it lives.
exec 9>> "$log.locks/$made"
flock -n 9 || echo "beside:$made" >> "$log"
if [ -e "$log.pause" ]; then sleep "$(cat "$log.pause")"; fi
{ echo "made $made"; cat "$@"; } > "$output"
"""

PIPELINE = """stages:
  texts:  { source: "texts/*.txt" }
  upper:  { tool: command, each: texts, run: [sh, step.sh, LOG, upper, out.txt, in.txt], inputs: { step.sh: ./step.sh, in.txt: item }, outputs: [out.txt] }
  draft:  { tool: command, run: [sh, step.sh, LOG, draft, draft.txt, brief.txt], inputs: { step.sh: ./step.sh, brief.txt: ./brief.txt }, outputs: [draft.txt], output: draft.txt, editable: true }
  lines:  { tool: command, each: draft.lines, run: [sh, step.sh, LOG, lines, out.txt, in.txt], inputs: { step.sh: ./step.sh, in.txt: item }, outputs: [out.txt], deliver: true }
  whole:  { tool: command, run: [sh, -c, "sh step.sh LOG whole whole.txt parts/* lines/*"], inputs: { step.sh: ./step.sh, parts: upper, lines: lines }, outputs: [whole.txt], deliver: true, gate: true }
  last:   { tool: command, run: [sh, step.sh, LOG, last, last.txt, whole.txt], inputs: { step.sh: ./step.sh, whole.txt: whole }, outputs: [last.txt], deliver: true }
"""

BRIEF = "The first line.\nThe second line.\nThe third line.\n"


def write_small_show(machine, remote=False, texts=3):
    """A show with sources, an editable text, a fan-out over its lines, a gate and what is delivered behind it."""
    cache = "cache: { remotes: [ { url: ../remote, push: true } ] }\n" if remote else "{}\n"
    if remote:
        (machine.directory / "remote").mkdir(exist_ok=True)
    machine.write("epbuild.yaml", cache)
    machine.write("show/show.yaml", "title: Small\nlanguage: en\n")
    machine.write("show/step.sh", STEP)
    machine.write("show/pipeline.yaml", PIPELINE.replace("LOG", str(machine.place.log)))
    machine.write("show/episode/episode.yaml", "title: One\n")
    machine.write("show/episode/brief.txt", BRIEF)
    for number in range(1, texts + 1):
        machine.write(f"show/episode/texts/{number}.txt", f"Text {number}.\n")


PODCAST = {
    "show.yaml": """title: Small Talk
author: Ann
language: en
link: https://small.example/talk
guid: 6ce15ecb-3fbf-5bad-af6f-26899bcb64f0
characters:
  - { name: ANN, voice: { provider: espeak, voice: en-gb } }
  - { name: BEN, voice: { provider: flite, voice: slt } }
""",
    "pipeline.yaml": """stages:
  script:  { source: script.fountain }
  speech:  { tool: tts, each: script.lines }
  music:   { tool: synth, names: [intro] }
  cover:   { tool: cover }
  mixed:   { tool: mix, from: [script, speech, music] }
  package: { tool: package, from: [mixed, script, cover] }
""",
    "episode/episode.yaml": "title: One\nnumber: 1\ndate: 2025-11-21\n",
    "episode/script.fountain": "ANN\nHello, Ben.\n\nBEN\nHello, Ann.\n\nANN\nGoodbye.\n",
}


def write_podcast(machine):
    """A podcast of three lines beside the small show, by the voices that work offline."""
    for path, text in PODCAST.items():
        machine.write(f"podcast/{path}", text)


def build_small_show(machine):
    """Builds it to its end: what waits at the gate is approved."""
    machine.expect("build", "show/episode", statuses=(75,))
    machine.expect("approve", "show/episode", "whole", "--by", "Ann")
    return machine.expect("build", "show/episode")
