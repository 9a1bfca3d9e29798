#!/usr/bin/env python3
"""What an operator does all day, in Chromium: `day.py SERVER EPBUILD`. Rejects with a note that reaches the next take, cancels, retries what has failed,
compares takes, asks for another take of a line, pins it, seeks in a sound; and opens an artifact that wants to run script."""
import pathlib
import subprocess
import sys
import time

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from browser import browser  # noqa: E402
from studio import Studio, TOKEN, opened, shot, wait  # noqa: E402

EPISODE = "/episodes/show~ep"
PIPELINE = """
stages:
  script: { source: script.fountain }
  spoken: { tool: tts, each: script.lines }
  outline: { tool: llm, provider: writer, prompt: prompts/outline.md, output: outline.md, gate: true }
  slow: { tool: command, run: [sh, -c, "sleep 30; cat in.txt > slow.txt"], inputs: { in.txt: script }, outputs: [slow.txt] }
  shaky: { tool: command, run: [sh, -c, "test -e $FLAG && cat in.txt > shaky.txt"], inputs: { in.txt: script }, outputs: [shaky.txt] }
  hostile: { tool: command, run: [sh, -c, "cat in.txt > page.html"], inputs: { in.txt: evil }, outputs: [page.html] }
  evil: { source: evil.html }
  sheet: { tool: command, run: [sh, -c, "printf 'name,said\\nAnn,\\"a <b>, b\\"\\n' > sheet.csv"], inputs: { in.txt: script }, outputs: [sheet.csv] }
"""
MODEL = """#!/usr/bin/env python3
import http.server, json, sys
class Model(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = "An outline that begins with the sea." if "begin with the sea" in asked else "An outline."
        answer = json.dumps({"id": "1", "object": "chat.completion", "model": "m", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}],
                             "usage": {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
print(server.server_port, flush=True)
server.serve_forever()
"""
EVIL = """<script>document.title = 'run'; fetch('/api/v1/builds', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"episodes": ["show~ep"]}' })</script>
<img src=x onerror="document.title = 'run'"><form action="/close" method="post"><button>x</button></form><h1>hostile</h1>"""
HEARD = "return [...document.querySelectorAll('.line')].map(line => [...line.querySelectorAll('audio')].some(player => !player.paused || player.currentTime > 0))"


def files(studio, port):
    studio.flag = studio.root / "flag"
    show = studio.workspace / "show"
    (show / "pipeline.yaml").write_text(PIPELINE.replace("$FLAG", str(studio.flag)))
    (show / "prompts").mkdir()
    (show / "prompts/outline.md").write_text("Write an outline. {{#if rejection.note}}Mind this: {{ rejection.note }}{{/if}}\n")
    (show / "ep/evil.html").write_text(EVIL)
    (studio.workspace / "epbuild.yaml").write_text(
        f"providers:\n  espeak: {{ tool: tts, use: espeak }}\n  writer: {{ tool: llm, use: openai, model: m, base_url: http://127.0.0.1:{port}/v1, service: model }}\nlimits: {{ jobs: 2 }}\n")


class Person:
    """One who uses a browser: clicks, types and looks."""

    def __init__(self, studio, driver):
        self.studio, self.driver, self.base = studio, driver, f"http://127.0.0.1:{studio.port}"
        driver.get(f"{self.base}/open?token={TOKEN}")
        wait(lambda: driver.find_elements(By.ID, "connection") and "token" not in driver.current_url, "the page leads on")

    def go(self, path):
        self.driver.get(self.base + path)
        wait(lambda: self.driver.find_element(By.ID, "connection").text == "Live", "the page is live")

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self):
        return self.one("main").text

    def press(self, selector):
        """As a click, without a mouse that something may cover."""
        self.one(selector).send_keys(Keys.ENTER)


def newest(studio):
    return studio.json("GET", "/api/v1/builds")[0]


def rejects_with_a_note(person):
    studio = person.studio
    studio.ended(studio.build(targets=["outline"]))
    person.go("/")
    first = person.one(".waiting pre").text
    assert first == "An outline." and "has waited for" in person.text(), person.text()
    person.one(".waiting textarea").send_keys("begin with the sea")
    person.one(".waiting input[name=build]").send_keys(Keys.SPACE)
    person.press(".waiting button[value=reject]")
    wait(lambda: person.all(".waiting") == [], "it waits no more")
    studio.build(targets=["outline"])
    wait(lambda: [one.text for one in person.all(".waiting pre")] == ["An outline that begins with the sea."], "the next take has read the note", 60)


def cancels(person):
    studio = person.studio
    build = studio.build(targets=["slow"])
    person.go("/builds")
    wait(lambda: person.all("button[value=cancel]"), "there is a build to be cancelled")
    person.press(f"form[action='/builds/{build}/stop'] button[value=cancel]")
    wait(lambda: studio.json("GET", f"/api/v1/builds/{build}")["state"] == "cancelled", "it is cancelled")
    wait(lambda: studio.json("GET", "/api/v1/workspaces")[0]["running"] == 0, "nothing runs any more", 20)
    wait(lambda: "cancelled" in person.text(), "the page tells of it")


