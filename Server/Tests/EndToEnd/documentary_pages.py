#!/usr/bin/env python3
"""The documentary through its four gates by pages alone: `documentary_pages.py SERVER EPBUILD`, with two Chromiums at once.

Ann works by keyboard alone: she asks for builds, reads, writes notes and approves. Ben looks on: what waits comes to his inbox and goes from it without
a reload, and he decides once; his connection is cut in between, and no event is lost.
"""
import json
import pathlib
import socket
import sys
import threading
import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from browser import browser  # noqa: E402
from documentary import Documentary, EPISODE, GATES, NAME  # noqa: E402
from studio import TOKEN, opened, shot, wait  # noqa: E402

SECONDS = 400


def enter(driver, studio):
    driver.get(f"http://127.0.0.1:{studio.port}/open?token={TOKEN}")
    wait(lambda: driver.find_elements(By.ID, "connection") and "token" not in driver.current_url, "the page leads on")
    wait(lambda: driver.find_element(By.ID, "connection").text == "Live", "the page is live")


def press(driver, *keys):
    ActionChains(driver).send_keys(*keys).perform()


def focused(driver, script):
    return driver.execute_script(f"const item = document.activeElement; return {script}")


def tab_to(driver, selector):
    """By Tab alone, as somebody without a mouse does."""
    for _ in range(300):
        if focused(driver, f"item.matches({json.dumps(selector)})"):
            return
        press(driver, Keys.TAB)
    raise AssertionError(f"Tab does not lead to {selector}")


def waiting(driver):
    # In one step, as the page changes by itself.
    return driver.execute_script("return [...document.querySelectorAll('[data-live-list] > [data-item]')].map(item => item.dataset.item.split(' ')[1])")


def ask_for_build(driver):
    """From wherever Ann is: to the episodes, into the one that is there, and to its button."""
    driver.find_element(By.TAG_NAME, "body").send_keys("ge")
    wait(lambda: driver.current_url.endswith("/episodes"), "the key leads to the episodes")
    tab_to(driver, "main td a")
    press(driver, Keys.ENTER)
    wait(lambda: EPISODE in driver.current_url, "the link leads to the episode")
    tab_to(driver, "button[value=all]")
    press(driver, Keys.ENTER)
    wait(lambda: EPISODE in driver.current_url and driver.find_elements(By.CSS_SELECTOR, "button[value=all]"), "the page comes again")


