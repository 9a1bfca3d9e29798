"""Stage 1: notes.md becomes sections.json."""
import json
import re

text = open("notes.md", encoding="utf-8").read()
parts = re.split(r"^## (.+)$", text, flags=re.M)[1:]
sections = [
    {"id": title.lower().replace(" ", "-"), "title": title, "text": " ".join(body.split())}
    for title, body in zip(parts[::2], parts[1::2])
]
json.dump({"sections": sections}, open("sections.json", "w", encoding="utf-8"), indent=1)
