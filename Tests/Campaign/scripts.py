"""Mutated Fountain: every word of a script is spoken, silent by the standard, or warned of; written anew it is the same script."""
import json
import re

from .campaign import Campaign
from .mutation import mutated

SCRIPTS = ["""Title: Lift-off
Author: Ann
    and Ben

# The start

= Oliver finds a rocket.

MUSIC: theme

OLIVER
(whispering)
Is it *really* a rocket? [[Pause before this.]]
(louder)
Mia! Come and look!

SFX: hammer

MIA (V.O.)
I am looking, and
I see it.

BEN ^
So do I.

She goes out.

CUT TO:

INT. WORKSHOP - NIGHT #1#

@McTavish
~La la la

/* A cut
scene. */

!SAM
> THE END <
""", """NARRATOR
Once upon a time.

Oliver: Hello, Mia.
MIA: Hello, Oliver.

10:30 in the morning, all is well.

**OLIVER**
What _is_ it?

SAM
Before the rule.
---
MIA
After it.

(MUSIC: bed)
JUN
(beat)

Where are we?

[SFX: door]
.FLASHBACK

黒澤
こんにちは。

@黒澤
元気ですか。
""", "\ufeffANN\r\nHello.\r\n\r\nBEN (CONT'D)\r\n(softly)\r\nGoodbye\u00a0then.\r\n  \r\nStill Ben.\r\n"]
PIECES = ["\n", "\n\n", "ANN\n", "@", "!", "~", ".", ">", "<", "#", "=", "===", "[[", "]]", "/*", "*/", "(", ")", "^", "*", "**", "_", "\\", "SFX: bang\n", "MUSIC: bed\n", "  \n",
          "\t", "\u00a0", "\ufeff", "CUT TO:\n", "INT. ROOM\n", ": ", "：", "Title: x\n", "é", "e\u0301", "—", "\r", "\u2028", "ANN: ", "- ", "1. ", "(beat)\n", "[Ann]: "]


class Scripts(Campaign):
    name = "scripts"
    what = "mutated Fountain scripts: no word lost without a word, and the same script when written anew"
    runs = 1500
    short = 40
    seconds_a_run = 0.15

    def run(self, trial):
        machine = self.place.machine()
        text, said = self.script(trial.random)
        trial.note("; ".join(said))
        path = machine.workspace / "script.fountain"
        path.write_bytes(text)
        outcome = machine.sound(machine.run("script", "script.fountain", "--json", bound=30), (0, 65))
        if outcome.status == 65:
            trial.check("script.fountain" in outcome.errors and not self.is_utf8(text), f"refused: {outcome}")
            return
        script = json.loads(outcome.output)
        self.check_words(trial, text, script)
        self.check_format(trial, machine, script)

    @staticmethod
    def script(random):
        if random.random() < 0.3:
            return mutated(random.choice(SCRIPTS).encode(), random)
        text, said = random.choice(SCRIPTS), []
        for _ in range(random.choice([1, 1, 2, 3, 5])):
            # Between lines, at the end of one, or anywhere.
            places = [0] + [at.end() for at in re.finditer("\n", text)] + [at.start() for at in re.finditer("\n", text)]
            at = random.choice(places) if random.random() < 0.7 else random.randrange(len(text) + 1)
            piece = random.choice(PIECES)
            count = random.choice([0, 0, 0, 1, 3])
            said.append(f"{text[at:at + count]!r} became {piece!r} at {at}")
            text = text[:at] + piece + text[at + count:]
        return text.encode(), said

    @staticmethod
    def is_utf8(text):
        try:
            text.decode()
            return True
        except UnicodeDecodeError:
            return False

    @staticmethod
    def check_words(trial, text, script):
        """Each word lies in an element, and what is said in dialogue is spoken."""
        covered = bytearray(len(text))
        for one in script["titlePage"] + script["elements"]:
            start, end = one["span"]["start"], one["span"]["end"]
            covered[start:end] = b"\1" * (end - start)
        lost = []
        for line in re.finditer(rb"[^\n]+", text):
            for word in re.finditer(rb"[^\s]+", line.group()):
                start = line.start() + word.start()
                # Blanks that are no ASCII are no words.
                said = word.group().decode(errors="replace").strip("\ufeff\u00a0\u200b\u2060").strip()
                if any(ord(letter) > 127 or letter.isalnum() for letter in said) and not any(covered[start:start + len(word.group())]):
                    lost.append(said)
        trial.check(not lost, f"in no element: {lost[:10]}\n{text.decode(errors='replace')}")
        # Marks of emphasis are not spoken, and may stand within a word: letters are compared.
        spoken = letters(" ".join(line["text"] for line in script["lines"]))
        silent = [one["text"] for one in script["elements"] if one["kind"] == "dialogue" and letters(one["text"]) not in spoken]
        trial.check(not silent or script["report"]["warnings"], f"dialogue that nobody speaks: {silent[:10]}\n{text.decode(errors='replace')}")

    def check_format(self, trial, machine, script):
        first = machine.sound(machine.run("script", "script.fountain", "--format", bound=30), (0,)).output
        again = machine.workspace / "again.fountain"
        again.write_text(first)
        second = json.loads(machine.expect("script", "again.fountain", "--json").output)
        for part in ("elements", "lines"):
            found, expected = [self.plain(one) for one in second[part]], [self.plain(one) for one in script[part]]
            differing = [(one, other) for one, other in zip(found, expected) if one != other]
            trial.check(found == expected, f"written anew it is another script: {len(found)} {part} instead of {len(expected)}; {differing[:1]}\n{first}")
        third = machine.expect("script", "again.fountain", "--format").output
        trial.check(first == third, f"written anew twice it is another text:\n{first}\n…\n{third}")

    @staticmethod
    def plain(one):
        """Without its place, and without byte-order marks: one at the very front is no part of a script, and what stood before it may go."""
        kept = {key: value for key, value in one.items() if key not in ("span", "line", "column", "inline")}
        return {key: value.replace("\ufeff", "") if isinstance(value, str) else value for key, value in kept.items()}


def letters(text):
    return "".join(re.findall(r"[^\W_]", text))
