"""Edits lines on the page of a script in Chromium: `browser_edits.py URL EPISODE SPEAKERS COUNT` prints the seconds from each click on "Save and hear" to the
player's event that it plays, as JSON. Run by a Python that has selenium."""
import json
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WORDS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required", "--mute-audio")
LISTEN = """
window.heard = null;
document.addEventListener('playing', event => { if (window.clicked && window.heard === null && event.target.closest('.line') === window.line) window.heard = performance.now(); }, true);
"""
SPEAKERS = "return [...document.querySelectorAll('.line .speaker')].map(one => one.textContent.split(' ')[1])"
EDIT = """
const [at, word] = arguments;
window.line = document.querySelectorAll('.line')[at];
const form = window.line.querySelector('form.say');
form.elements.words.value = word + form.elements.words.value;
window.line.scrollIntoView({ block: 'center' });
window.heard = null;
window.clicked = performance.now();
form.querySelector('button').click();
"""
RESULT = "return [window.heard === null ? null : window.heard - window.clicked, window.line.querySelector('.said')?.textContent ?? '']"
IDLE = """
const done = arguments[0];
fetch('/api/v1/builds?limit=20').then(answer => answer.json()).then(builds => done(builds.every(build => build.state === 'ended')), () => done(false));
"""


def until(condition, what):
    end = time.monotonic() + 120
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"not within two minutes: {what()}")
        time.sleep(0.05)


def main():
    url, episode, speakers, count = sys.argv[1], sys.argv[2], set(sys.argv[3].split(",")), int(sys.argv[4])
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for word in WORDS:
        options.add_argument(word)
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        driver.get(url)
        until(lambda: "token" not in driver.current_url, lambda: "the session begins")
        driver.get(f"{url.split('/open')[0]}/episodes/{episode}/script")
        until(lambda: driver.execute_script("return document.getElementById('connection').textContent") == "Live", lambda: "the page is live")
        driver.execute_script(LISTEN)
        lines = [at for at, speaker in enumerate(driver.execute_script(SPEAKERS)) if speaker in speakers]
        times = []
        for number in range(count):
            driver.execute_script(EDIT, lines[(number * 97 + 41) % len(lines)], f"Well number {number}, ")
            until(lambda: driver.execute_script(RESULT)[0] is not None, lambda: driver.execute_script(RESULT))
            times.append(driver.execute_script(RESULT)[0] / 1000)
            until(lambda: driver.execute_async_script(IDLE), lambda: "the rest of the episode is built")
        print(json.dumps(times))
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