def decide(driver, gate):
    """To the inbox, to the entry, reading it, writing a note, sending it."""
    driver.find_element(By.TAG_NAME, "body").send_keys("gi")
    wait(lambda: driver.current_url.rstrip("/").endswith(str(driver.execute_script("return location.host"))), "the key leads to the inbox")
    wait(lambda: gate in waiting(driver), f"{gate} waits in the inbox")
    press(driver, "j")
    assert focused(driver, "item.matches('.waiting')"), "j goes to what waits"
    if gate != "audio":
        tab_to(driver, ".waiting pre")
        assert focused(driver, "item.textContent.length") > 100, "there is something to read"
        press(driver, Keys.PAGE_DOWN)
    else:
        assert driver.find_elements(By.CSS_SELECTOR, ".waiting audio"), "there is something to hear"
    driver.execute_script("document.activeElement.closest('.waiting')?.focus()")
    press(driver, "w")
    assert focused(driver, "item.matches('textarea')"), "w leads to the note"
    press(driver, f"{gate} by keyboard")
    ActionChains(driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    wait(lambda: gate not in waiting(driver), f"{gate} is decided", 60)


class Relay:
    """Between browsers and the server: a network that can be cut, while the server and its sessions go on."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.server_port, self.is_cut, self.open = self.listener.getsockname()[1], free_port(), False, set()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client = self.listener.accept()[0]
            if self.is_cut:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.server_port))
            except OSError:
                client.close()
                continue
            self.open |= {client, server}
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=(source, target), daemon=True).start()

    def pump(self, source, target):
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open -= {source, target}

    def cut(self):
        self.is_cut = True
        for end in list(self.open):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def seen(driver):
    return [json.loads(event) for event in driver.execute_script("return window.seen")]


def told(studio):
    return [json.loads(line) for path in sorted((studio.workspace / ".epbuild/events").iterdir()) for line in path.read_text().splitlines()]


def play(studio, relay, ann, ben):
    enter(ann, studio)
    enter(ben, studio)
    assert waiting(ben) == []
    ben.execute_script("window.seen = []; document.addEventListener('epbuild', event => { if (event.detail.data) window.seen.push(event.detail.data); })")
    ask_for_build(ann)
    for gate in GATES:
        wait(lambda: waiting(ben) == [gate], f"{gate} comes to Ben's inbox by itself", SECONDS)
        if gate == "assets":
            # Ben is faster this time, and it goes from Ann's inbox.
            wait(lambda: waiting(ann) == [gate] and ann.find_element(By.ID, "connection").text == "Live", "Ann sees it, too", 60)
            relay.cut()
            wait(lambda: "lost" in ben.find_element(By.ID, "connection").text, "Ben is told that his connection is lost")
            before = len(told(studio))
            assert studio.run("build", f"documentary/{NAME}", "outline").returncode == 0
            time.sleep(1)
            assert len(told(studio)) > before
            relay.is_cut = False
            wait(lambda: ann.find_element(By.ID, "connection").text == "Live", "Ann is back by herself", 60)
            wait(lambda: ben.find_element(By.ID, "connection").text == "Live", "Ben is back by himself", 60)
            wait(lambda: len(seen(ben)) == len(told(studio)), "nothing that happened meanwhile is lost to him", 60)
            assert seen(ben) == told(studio)
            count = len(studio.json("GET", "/api/v1/builds"))
            ben.find_element(By.CSS_SELECTOR, ".waiting button[value=approve]").send_keys(Keys.ENTER)
            wait(lambda: gate not in waiting(ann), "what Ben has decided goes from Ann's inbox", 60)
            assert len(studio.json("GET", "/api/v1/builds")) == count + 1
            # His page was loaded anew by the form: he listens from here.
            wait(lambda: ben.find_element(By.ID, "connection").text == "Live", "the page is live")
        else:
            decide(ann, gate)
            wait(lambda: gate not in waiting(ben), f"{gate} goes from Ben's inbox by itself", 60)
    wait(lambda: studio.json("GET", f"/api/v1/episodes/{EPISODE}")["state"] == "up to date", "the film is accepted", SECONDS)
    log = studio.json("GET", f"/api/v1/episodes/{EPISODE}/log?limit=100")
    notes = [entry["note"] for entry in log if entry.get("decision") == "approve"]
    assert notes == ["audio by keyboard", None, "storyboard by keyboard", "script by keyboard"], notes
    ann.get(f"http://127.0.0.1:{studio.port}/episodes/{EPISODE}")
    assert "up to date" in ann.find_element(By.TAG_NAME, "main").text and ann.find_elements(By.CSS_SELECTOR, "audio"), "the voice-over is there to be heard"
    ann.get(f"http://127.0.0.1:{studio.port}/episodes/{EPISODE}/artifact?target=scenes")
    assert ann.find_elements(By.CSS_SELECTOR, "video"), "its scenes are there to be seen"
    studio.check_delivered()
    for driver in (ann, ben):
        severe = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE" and "net::ERR" not in entry["message"]]
        assert severe == [], severe


def main():
    server, epbuild = sys.argv[1:3]
    with opened(Documentary, server, epbuild) as studio:
        drivers = []
        try:
            relay = Relay()
            studio.port = relay.server_port
            studio.start("--host", f"127.0.0.1:{relay.port}")
            drivers = [browser(), browser()]
            play(studio, relay, *drivers)
            print("ok the documentary by pages, two browsers at once, by keyboard")
        except BaseException:
            for number, driver in enumerate(drivers):
                shot(driver, f"documentary-{number}")
            raise
        finally:
            for driver in drivers:
                driver.quit()


if __name__ == "__main__":
    main()
