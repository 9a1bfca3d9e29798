#!/usr/bin/env python3
"""The real server over a real show. `end_to_end.py SERVER EPBUILD [NAME…]` runs all tests, or those of some names."""
import json
import os
import pathlib
import random
import re
import socket
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from studio import Events, Studio, TOKEN, wait  # noqa: E402

PROTECTION = {
    "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin", "cache-control": "no-store",
}


def routes(studio):
    document = studio.json("GET", "/api/v1/openapi.json")
    pages = ["/", "/episodes", "/episodes/show~ep", "/episodes/show~ep/script", "/builds", "/money", "/health", "/assets/style.css"]
    found = [("GET", page, "viewer") for page in pages]
    for template, operations in document["paths"].items():
        path = template.replace("{episode}", "show~ep").replace("{workspace}", "workspace").replace("{build}", "1").replace("{sha256}", "0" * 64).replace("{number}", "1")
        path = path.replace("{template}", "morning").replace("{provider}", "espeak")
        found += [(method.upper(), path, operation.get("x-role")) for method, operation in operations.items()]
    return found


def test_every_route_is_guarded(studio):
    for method, path, role in routes(studio):
        for token in (None, "wrong-wrong-wrong-wrong" if path == "/" else None):
            status, headers, body = studio.ask(method, path, {} if method != "GET" else None, token=token)
            assert (status == 401) == (role is not None) or path == "/open", (method, path, status)
            check_headers(headers, path)
        status, headers, _ = studio.ask(method, path, {} if method != "GET" else None, headers={"Host": "evil.example"})
        assert status == 421, (method, path, status)
        check_headers(headers, path)
        if path == "/api/v1/events":
            continue
        status, headers, _ = studio.ask(method, path, {} if method != "GET" else None)
        assert status < 500 and (status != 401 or path == "/open"), (method, path, status)
        check_headers(headers, path)


def check_headers(headers, path):
    for name, value in PROTECTION.items():
        assert headers.get(name) == value, (path, name, headers)
    assert "default-src 'none'" in headers["content-security-policy"] and "access-control-allow-origin" not in headers, (path, headers)


def test_a_session(studio):
    status, headers, body = studio.ask("GET", f"/open?token={TOKEN}", token=None)
    cookie = headers["set-cookie"].split(";")[0]
    assert status == 200 and b'http-equiv="refresh"' in body and TOKEN.encode() not in body and TOKEN not in cookie
    page = studio.ask("GET", "/episodes/show~ep", token=None, headers={"Cookie": cookie})
    assert page[0] == 200 and b"<b>T</b>" not in page[2], page
    key = re.search(rb'name="key" value="([0-9a-f]+)"', page[2])[1].decode()
    form = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{studio.port}"}
    bad = dict(form, Origin="http://127.0.0.1:1")
    assert studio.ask("POST", "/episodes/show~ep/build", f"key={key}&kind=all", None, bad)[0] == 403
    assert studio.ask("POST", "/episodes/show~ep/build", "key=0&kind=all", None, form)[0] == 403
    before = len(studio.json("GET", "/api/v1/builds"))
    status, headers, _ = studio.ask("POST", "/episodes/show~ep/build", f"key={key}&kind=all", None, form)
    assert status == 303 and headers["location"] == "/episodes/show~ep"
    builds = studio.json("GET", "/api/v1/builds")
    assert len(builds) == before + 1
    studio.ended(builds[0]["id"])
    assert studio.ask("POST", "/close", f"key={key}", None, form)[0] == 200
    assert studio.ask("GET", "/", token=None, headers={"Cookie": cookie})[0] == 401


def test_to_open_pages_builds_nothing(studio):
    for path in ("/", "/episodes", "/episodes/show~ep", "/episodes/show~ep/script", "/episodes/show~ep/artifact?target=slow", "/episodes/show~ep/artifact?target=spoken", "/builds", "/money", "/health"):
        status, _, body = studio.ask("GET", path)
        assert status == 200, (path, status, body)
        assert b"<script>alert" not in body, path
    assert studio.json("GET", "/api/v1/builds") == [] and studio.marks.read_text() == ""
    plan = studio.json("GET", "/api/v1/episodes/show~ep/plan")
    assert plan["run"], plan


