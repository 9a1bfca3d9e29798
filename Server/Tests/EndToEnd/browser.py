#!/usr/bin/env python3
"""A user in Chromium: `browser.py SERVER EPBUILD AXE_JS SHOTS` opens the pages, edits a line and hears it, decides at a gate; axe on every page, and pictures of them."""
import pathlib
import sys
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from studio import Studio, TOKEN, wait  # noqa: E402

PAGES = {
    "inbox": "/", "episodes": "/episodes", "episode": "/episodes/show~ep", "script": "/episodes/show~ep/script",
    "artifact": "/episodes/show~ep/artifact?target=spoken", "one": "/episodes/show~ep/artifact?target=slow", "builds": "/builds", "money": "/money", "health": "/health",
}


def browser(*more):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for word in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required", "--hide-scrollbars", *more):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def check(driver, studio, axe, shots):
    base = f"http://127.0.0.1:{studio.port}"
    driver.get(f"{base}/open?token={TOKEN}")
    wait(lambda: driver.find_elements(By.ID, "connection") and "token" not in driver.current_url, "the page leads on to the inbox")
    studio.ended(studio.build())
    studio.json("PUT", "/api/v1/templates/morning", {"shows": ["show"], "every": "0 6 * * *"})
    findings = []
    for scheme in ("light", "dark"):
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        for name, path in PAGES.items():
            for width in (390, 1280, 1920):
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
                driver.get(base + path)
                driver.save_screenshot(str(shots / f"{name}-{width}-{scheme}.png"))
                wide = driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if wide > 0:
                    findings.append(f"{name} at {width}: {wide} px too wide")
                driver.execute_script(axe)
                found = driver.execute_async_script("const done = arguments[0]; axe.run().then(result => done(result.violations))")
                findings += [f"{name} {scheme} at {width}: {one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}" for one in found]
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    driver.get(base + PAGES["script"])
    wait(lambda: driver.find_element(By.ID, "connection").text == "Live", "the page is live")
    text = driver.find_element(By.CSS_SELECTOR, "form.say textarea")
    text.clear()
    text.send_keys("The tide comes in at night.")
    begun = time.monotonic()
    driver.find_element(By.CSS_SELECTOR, "form.say button").click()
    script = "return [...document.querySelectorAll('audio')].some(player => !player.paused || player.currentTime > 0)"
    wait(lambda: driver.execute_script(script), "the line is heard")
    print(f"heard after {time.monotonic() - begun:.2f} s")
    wait(lambda: not any(job["state"] in ("queued", "running") for job in studio.json("GET", "/api/v1/builds")), "all is built")
    driver.get(base + "/")
    driver.find_element(By.CSS_SELECTOR, "form.decide textarea").send_keys("shorter")
    driver.find_element(By.CSS_SELECTOR, "button[value=approve]").click()
    wait(lambda: studio.json("GET", "/api/v1/inbox") == [], "it is approved")
    log = studio.json("GET", "/api/v1/episodes/show~ep/log")
    assert any(entry.get("decision") == "approve" and entry["note"] == "shorter" for entry in log), log
    severe = [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    findings += [f"console: {entry['message']}" for entry in severe]
    return findings


def without_script(studio):
    driver = browser("--blink-settings=scriptEnabled=false")
    try:
        driver.get(f"http://127.0.0.1:{studio.port}/open?token={TOKEN}")
        wait(lambda: "token" not in driver.current_url, "the page leads on without script")
        driver.get(f"http://127.0.0.1:{studio.port}/episodes/show~ep")
        before = len(studio.json("GET", "/api/v1/builds"))
        driver.find_element(By.CSS_SELECTOR, "button[value=all]").click()
        wait(lambda: len(studio.json("GET", "/api/v1/builds")) == before + 1, "a build is asked for without script")
    finally:
        driver.quit()


def main():
    server, epbuild, axe, shots = sys.argv[1:5]
    shots = pathlib.Path(shots)
    shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        studio = Studio(server, epbuild, directory)
        studio.start()
        driver = browser()
        try:
            findings = check(driver, studio, pathlib.Path(axe).read_text(), shots)
            without_script(studio)
        finally:
            driver.quit()
            studio.kill()
    for finding in findings:
        print("FOUND", finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
