"""Mutated sounds and pictures as voices, music, effects and covers: a finished episode, or an error that names what is wrong."""
import math
import re
import struct

from .campaign import Campaign
from .place import remove

EPISODE = "show/episode"
PIPELINE = """stages:
  script:  { source: script.fountain }
  speech:  { tool: command, each: script.lines, run: [sh, -c, "cp voice.wav line.wav"], inputs: { voice.wav: ./voice.wav, item.txt: item }, outputs: [line.wav] }
  music:   { source: "music/*" }
  effects: { source: "effects/*" }
  cover:   { source: cover.jpg }
  mixed:   { tool: mix, from: [script, speech, music, effects] }
  package: { tool: package, from: [mixed, script, cover] }
"""
SCRIPT = "MUSIC: theme\n\nANN\nHello.\n\nSFX: bang\n\nBEN\nGoodbye.\n"
HEADERS = [0, 1, 2, 3, 7, 16, 17, 24, 32, 64, 255, 8000, 22050, 48000, 192000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]


def wav(rate=22050, channels=1, bits=16, kind=1, seconds=0.3):
    """A tone, as a WAV file of any form."""
    frames = int(rate * seconds)
    width = bits // 8
    data = bytearray()
    for frame in range(min(frames, 20_000)):
        value = 0.3 * math.sin(frame * 440 * 2 * math.pi / rate)
        data += (struct.pack("<f", value) if kind == 3 else int(value * (2 ** (bits - 1) - 1) + (128 if bits == 8 else 0)).to_bytes(width, "little", signed=bits > 8)) * channels
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * channels * width, channels * width, bits)
    return b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data)) + bytes(data)


class Sounds(Campaign):
    name = "sounds"
    what = "mutated WAV, MP3, covers as voices, music, effects: a finished episode, or an error that names the file"
    runs = 200
    short = 15
    seconds_a_run = 3

    def prepare(self, place):
        super().prepare(place)
        self.sound = place.machine("sound")
        write = self.sound.write
        write("epbuild.yaml", "{}\n")
        write("show/show.yaml", "title: Small\nlanguage: en\nauthor: Ann\n")
        write("show/pipeline.yaml", PIPELINE)
        write(f"{EPISODE}/episode.yaml", "title: One\nnumber: 1\n")
        write(f"{EPISODE}/script.fountain", SCRIPT)
        write(f"{EPISODE}/voice.wav", wav())
        write(f"{EPISODE}/music/theme.wav", wav(rate=44100, channels=2))
        write(f"{EPISODE}/effects/bang.wav", wav(rate=48000))
        # A cover as the tool `image` draws it; and an MP3, of the first build.
        write("show/pipeline.yaml", PIPELINE.replace("{ source: cover.jpg }", "{ tool: cover }"))
        self.sound.expect("build", EPISODE)
        self.mp3 = next((self.sound.episode / "out").glob("*.mp3")).read_bytes()
        write(f"{EPISODE}/cover.jpg", next((self.sound.episode / "out").glob("*.jpg")).read_bytes())
        write("show/pipeline.yaml", PIPELINE)
        self.sound.expect("build", EPISODE)

    def run(self, trial):
        machine = self.place.copy(self.sound)
        remove(machine.episode / "out")
        name = trial.random.choice(["voice.wav", "voice.wav", "music/theme.wav", "effects/bang.wav", "cover.jpg"])
        path = machine.episode / name
        data, said = self.changed(path.read_bytes(), name, trial.random)
        trial.note(f"{name}: {said}")
        machine.write(f"{EPISODE}/{name}", data)
        outcome = machine.sound(machine.build(), (0, 1, 65, 69))
        if outcome.status == 0:
            made = list((machine.episode / "out").glob("*.mp3"))
            trial.check(len(made) == 1 and made[0].stat().st_size > 1000, f"there is no episode: {outcome}")
        else:
            mark = {"voice.wav": r"line\.wav|speech/|voice\.wav"}.get(name, re.escape(name.split("/")[-1]) + "|" + name.split("/")[-1].split(".")[0])
            trial.check(re.search(mark, outcome.errors), f"the error does not name {name}: {outcome}")
        trial.check("\x1b" not in outcome.text, f"a terminal escape goes through: {outcome}")

    def changed(self, data, name, random):
        way = random.choice(["flips", "flips", "cut", "header", "other", "empty", "longer", "form", "form"])
        if way == "flips":
            changed = bytearray(data)
            limit = random.choice([12, 44, 200, len(data)])
            for _ in range(random.choice([1, 3, 30])):
                changed[random.randrange(min(limit, len(data)))] = random.randrange(256)
            return bytes(changed), f"bytes below {limit} flipped"
        if way == "cut":
            length = random.choice([random.randrange(len(data)), random.randrange(60)])
            return data[:length], f"cut to {length} bytes"
        if way == "header":
            at, value = random.choice([4, 16, 20, 22, 24, 28, 32, 34, 40]), random.choice(HEADERS)
            size = 2 if at in (20, 22, 32, 34) else 4
            return data[:at] + (value % 256 ** size).to_bytes(size, "little") + data[at + size:], f"{value} at {at}"
        if way == "other":
            which = random.choice(["mp3", "wav", "text", "png", "zeros"])
            return {"mp3": self.mp3, "wav": wav(), "text": b"Hello.\n" * 50, "png": b"\x89PNG\r\n\x1a\n" + bytes(200), "zeros": bytes(5000)}[which], f"a {which} by its content"
        if way == "empty":
            return b"", "empty"
        if way == "longer":
            return data + random.randbytes(random.choice([1, 3, 5000])), "made longer"
        form = random.choice([(8000, 1, 8, 1), (11025, 2, 16, 1), (44100, 6, 16, 1), (96000, 1, 24, 1), (48000, 2, 32, 1), (48000, 1, 32, 3), (1, 1, 16, 1), (700_000, 1, 16, 1), (44100, 64, 16, 1)])
        seconds = random.choice([0, 0.00001, 0.3])
        return wav(*form, seconds), f"rate, channels, bits, format {form}, {seconds} s"
