#!/usr/bin/env python3
"""The finished episode in Chromium: `player.py SERVER EPBUILD [SHOTS]`. Its waveform, its chapters, and the script that follows it; pictures of both pages, if a directory is named for them."""
import pathlib
import shutil
import sys

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from browser import browser  # noqa: E402
from studio import Studio, TOKEN, opened, shot, wait  # noqa: E402

CHAPTERS = ["The sea", "The shore", "The harbour"]
FILES = {
    "epbuild.yaml": "providers:\n  espeak: { tool: tts, use: espeak }\n",
    "show/show.yaml": "title: Tides\nauthor: Ann\nlanguage: en\nlink: https://tides.example\nguid: 6ce15ecb-3fbf-5bad-af6f-26899bcb64f0\n"
                      "characters:\n- { name: ANN, voice: { provider: espeak, voice: en } }\n",
    "show/pipeline.yaml": """stages:
  script: { source: script.fountain }
  speech: { tool: tts, each: script.lines }
  cover: { tool: cover }
  mixed: { tool: mix, from: [script, speech] }
  package: { tool: package, from: [mixed, script, cover] }
""",
    "show/ep/episode.yaml": "title: High water\nnumber: 1\ndate: 2025-11-21\n",
    "show/ep/script.fountain": "".join(f"# {title}\n\nANN\nThis is what {title.lower()} has to tell.\n\nANN\nAnd that is all of it, until the next tide comes in.\n\n" for title in CHAPTERS),
}
WHOLE = ".episode-sound audio"


class Tides(Studio):
    def __init__(self, server, epbuild, directory):
        super().__init__(server, epbuild, directory)
        shutil.rmtree(self.workspace)
        for name, text in FILES.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def is_drawn(driver):
    """True if the canvas has ink from its beginning to its end."""
    return driver.execute_script("""
        const canvas = document.querySelector('.whole-wave[data-ready] canvas');
        if (!canvas) return false;
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const inked = x => { for (let y = 0; y < canvas.height; y++) if (pixels[(y * canvas.width + x) * 4 + 3]) return true; return false; };
        return [0.02, 0.25, 0.5, 0.75, 0.98].every(part => inked(Math.floor(canvas.width * part)));""")


def seconds(driver):
    return driver.execute_script(f"return document.querySelector('{WHOLE}').currentTime")


def check(driver, studio, shots):
    base = f"http://127.0.0.1:{studio.port}"
    driver.get(f"{base}/open?token={TOKEN}")
    wait(lambda: "token" not in driver.current_url, "the page leads on")
    assert studio.ended(studio.build(), 120)["outcome"] == "built"
    for name, path in (("episode", "/episodes/show~ep"), ("script", "/episodes/show~ep/script")):
        for width in (390, 1280, 1920):
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
            driver.get(base + path)
            player = driver.find_element(By.CSS_SELECTOR, WHOLE)
            driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", player)
            wait(lambda: is_drawn(driver), f"the waveform of the whole is drawn on the page of the {name}")
            wide = driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} at {width}: {wide} px too wide"
            if shots:
                driver.save_screenshot(str(shots / f"player-{name}-{width}.png"))
    # On the page of the script: chapters lead into the sound, which marks the chapter and the line that are heard.
    chapters = driver.find_elements(By.CSS_SELECTOR, ".chapter")
    assert [one.text.split(" ", 1)[1] for one in chapters] == CHAPTERS, [one.text for one in chapters]
    chapters[1].click()
    wait(lambda: driver.find_elements(By.CSS_SELECTOR, ".chapter[aria-current]") and driver.find_elements(By.CSS_SELECTOR, ".line[aria-current]"), "both are marked")
    assert driver.find_element(By.CSS_SELECTOR, ".chapter[aria-current]").text == chapters[1].text
    line = driver.find_element(By.CSS_SELECTOR, ".line[aria-current] textarea").get_attribute("value")
    assert line == "This is what the shore has to tell.", line
    driver.execute_script(f"document.querySelector('{WHOLE}').pause()")
    # A click into the waveform leads to that place of the sound.
    wave = driver.find_element(By.CSS_SELECTOR, ".whole-wave")
    length = driver.execute_script(f"return document.querySelector('{WHOLE}').duration")
    assert 20 < length < 40, f"the whole of it, and not a part: {length}"

    def is_there():
        # The page may still be on its way to the line that is heard: then the click has met something else.
        ActionChains(driver).move_to_element_with_offset(wave, wave.size["width"] // 4, 0).click().perform()
        return abs(seconds(driver) - 0.75 * length) < 0.05 * length
    wait(is_there, f"it is at three quarters of {length}")
    severe = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    assert severe == [], severe


def main():
    server, epbuild = sys.argv[1:3]
    shots = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    with opened(Tides, server, epbuild) as studio:
        studio.start()
        driver = browser()
        try:
            check(driver, studio, shots)
            print("ok the finished episode: waveform, chapters, the script that follows")
        except BaseException:
            shot(driver, "player")
            raise
        finally:
            driver.quit()


if __name__ == "__main__":
    main()
