"""Chromium without a window, and a listener who uses it."""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ganlib.listening.page import write_test
from ganlib.listening.stimuli import LOW, REAL, Sound

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CLIPS = 8
SWITCHES = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio",
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


def write_small_test(folder: Path) -> tuple[Path, Path]:
    """A page with eight clips of a fifth of a second, and its key."""
    random = np.random.default_rng(0)
    systems = ("a model", REAL, LOW, "b model")
    sounds = [
        Sound(name, str(label), f"{name} {label}", 0.1 * random.normal(size=1600), 8000)
        for name in systems
        for label in range(CLIPS // len(systems))
    ]
    return write_test(sounds, folder, title="A small test")


@contextlib.contextmanager
def chromium(downloads: Path) -> Iterator:
    """A fresh browser that puts downloads into a folder; skips where there is none."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("no chromium with its chromedriver on this machine")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = program
    for switch in SWITCHES:
        options.add_argument(switch)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield browser
    finally:
        browser.quit()


def until(condition: Callable, what: str, seconds: float = 20.0):
    """The first true answer of `condition`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what}: did not happen within {seconds:g} s")


class Listener:
    """Somebody at the page."""

    def __init__(self, browser, page: Path, downloads: Path):
        self.browser, self.page, self.downloads = browser, page, downloads
        self.open()
        self.run("localStorage.clear()")
        self.open()

    def open(self, query: str = "") -> None:
        self.browser.get(self.page.as_uri() + query)
        until(lambda: self.find("welcome").is_displayed(), "the page")

    def run(self, script: str):
        """What a line of JavaScript returns."""
        return self.browser.execute_script(script)

    def find(self, name: str):
        return self.browser.find_element("id", name)

    def text(self, name: str) -> str:
        """Text of an element, whether it can be seen or not."""
        return self.run(f"return document.getElementById('{name}').textContent.trim()")

    def press(self, *keys: str) -> None:
        """Keys, to whatever has the focus."""
        from selenium.webdriver import ActionChains

        ActionChains(self.browser).send_keys(*keys).perform()

    def begin(self, name: str = "Ann") -> None:
        self.find("listener").send_keys(name)
        self.press("\ue007")
        until(lambda: self.find("rating").is_displayed(), "the first clip")

    def hear(self) -> None:
        """Play the clip with the space bar."""
        before = self.run("return current.plays")
        self.press(" ")
        until(lambda: self.run("return current.plays") == before + 1, "the sound")

    def rate(self, digit: str, naturalness: str) -> None:
        """One clip, with the keyboard alone."""
        self.hear()
        self.press(digit)
        self.press(naturalness)
        self.press("\ue007")

    def focus(self) -> str:
        """The id of what has the focus."""
        return self.run("return document.activeElement.id")

    def chosen(self) -> list[str]:
        """The values of the answers that are marked."""
        return self.run("return [...document.querySelectorAll('input:checked')].map(x => x.value)")

    def download(self) -> Path:
        """The file that the button gives."""
        before = set(self.downloads.glob("*.csv"))
        self.find("download").click()
        [path] = until(lambda: set(self.downloads.glob("*.csv")) - before, "the download")
        return path