def session(studio):
    """What a browser sends with its forms, and the key that stands in them."""
    cookie = studio.ask("GET", f"/open?token={TOKEN}", token=None)[1]["set-cookie"].split(";")[0]
    key = re.search(rb'name="key" value="([0-9a-f]+)"', studio.ask("GET", "/episodes", token=None, headers={"Cookie": cookie})[2])[1].decode()
    return {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{studio.port}"}, key


def test_forms_of_grids_templates_and_providers(studio):
    headers, key = session(studio)
    items = "/episodes/show~ep/items"
    assert studio.ask("POST", items, f"key={key}&target=spoken&verb=due", None, headers)[0] == 303
    due = studio.json("GET", "/api/v1/builds")[0]
    assert sorted(due["targets"]) == ["spoken/1", "spoken/2"] and due["keepGoing"] and studio.ended(due["id"])["outcome"] == "built", due
    assert studio.ask("POST", items, f"key={key}&target=spoken&verb=due", None, headers)[0] == 409, "nothing is due any more"
    page = studio.ask("GET", "/episodes/show~ep/artifact?target=spoken", None, None, {"Cookie": headers["Cookie"]})[2].decode()
    assert page.count('class="cell"') == 2 and "2 items, 0 not up to date" in page and page.count("<audio") >= 2, page
    assert studio.ask("POST", items, f"key={key}&target=spoken/1&verb=anew", None, headers)[0] == 303
    studio.ended(studio.json("GET", "/api/v1/builds")[0]["id"])
    takes = {line["target"]: line["take"] for line in studio.json("GET", "/api/v1/episodes/show~ep/lines")}
    assert takes == {"spoken/1": 2, "spoken/2": 1}, takes
    studio.json("PUT", "/api/v1/templates/voices", {"episodes": ["show~ep"], "targets": ["spoken"]})
    assert studio.ask("POST", "/templates/voices", f"key={key}&verb=start", None, headers)[0] == 303
    assert studio.json("GET", "/api/v1/templates/voices")["build"] == studio.json("GET", "/api/v1/builds")[0]["id"]
    assert studio.ask("POST", "/templates/voices", f"key={key}&verb=remove", None, headers)[0] == 303 and studio.json("GET", "/api/v1/templates") == []
    assert studio.ask("POST", "/workspaces/workspace/providers/espeak", f"key={key}&verb=reset", None, headers)[0] == 303
    assert studio.ask("POST", "/workspaces/workspace/providers/nobody", f"key={key}&verb=reset", None, headers)[0] == 404
    doctor = studio.json("GET", "/api/v1/workspaces/workspace/doctor")
    told = json.loads(studio.run("doctor", ".", "--json").stdout)
    assert [check["subject"] for check in doctor["checks"]] == [check["subject"] for check in told["checks"]] and doctor["ok"] == told["ok"], (doctor, told)


def test_gates_and_the_note(studio):
    first = studio.ended(studio.build())
    assert first["outcome"] == "waiting", first
    inbox = studio.json("GET", "/api/v1/inbox")
    assert [entry["target"] for entry in inbox] == ["summary"] and inbox[0]["files"][0]["name"] == "summary.txt", inbox
    answer = studio.json("POST", "/api/v1/episodes/show~ep/approve", {"targets": ["summary"], "note": "good", "build": True})
    assert answer == [{"target": "summary", "consequence": "approved"}], answer
    assert studio.json("GET", "/api/v1/inbox") == []
    built = studio.ended(studio.json("GET", "/api/v1/builds")[0]["id"])
    assert built["outcome"] == "built" and (studio.workspace / "show/ep/out").exists(), built
    log = studio.json("GET", "/api/v1/episodes/show~ep/log")
    decision = next(entry for entry in log if entry.get("decision") == "approve")
    assert decision["note"] == "good", decision
    # The command line sees the same.
    assert studio.run("status", "show/ep", "--json").returncode == 0
    assert json.loads(studio.run("status", "show/ep", "--json").stdout)["state"] == "up to date"
    assert studio.json("GET", "/api/v1/episodes/show~ep")["state"] == "up to date"


def test_ranges(studio):
    studio.ended(studio.build(targets=["spoken/1"]))
    actions = studio.json("GET", "/api/v1/episodes/show~ep/artifacts?target=spoken/1")
    sound = next(output for action in actions for output in action["outputs"] if output["name"].endswith(".wav"))
    path = f"/api/v1/artifacts/{sound['sha256']}?name=line.wav"
    status, headers, whole = studio.ask("GET", path)
    assert status == 200 and len(whole) == sound["size"] and headers["content-type"] == "audio/wav" and "sandbox" in headers["content-security-policy"]
    for asked, expected in (("bytes=-500", whole[-500:]), ("bytes=0-0", whole[:1]), ("bytes=100-", whole[100:]), ("bytes=5-9", whole[5:10])):
        status, headers, part = studio.ask("GET", path, headers={"Range": asked})
        assert status == 206 and part == expected and int(headers["content-length"]) == len(expected), (asked, status, headers)
    status, headers, _ = studio.ask("GET", path, headers={"Range": f"bytes={len(whole)}-"})
    assert status == 416 and headers["content-range"] == f"bytes */{len(whole)}", (status, headers)
    for other in ("0" * 64, "A" * 64, "..%2f..%2fetc%2fpasswd", "%2e%2e", sound["sha256"][:63]):
        assert studio.ask("GET", f"/api/v1/artifacts/{other}")[0] == 404, other


def test_a_line_is_edited_and_heard(studio):
    studio.ended(studio.build(targets=["spoken"]))
    lines = studio.json("GET", "/api/v1/episodes/show~ep/lines")
    assert [line["words"] for line in lines][0] == "The tide comes in." and lines[0]["state"] == "up to date", lines
    say = {"target": lines[0]["target"], "read": lines[0]["words"], "words": "The tide comes in slowly.", "build": False}
    studio.json("POST", "/api/v1/episodes/show~ep/say", say)
    assert "The tide comes in slowly.\n\nANN\nThe <script>" in (studio.workspace / "show/ep/script.fountain").read_text()
    assert studio.ask("POST", "/api/v1/episodes/show~ep/say", say)[0] == 409
    changed = studio.json("GET", "/api/v1/episodes/show~ep/lines")
    assert changed[0]["words"] == "The tide comes in slowly." and changed[0]["state"] != "up to date" and changed[1]["state"] == "up to date", changed
    studio.ended(studio.build(targets=[changed[0]["target"]]))
    assert studio.json("GET", "/api/v1/episodes/show~ep/lines")[0]["state"] == "up to date"
    heard(studio, changed[0])
    text = studio.json("GET", "/api/v1/episodes/show~ep/text?target=script")
    new = {"target": "script", "sha256": text["sha256"], "text": text["text"].replace("slowly", "quickly")}
    studio.json("PUT", "/api/v1/episodes/show~ep/text", new)
    assert studio.ask("PUT", "/api/v1/episodes/show~ep/text", new)[0] == 409
    assert "quickly" in (studio.workspace / "show/ep/script.fountain").read_text()
    for words in ("(whispering) x", "> left", "", "a [[note]]"):
        status, _, body = studio.ask("POST", "/api/v1/episodes/show~ep/say", dict(say, read="The tide comes in quickly.", words=words))
        assert status == 422, (words, status, body)


def heard(studio, line):
    """Whoever saves a line is told of its sound when it is made: before the build has ended, and after."""
    target, other = line["target"], "The tide comes in at night."
    path = "/api/v1/builds/{}/outputs?target=" + target
    for words, read in ((other, line["words"]), (line["words"], other)):
        saved = studio.json("POST", "/api/v1/episodes/show~ep/say", {"target": target, "read": read, "words": words, "build": True})
        made = studio.json("GET", path.format(saved["build"]))
        for _ in range(20):
            made = made if made["outputs"] or made["state"] == "ended" else studio.json("GET", path.format(saved["build"]))
        assert [output["name"] for output in made["outputs"]] == ["line.wav"], made
        assert studio.ask("GET", made["outputs"][0]["path"])[2][:4] == b"RIFF"
        wait(lambda: all(build["state"] not in ("queued", "running") for build in studio.json("GET", "/api/v1/builds")), "all is built")
        assert studio.json("GET", path.format(saved["build"])) == dict(made, state="ended")
    assert studio.ask("GET", path.format(saved["build"]).split("?")[0])[0] == 422


def test_events_are_not_lost(studio):
    events = Events(studio)
    build = studio.build(targets=["spoken"])
    seen = []
    while True:
        name, identity, data = events.next()
        if name == "message":
            seen.append((identity, json.loads(data)))
            if len(seen) == 3:
                break
    events.close()
    studio.ended(build)
    events = Events(studio, seen[-1][0])
    while seen[-1][1]["event"] not in ("build_completed", "build_paused", "build_failed"):
        name, identity, data = events.next()
        if name == "message":
            seen.append((identity, json.loads(data)))
    log = "".join(path.read_text() for path in sorted((studio.workspace / ".epbuild/events").iterdir())).splitlines()
    told = [json.loads(line) for line in log if json.loads(line)["build"] == seen[0][1]["build"]]
    assert [event for _, event in seen] == told, (len(seen), len(told))
    events.close()
    lost = Events(studio, "99999999@2001-01.jsonl")
    assert lost.next()[0] == "reset"
    # What the command line does comes by the same way.
    listener = Events(studio)
    studio.run("build", "show/ep", "summary")
    while True:
        name, _, data = listener.next()
        if name == "message" and json.loads(data)["event"].startswith("build_") and json.loads(data)["event"] != "build_started":
            break
    studio.process.terminate()
    while True:
        event = listener.next()
        if event is None:
            raise AssertionError("the stream ended without saying so")
        if event[0] == "end":
            break
    assert studio.process.wait(timeout=10) == 0
    studio.start()


def test_a_job_survives_a_kill(studio):
    build = studio.build(targets=["slow"])
    wait(lambda: studio.json("GET", f"/api/v1/builds/{build}")["state"] == "running", "it runs")
    queued = studio.build(targets=["spoken"])
    studio.kill()
    studio.start()
    ended = studio.ended(build)
    assert ended["starts"] >= 2 and ended["outcome"] in ("built", "upToDate"), ended
    assert studio.ended(queued)["outcome"] in ("built", "upToDate")
    count = len(studio.marks.read_text().splitlines())
    studio.ended(studio.build(targets=["slow"]))
    assert count in (1, 2) and len(studio.marks.read_text().splitlines()) == count, count


def test_cancel_pause_resume(studio):
    build = studio.build(targets=["slow"])
    wait(lambda: studio.json("GET", f"/api/v1/builds/{build}")["state"] == "running", "it runs")
    assert studio.json("POST", f"/api/v1/builds/{build}/cancel", {})["state"] == "cancelled"
    assert studio.ask("POST", f"/api/v1/builds/{build}/resume", {})[0] == 409
    assert studio.ask("POST", "/api/v1/builds/999/cancel", {})[0] == 404
    second = studio.build(targets=["slow"])
    assert studio.json("POST", f"/api/v1/builds/{second}/pause", {})["state"] == "paused"
    assert studio.json("POST", f"/api/v1/builds/{second}/resume", {})["state"] == "queued"
    assert studio.ended(second)["outcome"] in ("built", "upToDate")


def test_resumed_before_it_has_stopped(studio):
    """With two lanes, a build that is paused and resumed at once runs again when its first start has ended, and is ended by its last alone."""
    studio.kill()
    studio.start("--lanes", "2")
    build = studio.build(targets=["slow"])
    wait(lambda: studio.json("GET", f"/api/v1/builds/{build}")["state"] == "running", "it runs")
    for _ in range(5):
        assert studio.json("POST", f"/api/v1/builds/{build}/pause", {})["state"] == "paused"
        assert studio.json("POST", f"/api/v1/builds/{build}/resume", {})["state"] == "queued"
    ended = studio.ended(build)
    assert ended["state"] == "ended" and ended["outcome"] in ("built", "upToDate"), ended
    assert len(studio.marks.read_text().splitlines()) == 1, studio.marks.read_text()


def test_templates_and_their_times(studio):
    put = studio.json("PUT", "/api/v1/templates/morning", {"shows": ["show"], "every": "0 6 * * *", "keepGoing": True})
    assert put["every"] == "0 6 * * *" and put["next"].endswith("T06:00:00Z") and put["shows"] == ["show"], put
    studio.json("PUT", "/api/v1/templates/voices", {"episodes": ["show~ep"], "targets": ["spoken"]})
    assert [one["name"] for one in studio.json("GET", "/api/v1/templates")] == ["morning", "voices"]
    assert [one["name"] for one in studio.json("GET", "/api/v1/schedules")] == ["morning"]
    studio.kill()
    studio.start()
    job = studio.json("POST", "/api/v1/templates/voices/start", {}, 201)
    assert job["targets"] == ["spoken"] and studio.ended(job["id"])["outcome"] == "built"
    assert studio.json("GET", "/api/v1/templates/voices")["build"] == job["id"]
    for name, body, expected in (("x", {"every": "61 * * * *", "shows": ["show"]}, 422), ("x", {}, 422), ("x", {"shows": ["nowhere"]}, 404), ("X%2f", {"shows": ["show"]}, 422)):
        status, _, content = studio.ask("PUT", f"/api/v1/templates/{name}", body)
        assert status == expected, (name, body, status, content)
    # One that is due each minute asks by itself.
    studio.json("PUT", "/api/v1/templates/minute", {"episodes": ["show~ep"], "targets": ["spoken"], "every": "* * * * *"})
    before = len(studio.json("GET", "/api/v1/builds"))
    wait(lambda: len(studio.json("GET", "/api/v1/builds")) == before + 1, "the minute has come", 70)
    studio.json("DELETE", "/api/v1/templates/minute")
    assert studio.ask("GET", "/api/v1/templates/minute")[0] == 404


def test_merge_diff_accept_rollback(studio):
    studio.ended(studio.build(targets=["spoken"]))
    whole = studio.ended(studio.build())
    studio.json("POST", "/api/v1/episodes/show~ep/approve", {"targets": ["summary"]})
    assert studio.ended(studio.build())["outcome"] == "built", whole
    first = next(entry["id"] if "id" in entry else entry["build"] for entry in studio.json("GET", "/api/v1/episodes/show~ep/log") if "outcome" in entry)
    studio.json("POST", "/api/v1/episodes/show~ep/clean", {"targets": ["spoken/1"]})
    studio.ended(studio.build(targets=["spoken/1"]))
    diff = studio.json("GET", "/api/v1/episodes/show~ep/diff?target=spoken/1&takes=1,2")
    assert diff["takes"] == [1, 2] and diff["outputs"] and len(diff["outputs"][0]["files"]) == 2, diff
    assert studio.ask("GET", "/api/v1/episodes/show~ep/diff?target=spoken/1&takes=1,9")[0] == 422
    script = studio.workspace / "show/ep/script.fountain"
    old = script.read_text()
    script.write_text(old.replace("comes in", "rolls in"))
    accepted = studio.json("POST", "/api/v1/episodes/show~ep/accept", {"targets": ["slow"]})
    assert accepted[0]["changed"] == ["slow"], accepted
    studio.json("POST", "/api/v1/episodes/show~ep/unaccept", {"targets": ["slow"]})
    back = studio.json("POST", "/api/v1/episodes/show~ep/rollback", {"build": int(str(first).lstrip("#"))})
    assert script.read_text() == old and any(path.endswith("script.fountain") for path in back["restored"]), back
    # There is no edit to be merged, and that is said.
    merged = studio.ended(studio.json("POST", "/api/v1/builds", {"episodes": ["show~ep"], "targets": ["summary"], "merge": True}, 201)["id"])
    assert merged["outcome"] == "failed" and merged["reports"][0]["failures"], merged
    assert studio.ask("POST", "/api/v1/builds", {"episodes": ["show~ep"], "merge": True})[0] == 422
    assert studio.ask("POST", "/api/v1/episodes/show~ep/extend", {"target": "slow", "seconds": 5})[0] == 422
    build = studio.json("GET", "/api/v1/workspaces")[0]["name"]
    providers = studio.json("GET", f"/api/v1/workspaces/{build}/providers")
    assert [(one["name"], one["leftAlone"]) for one in providers] == [("espeak", False)], providers
    assert studio.json("POST", f"/api/v1/workspaces/{build}/providers/espeak/reset", {}) == {"reset": False}
    assert studio.ask("POST", f"/api/v1/workspaces/{build}/providers/nobody/reset", {})[0] == 404
    stats = studio.json("GET", f"/api/v1/workspaces/{build}/stats")
    assert any(one["stage"] == "slow" and one["count"] >= 1 for one in stats), stats


def test_time_for_what_runs(studio):
    build = studio.build(targets=["slow"])
    wait(lambda: studio.json("GET", f"/api/v1/builds/{build}")["state"] == "running" and studio.json("GET", "/api/v1/workspaces")[0]["running"] > 0, "it runs")
    assert studio.json("POST", "/api/v1/episodes/show~ep/extend", {"target": "slow", "seconds": 60})["seconds"] == 60
    assert studio.ask("POST", "/api/v1/episodes/show~ep/extend", {"target": "nothing", "seconds": 60})[0] == 404
    studio.ended(build)


def test_what_has_not_changed_is_not_looked_at(studio):
    """All answers follow what epbuild does at once, whoever asks it to, and what is saved in a file a moment later."""
    def state():
        return studio.json("GET", "/api/v1/episodes/show~ep")["state"]
    studio.ended(studio.build())
    wait(lambda: state() == "waiting", "it waits")
    time.sleep(4)
    assert state() == "waiting" and len(studio.json("GET", "/api/v1/inbox")) == 1
    begun = time.monotonic()
    for _ in range(20):
        studio.json("GET", "/api/v1/inbox")
    print(f"an inbox that has not changed: {(time.monotonic() - begun) / 20 * 1000:.0f} ms")
    assert studio.run("approve", "show/ep", "summary").returncode == 0
    assert studio.json("GET", "/api/v1/inbox") == [] and state() != "waiting"
    assert studio.run("build", "show/ep").returncode == 0
    assert state() == "up to date"
    time.sleep(4)
    assert state() == "up to date" and state() == "up to date"
    script = studio.workspace / "show/ep/script.fountain"
    script.write_text(script.read_text().replace("comes in", "rolls in"))
    wait(lambda: state() != "up to date", "what was saved counts", seconds=1)


def test_what_the_inbox_shows_can_be_decided(studio):
    """At once, though the build that has made it goes on with something else; and nobody approves another artifact than the one that was shown."""
    build = studio.build()
    wait(lambda: studio.json("GET", "/api/v1/inbox"), "it waits")
    assert studio.json("GET", f"/api/v1/builds/{build}")["state"] == "running", "the build goes on"
    shown, approve = studio.json("GET", "/api/v1/inbox")[0], "/api/v1/episodes/show~ep/approve"
    status, _, content = studio.ask("POST", approve, {"targets": ["summary"], "artifact": "0" * 64})
    assert status == 409 and b"changed meanwhile" in content, (status, content)
    answer = studio.json("POST", approve, {"targets": ["summary"], "artifact": shown["artifact"]})
    assert [one["consequence"] for one in answer] == ["approved"] and studio.json("GET", "/api/v1/inbox") == [], answer
    studio.ended(build)
    assert studio.ended(studio.build())["outcome"] in ("built", "upToDate")
    # A page that was opened before the artifact has changed decides nothing.
    script = studio.workspace / "show/ep/script.fountain"
    script.write_text(script.read_text().replace("comes in", "rolls in slowly"))
    studio.ended(studio.build(targets=["summary"]))
    again = studio.json("GET", "/api/v1/inbox")[0]
    assert again["artifact"] != shown["artifact"], again
    assert studio.ask("POST", approve, {"targets": ["summary"], "artifact": shown["artifact"]})[0] == 409
    assert studio.json("POST", approve, {"targets": ["summary"]})[0]["consequence"] == "approved"


def test_an_edit_at_a_gate_is_shown(studio):
    """Who decides about a text that somebody has changed reads what it says now."""
    pipeline = studio.workspace / "show/pipeline.yaml"
    pipeline.write_text(pipeline.read_text().replace("gate: { required: true }", "gate: { required: true }, output: summary.txt, editable: true"))
    studio.ended(studio.build())
    (studio.workspace / "show/ep/summary.txt").write_text("My own <b>words</b>.\n")
    shown = studio.json("GET", "/api/v1/inbox")[0]
    assert shown["edited"] and [(text["target"], text["origin"]) for text in shown["texts"]] == [("summary", "edited")], shown
    assert studio.json("GET", "/api/v1/episodes/show~ep/text?target=summary")["text"] == "My own <b>words</b>.\n"
    for page in ("/", "/episodes/show~ep", "/episodes/show~ep/artifact?target=summary"):
        assert b"My own &lt;b&gt;words&lt;/b&gt;." in studio.ask("GET", page)[2], page
    approve = "/api/v1/episodes/show~ep/approve"
    assert studio.json("POST", approve, {"targets": ["summary"], "artifact": shown["artifact"]})[0]["consequence"] == "approved"
    assert studio.ended(studio.build())["outcome"] == "built"


def test_slow_bodies_end(studio):
    with socket.create_connection(("127.0.0.1", studio.port), timeout=60) as connection:
        head = f"POST /api/v1/builds HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
        connection.sendall(head.encode())
        begun = time.monotonic()
        answer = b""
        connection.settimeout(1)
        while time.monotonic() - begun < 50 and b"HTTP/1.1" not in answer:
            try:
                connection.sendall(b" ")
                answer += connection.recv(65536)
            except TimeoutError:
                pass
            except OSError:
                break
        took = time.monotonic() - begun
        assert answer.startswith(b"HTTP/1.1 408") and 25 < took < 45, (took, answer[:200])


def test_what_is_wrong_is_a_problem(studio):
    cases = [
        ("POST", "/api/v1/builds", {"episodes": ["nowhere"]}, 404), ("POST", "/api/v1/builds", {"episodes": []}, 422), ("POST", "/api/v1/builds", {}, 422),
        ("POST", "/api/v1/builds", {"episodes": ["show~ep"], "tragets": []}, 422), ("POST", "/api/v1/builds", {"episodes": "x"}, 422),
        ("GET", "/api/v1/episodes/nowhere", None, 404), ("GET", "/api/v1/episodes/show~ep/why?target=nothing", None, 404),
        ("GET", "/api/v1/episodes/show~ep/why", None, 422), ("POST", "/api/v1/episodes/show~ep/approve", {"targets": ["slow"]}, 422), ("DELETE", "/", None, 405),
    ]
    for method, path, body, expected in cases:
        status, headers, content = studio.ask(method, path, body, headers={"Content-Type": "application/json"})
        assert status == expected, (method, path, status, content)
        assert headers["content-type"] == "application/problem+json" and json.loads(content)["status"] == status
    status, _, _ = studio.ask("POST", "/api/v1/builds", b"{" + b" " * (2 << 20), headers={"Content-Type": "application/json"})
    assert status == 413, status
    status, _, _ = studio.ask("POST", "/api/v1/builds", b"{", headers={"Content-Type": "application/json"})
    assert status == 400, status


def test_hostile_heads(studio):
    seed = int.from_bytes(os.urandom(4), "big")
    dice = random.Random(seed)
    good = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{studio.port}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()
    heads = [
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n", b"\0" * 1000, b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n y: z\r\n\r\n",
    ]
    for _ in range(2000):
        head = bytearray(good)
        for _ in range(dice.randrange(1, 6)):
            head[dice.randrange(len(head))] = dice.randrange(256)
        heads.append(bytes(head))
    for number, head in enumerate(heads):
        with socket.create_connection(("127.0.0.1", studio.port), timeout=20) as connection:
            try:
                connection.sendall(head)
                connection.shutdown(socket.SHUT_WR)
                answer = connection.recv(65536)
            except OSError:
                answer = b""
        status = answer[9:12]
        assert status in (b"", b"200") or status[:1] == b"4" or status in (b"501", b"505"), (seed, number, head, answer[:200])
    assert studio.process.poll() is None and studio.is_up(), seed


def test_listeners_come_and_go(studio):
    for _ in range(3):
        listeners = [Events(studio) for _ in range(100)]
        build = studio.build(targets=["spoken"])
        for listener in listeners[::2]:
            listener.close()
        studio.ended(build)
        for listener in listeners[1::2]:
            assert listener.next() is not None
            listener.close()
    assert studio.process.poll() is None and studio.is_up()
    numbers = studio.ask("GET", "/metrics")[2].decode()
    wait(lambda: "epbuild_listeners 0" in studio.ask("GET", "/metrics")[2].decode(), f"all have gone: {numbers}", 60)


TESTS = {name[5:]: test for name, test in list(globals().items()) if name.startswith("test_")}


def main():
    server, epbuild, names = sys.argv[1], sys.argv[2], sys.argv[3:] or list(TESTS)
    failed = 0
    for name in names:
        with tempfile.TemporaryDirectory() as directory:
            studio = Studio(server, epbuild, directory)
            try:
                studio.start()
                TESTS[name](studio)
                print("ok", name, flush=True)
            except Exception:
                failed += 1
                print("FAILED", name, flush=True)
                traceback.print_exc()
                print((pathlib.Path(directory) / "server.log").read_text()[:3000])
            finally:
                if studio.process and studio.process.poll() is None:
                    studio.kill()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
