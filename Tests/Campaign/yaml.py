"""Mutated epbuild.yaml, show.yaml, pipeline.yaml and episode.yaml: a documented status and a place in the file, never a crash or a hang."""
import re

from .campaign import Campaign
from .machine import BOUND
from .mutation import mutated
from .show import PIPELINE, write_small_show

EPISODE = "show/episode"
FILES = {
    "epbuild.yaml": """providers:
  voices: { tool: tts, use: espeak }
limits: { jobs: 2, llm: 4, tts: 4 }
cache: { remotes: [ { url: ../remote, push: true } ] }
gates: { signed_by: [] }
""",
    "show/show.yaml": """title: Small
language: en
author: Ann
link: https://small.example/show
explicit: false
characters:
  - { name: ANN, aliases: [ANNA], voice: { provider: espeak, voice: en-gb, rate: 150, pitch: 40 } }
  - name: BEN
    role: asks
    voice: { provider: flite, voice: slt }
delivery:
  softly: { rate: -10, pitch: -2, volume: -6 }
""",
    "show/episode/episode.yaml": """title: One
number: 1
season: 2
date: 2026-11-21
topic: What breaks
keywords: [a, b]
overrides:
  delivery: { softly: { volume: -3 } }
""",
    "show/pipeline.yaml": PIPELINE + """  words:  { tool: command, each: { language: show.languages } , run: [cp, in.txt, out.txt], inputs: { in.txt: item }, outputs: [out.txt] }
""".replace("{ language: show.languages }", "data.parts.words") + """  data:   { source: data.yaml }
  script: { source: script.fountain }
  speech: { tool: tts, each: script.lines }
""",
}
QUESTIONS = [("plan", EPISODE), ("status", EPISODE), ("status", "."), ("why", EPISODE, "draft"), ("graph", EPISODE, "--format", "json"), ("graph", EPISODE, "--items"),
             ("takes", EPISODE, "lines/2"), ("inspect", EPISODE, "draft"), ("doctor", EPISODE), ("cost", EPISODE), ("build", EPISODE, "-n"), ("build", EPISODE, "draft"),
             ("plan", ".", "--json"), ("diff", EPISODE, "draft"), ("log", EPISODE)]


class YAML(Campaign):
    name = "yaml"
    what = "mutated epbuild.yaml, show.yaml, pipeline.yaml and episode.yaml under builds and every question"
    runs = 600
    short = 20
    seconds_a_run = 0.4

    def prepare(self, place):
        super().prepare(place)
        self.sound = place.machine("sound")
        write_small_show(self.sound, remote=True)
        for path, text in FILES.items():
            self.sound.write(path, text.replace("LOG", str(place.log)))
        self.sound.write("show/episode/data.yaml", "parts:\n  words: [one, two]\n")
        self.sound.write("show/episode/script.fountain", "ANN\n(softly)\nHello.\n\nBEN\nGoodbye.\n")
        self.sound.expect("build", EPISODE, statuses=(75,))

    def run(self, trial):
        machine = self.place.copy(self.sound)
        path = trial.random.choice(list(FILES) + ["show/pipeline.yaml"] * 3)
        text, said = mutated((machine.workspace / path).read_bytes(), trial.random)
        trial.note(f"{path}: {'; '.join(said)}")
        machine.write(path, text)
        for words in trial.random.sample(QUESTIONS, 3) + [("build", EPISODE)]:
            outcome = machine.run(*words, bound=BOUND)
            trial.note(f"{' '.join(words)}: {outcome.status}")
            machine.sound(outcome)
            trial.check("\x1b" not in outcome.text, f"a terminal escape goes through: {outcome}")
            if outcome.status == 65 and words[0] == "build":
                trial.check(re.search(r"(yaml|fountain|txt)(:\d+)?(:\d+)?", outcome.text), f"no file is named: {outcome}")
            trial.check(outcome.status in (0, 75) or outcome.errors.strip() or outcome.output.strip(), f"nothing is told: {outcome}")
