"""Stage 2: each section of sections.json becomes audio/ID.wav. Slow, and in earnest it costs money."""
import json
import os
import subprocess

os.makedirs("audio", exist_ok=True)
for section in json.load(open("sections.json", encoding="utf-8"))["sections"]:
    print("speaking", section["id"], flush=True)
    subprocess.run(["espeak-ng", "-w", f"audio/{section['id']}.wav", section["title"] + ". " + section["text"]], check=True)
