#!/usr/bin/env python3
"""The documentary of Episodes/ from nothing to acceptance through its four gates, by the API alone: `documentary.py SERVER EPBUILD`.

A second round, with a cache that holds what the first one has made, rejects at a gate before it approves, while a stream of events is cut again and again.
"""
import json
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from studio import Events, Studio, opened  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[3]
NAME = "ep001-a-light-that-reaches"
EPISODE = f"documentary~{NAME}"
GATES = ["script", "storyboard", "assets", "audio"]
DELIVERED = [
    "outline.yaml", "research.json", "script.yaml", "storyboard.json", "asset_plan.json", "voiceover.mp3", "captions.srt", "video.mp4", "animatics/scene_001.mp4",
    "acceptance_results.json",
]


class Documentary(Studio):
    """A workspace with that show alone, in which nobody has decided anything."""

    def __init__(self, server, epbuild, directory):
        super().__init__(server, epbuild, directory)
        shutil.rmtree(self.workspace)
        self.renew()

    def renew(self):
        shutil.rmtree(self.workspace, ignore_errors=True)
        self.workspace.mkdir()
        shutil.copy(ROOT / "Episodes/epbuild.yaml", self.workspace)
        shutil.copytree(ROOT / "Episodes/documentary", self.workspace / "documentary", ignore=shutil.ignore_patterns("out", ".epbuild"))
        for made in ("episode.lock", "outline.yaml", "script.yaml", "storyboard.json", "asset_plan.json"):
            (self.workspace / "documentary" / NAME / made).unlink(missing_ok=True)

    def check_delivered(self):
        out = self.workspace / "documentary" / NAME / "out"
        names = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
        assert set(DELIVERED) <= names, sorted(names)
        accepted = json.loads((out / "acceptance_results.json").read_text())
        assert "failed" not in json.dumps(accepted.get("state", "")), accepted
        return {name: (out / name).read_bytes() for name in names if not name.startswith(".")}

    def ask_for_build(self):
        return self.json("POST", "/api/v1/builds", {"episodes": [EPISODE]}, 201)["id"]


def by_api(studio):
    """Each gate stops the build until it is decided; then its build goes on."""
    build = studio.ask_for_build()
    for gate in GATES:
        ended = studio.ended(build, 400)
        assert ended["outcome"] == "waiting", (gate, ended)
        inbox = studio.json("GET", "/api/v1/inbox")
        assert [entry["target"] for entry in inbox] == [gate], (gate, inbox)
        for file in inbox[0]["files"]:
            status, _, content = studio.ask("GET", f"/api/v1/artifacts/{file['sha256']}?name={file['name']}")
            assert status == 200 and content, file
        episode = studio.json("GET", f"/api/v1/episodes/{EPISODE}")
        assert episode["state"] == "waiting", episode
        studio.json("POST", f"/api/v1/episodes/{EPISODE}/approve", {"targets": [gate], "note": f"{gate} is good", "build": True})
        assert studio.json("GET", "/api/v1/inbox") == [] or gate != studio.json("GET", "/api/v1/inbox")[0]["target"]
        build = studio.json("GET", "/api/v1/builds")[0]["id"]
    ended = studio.ended(build, 600)
    assert ended["outcome"] == "built", ended
    assert studio.json("GET", "/api/v1/inbox") == []
    assert studio.json("GET", f"/api/v1/episodes/{EPISODE}")["state"] == "up to date"
    log = studio.json("GET", f"/api/v1/episodes/{EPISODE}/log?limit=100")
    notes = [entry["note"] for entry in log if entry.get("decision") == "approve"]
    assert notes == [f"{gate} is good" for gate in reversed(GATES)], notes
    return studio.check_delivered()


def with_a_rejection(studio, whole):
    """The script is asked for again with a note; all that was told of it came by a stream that was cut after every third event."""
    log = studio.workspace / ".epbuild/events"
    listener, seen = Events(studio), []
    build = studio.ask_for_build()
    assert studio.ended(build, 400)["outcome"] == "waiting"
    studio.json("POST", f"/api/v1/episodes/{EPISODE}/reject", {"targets": ["script"], "note": "shorter, and begin with the sea", "build": True})
    build = studio.json("GET", "/api/v1/builds")[0]["id"]
    ended = studio.ended(build, 400)
    # The offline writer has nothing else to say: what it has written is known as rejected, and waits for no second decision.
    assert ended["outcome"] == "waiting" and ended["reports"][0]["gates"][0]["note"] == "shorter, and begin with the sea", ended
    assert ended["reports"][0]["stages"]["script"]["executed"] == 1, "the note has reached the writer's question"
    # The rejection is taken back by an approval: all that was made of that text is known.
    for gate in GATES:
        studio.json("POST", f"/api/v1/episodes/{EPISODE}/approve", {"targets": [gate], "build": True})
        ended = studio.ended(studio.json("GET", "/api/v1/builds")[0]["id"], 600)
    assert ended["outcome"] in ("built", "upToDate"), ended
    delivered = studio.check_delivered()
    assert delivered["video.mp4"] == whole["video.mp4"], "the same decisions make the same film"
    told = [json.loads(line) for path in sorted(log.iterdir()) for line in path.read_text().splitlines()]
    while len(seen) < len(told):
        name, identity, data = listener.next()
        if name != "message":
            continue
        seen.append(json.loads(data))
        if len(seen) % 3 == 0:
            listener.close()
            listener = Events(studio, identity)
    assert seen == told, (len(seen), len(told))
    listener.close()


def main():
    server, epbuild = sys.argv[1:3]
    with opened(Documentary, server, epbuild) as studio:
        studio.start()
        whole = by_api(studio)
        print("ok the documentary by API, from nothing", flush=True)
        studio.kill()
        studio.renew()
        studio.start()
        with_a_rejection(studio, whole)
        print("ok a rejection, and a stream that is cut", flush=True)


if __name__ == "__main__":
    main()