def retries(person):
    studio = person.studio
    assert studio.ended(studio.build(targets=["shaky"]))["outcome"] == "failed"
    person.go("/builds")
    assert "shaky" in person.text() and "✕ failed" in person.text(), person.text()
    person.go("/episodes")
    assert person.all(".failure"), "the page of all episodes tells what is wrong"
    studio.flag.write_text("")
    person.go(EPISODE)
    person.press("button[value=retry]")
    wait(lambda: newest(studio)["retryFailed"], "the retry is asked for")
    assert studio.ended(newest(studio)["id"])["outcome"] == "built"
    person.go("/builds")
    assert "failures and how they ended" in person.text(), person.text()


def takes(person):
    studio = person.studio
    studio.ended(studio.build(targets=["spoken"]))
    person.go(EPISODE + "/script")
    person.press(".line .take button[value=clean]")
    wait(lambda: person.driver.execute_script(HEARD)[0], "another take is heard where one is", 30)
    wait(lambda: studio.json("GET", f"/api/v1{EPISODE}/lines")[0]["take"] == 2, "it is the second")
    # The rest of the episode waits for 30 seconds: it is not wanted here.
    for job in studio.json("GET", "/api/v1/builds"):
        if job["state"] in ("queued", "running"):
            studio.ask("POST", f"/api/v1/builds/{job['id']}/cancel", {})
    person.go(EPISODE + "/script")
    person.driver.find_element(By.LINK_TEXT, "compare with the last take").send_keys(Keys.ENTER)
    wait(lambda: len(person.all(".pair audio")) == 2, "both takes stand beside each other")
    person.press("button[aria-label='Use take 1 of spoken/1']")
    wait(lambda: studio.json("GET", f"/api/v1{EPISODE}/lines")[0]["take"] == 1, "the first take is in use again")
    person.go(EPISODE + "/script")
    person.press("button[aria-label='Pin line 1']")
    wait(lambda: person.all("button[aria-label='Unpin line 1']"), "the line is pinned, and the page says so")
    assert ", pinned" in person.one(".line .speaker").text and "#at-spoken" in person.driver.current_url, person.driver.current_url
    person.press("button[aria-label='Unpin line 1']")
    wait(lambda: person.all("button[aria-label='Pin line 1']"), "and not any more")


def seeks(person):
    person.go(EPISODE + "/artifact?target=spoken/2")
    wait(lambda: person.driver.execute_script("return document.querySelector('figure audio').readyState >= 1"), "the sound is known")
    length = person.driver.execute_script("const player = document.querySelector('figure audio'); player.currentTime = player.duration / 2; player.play(); return player.duration")
    wait(lambda: person.driver.execute_script("return document.querySelector('figure audio').currentTime") > length / 2, "it plays from its middle")
    assert "Where it comes from" in person.text() and "eSpeak" in person.text() and "build " in person.text(), person.text()


def hostile(person):
    studio = person.studio
    studio.ended(studio.build(targets=["hostile", "sheet"]))
    count = len(studio.json("GET", "/api/v1/builds"))
    made = studio.json("GET", f"/api/v1{EPISODE}/artifacts?target=hostile")[0]["outputs"][0]
    person.driver.get(f"{person.base}/api/v1/artifacts/{made['sha256']}?name=page.html")
    time.sleep(1)
    assert person.driver.title != "run" and person.one("h1").text == "hostile", person.driver.title
    assert len(studio.json("GET", "/api/v1/builds")) == count, "a hostile page asks for nothing"
    person.driver.get_log("browser")
    person.go(EPISODE + "/artifact?target=hostile")
    assert person.driver.title != "run" and "onerror" in person.one("pre").text
    person.go(EPISODE + "/artifact?target=sheet")
    assert [cell.text for cell in person.all("figure td")] == ["Ann", "a <b>, b"], person.text()
    studio.kill()
    studio.start()
    person.driver.get(person.base + "/")
    assert "Who are you?" in person.text(), "a session of yesterday's server is none"


def main():
    server, epbuild = sys.argv[1:3]
    with opened(Studio, server, epbuild) as studio:
        model = subprocess.Popen([sys.executable, "-c", MODEL], stdout=subprocess.PIPE, text=True)
        files(studio, int(model.stdout.readline()))
        studio.start()
        driver = browser()
        try:
            person = Person(studio, driver)
            for step in (rejects_with_a_note, cancels, retries, takes, seeks):
                step(person)
                print("ok", step.__name__, flush=True)
            severe = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
            assert severe == [], severe
            hostile(person)
            print("ok an operator's day")
        except BaseException:
            shot(driver, "day")
            raise
        finally:
            driver.quit()
            model.kill()


if __name__ == "__main__":
    main()
