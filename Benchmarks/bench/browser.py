"""From saving an edit of a line of ep003 in a real Chromium to the first sound of it, by the operator's server."""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import urllib.parse

from .episode import EPISODE
from .peers import environment
from .table import Row

SPEAKERS = "NARRATOR,OLIVER"
"""Those whom espeak-ng speaks."""


def rows(setting):
    programs = environment("selenium", ["selenium"])
    if not programs or not shutil.which("chromium") or not shutil.which("chromedriver"):
        print("browser: left out, as chromium, chromium-driver or selenium is not here", file=sys.stderr)
        return
    place = os.path.join(setting.fresh("browser"), "Episodes")
    shutil.copytree(os.path.join(setting.root, "Episodes"), place, ignore=shutil.ignore_patterns("out", ".epbuild"))
    build = setting.epbuild(os.path.join(place, EPISODE))
    build.run()
    server = subprocess.Popen(
        [setting.server, place, "--port", "0", "--program", setting.binary], stdout=subprocess.PIPE, text=True, env={**os.environ, **build.env})
    try:
        url = server.stdout.readline().split(" ", 1)[1].strip()
        script = pathlib.Path(__file__).parent / "browser_edits.py"
        name = urllib.parse.quote(EPISODE.replace("/", "~"))
        done = subprocess.run([os.path.join(programs, "python"), script, url, name, SPEAKERS, str(setting.runs or 30)], stdout=subprocess.PIPE, text=True, check=True)
    finally:
        server.kill()
        server.wait()
    times = sorted(json.loads(done.stdout.splitlines()[-1]))
    yield Row("from saving a line of ep003 in a browser to hearing it: median", statistics.median(times), limit=0.7)
    yield Row("  95 of 100", times[min(len(times) - 1, len(times) * 95 // 100)], limit=0.7)
