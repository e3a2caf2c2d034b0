"""The map page in headless Chromium: it draws, answers the pointer and the keyboard, and loads nothing.

Usage: page_test.py TEST_MAKE_PAGE WANGGE    (exit 77: Chromium, its driver or Selenium is not installed)
"""

import base64
import json
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

try:
    from selenium import webdriver
    from selenium.webdriver import ActionChains, Keys
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    print("skipped: Selenium is missing; install Debian's package python3-selenium")
    sys.exit(77)

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
if not CHROMIUM or not DRIVER:
    print("skipped: Chromium or its driver is missing; install Debian's packages chromium and chromium-driver")
    sys.exit(77)

HOSTILE = "</script><img src=x onerror=alert(1)><!--<script>"


def start_browser(profile):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     "--disable-dev-shm-usage", "--force-prefers-reduced-motion", "--window-size=1400,900",
                     f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(service=Service(DRIVER), options=options)


def four_corners(blob):
    """The corners of a GeoPackage geometry that is one polygon of four corners, or None."""
    envelope = (0, 32, 48, 48, 64)[blob[3] >> 1 & 7]
    polygons, rings, points = struct.unpack_from("<5xI5xII", blob, 8 + envelope)
    if (polygons, rings, points) != (1, 1, 5):
        return None
    return list(struct.iter_unpack("<dd", blob[8 + envelope + 22:]))[:4]


class Page(unittest.TestCase):
    """One browser for all; each test opens the page anew and ends with a look at the console and the network."""

    make_page = None  # the program that writes the page of a made-up plan
    wangge = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="wangge_page_")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.file = Path(cls.folder.name) / "plan.html"
        printed = subprocess.run([cls.make_page, cls.file], check=True, capture_output=True, text=True).stdout
        cls.micro_grids = json.loads(printed)
        cls.browser = start_browser(cls.folder.name + "/profile")
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self):
        self.open(self.file)

    def tearDown(self):
        self.assertEqual(self.browser.get_log("browser"), [], "the console is silent")
        self.assertEqual(self.requests(), [self.opened], "the page asks for itself alone")

    def open(self, file):
        self.browser.get("about:blank")
        for kind in ("browser", "performance"):
            self.browser.get_log(kind)  # what came before
        self.opened = file.as_uri()
        self.browser.get(self.opened)
        self.wait(lambda: self.script("return !!window.wangge"))

    def requests(self):
        messages = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]

    def script(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    def wait(self, condition):
        return WebDriverWait(self.browser, 30, 0.05).until(lambda _: condition())

    def find(self, css):
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def pointer_to(self, micro_grid):
        """Moves the real pointer to the middle of a micro-grid."""
        x, y = self.script(
            "const p = wangge.map.latLngToContainerPoint([arguments[0], arguments[1]]),"
            " r = wangge.map.getContainer().getBoundingClientRect(); return [r.left + p.x, r.top + p.y]",
            micro_grid["lat"], micro_grid["lng"])
        actions = ActionChains(self.browser)
        actions.w3c_actions.pointer_action.move_to_location(round(x), round(y))
        return actions

    def colours(self):
        """How many different colours the drawn tiles hold."""
        return self.script("""
            const seen = new Set();
            for (const tile of document.querySelectorAll('canvas.leaflet-tile')) {
              const {data} = tile.getContext('2d').getImageData(0, 0, tile.width, tile.height);
              for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 4).join());
            }
            return seen.size;""")

    def in_view(self):
        """Micro-grids that are on the map now and not under the legend or a button."""
        return [m for m in self.micro_grids if self.script(
            "const p = wangge.map.latLngToContainerPoint([arguments[0], arguments[1]]),"
            " r = wangge.map.getContainer().getBoundingClientRect(),"
            " at = document.elementFromPoint(r.left + p.x, r.top + p.y);"
            " return !!at && at.closest('#map') !== null && at.closest('.leaflet-control') === null",
            m["lat"], m["lng"])]

    def test_draws_the_plan(self):
        self.assertGreater(self.colours(), 20)
        self.assertGreater(self.script("return document.querySelectorAll('.legend li').length"), 10)

    def test_shows_the_figures_of_the_whole(self):
        summary = self.find("#summary").text
        households = sum(m["households"] for m in self.micro_grids)
        self.assertIn("micro-grids", summary)
        self.assertIn(f"{households + 3:,}", summary)  # three of them live outside every area
        self.assertIn("outside every area", summary)

    def test_a_click_shows_the_code_and_figures_of_the_micro_grid_under_the_pointer(self):
        for micro_grid in self.in_view()[::23]:
            self.pointer_to(micro_grid).click().perform()
            self.assertEqual(self.find("#panel-code").text, micro_grid["code"])
            self.assertIn(f"Households 户\n{micro_grid['households']}", self.find("#panel").text)

    def test_a_click_at_a_closer_zoom_is_as_exact(self):
        for micro_grid in self.micro_grids[5::97]:
            self.script("wangge.map.setView([arguments[0], arguments[1]], 18, {animate: false})",
                        micro_grid["lat"], micro_grid["lng"])
            self.pointer_to(micro_grid).click().perform()
            self.assertEqual(self.find("#panel-code").text, micro_grid["code"])

    def test_hovering_shows_code_and_households(self):
        for micro_grid in self.in_view()[3::41]:
            self.pointer_to(micro_grid).perform()
            self.wait(lambda: micro_grid["code"] in self.find(".leaflet-tooltip").text)
            self.assertIn(f"{micro_grid['households']} households", self.find(".leaflet-tooltip").text)

    def test_the_search_finds_a_code_and_goes_there(self):
        wanted = self.micro_grids[123]
        self.find("#search").send_keys(wanted["code"][-9:])
        self.assertEqual(self.find("#hits li").text.split()[0], wanted["code"])
        self.find("#search").send_keys(Keys.ENTER)
        self.assertEqual(self.find("#panel-code").text, wanted["code"])
        self.assertTrue(self.script("return wangge.map.getBounds().contains([arguments[0], arguments[1]])",
                                    wanted["lat"], wanted["lng"]))
        self.assertGreaterEqual(self.script("return wangge.map.getZoom()"), 17)

    def test_the_keyboard_is_enough(self):
        body = self.find("body")
        body.send_keys("/")
        field = self.browser.switch_to.active_element
        field.send_keys("001001")
        field.send_keys(Keys.ARROW_DOWN)
        second = self.find("#hits li[aria-selected=true]").text.split()[0]
        field.send_keys(Keys.ENTER)
        self.assertEqual(self.find("#panel-code").text, second)
        field.send_keys(Keys.ESCAPE)
        self.assertFalse(self.find("#panel").is_displayed())

    def test_enter_opens_the_micro_grid_in_the_middle_of_the_map(self):
        micro_grid = self.micro_grids[60]
        self.script("wangge.map.setView([arguments[0], arguments[1]], 17, {animate: false});"
                    "wangge.map.getContainer().focus()", micro_grid["lat"], micro_grid["lng"])
        self.browser.switch_to.active_element.send_keys(Keys.ENTER)
        self.assertEqual(self.find("#panel-code").text, micro_grid["code"])

    def test_a_finding_zooms_to_its_place_and_opens_its_micro_grid(self):
        row = self.find("#findings details[open] li button")
        code = row.find_element(By.CSS_SELECTOR, ".code").text
        row.click()
        self.assertEqual(self.find("#panel-code").text, code)
        self.assertGreaterEqual(self.script("return wangge.map.getZoom()"), 17)
        place = next(m for m in self.micro_grids if m["code"] == code)
        self.assertTrue(self.script("return wangge.map.getBounds().contains([arguments[0], arguments[1]])",
                                    place["lat"], place["lng"]))
        self.assertIn("households", self.find("#panel .finding").text)

    def test_text_of_the_plan_is_never_taken_for_html(self):
        named = next(m for m in self.micro_grids if m["name"] == HOSTILE)
        self.script("wangge.select(arguments[0])", named["code"])
        self.assertEqual(self.find("#panel .name").text, HOSTILE)
        for group in self.browser.find_elements(By.CSS_SELECTOR, "#findings summary"):
            group.click()
        self.find("#search").send_keys("onerror")
        self.assertIn(HOSTILE, self.find("#source").text)
        self.assertEqual(self.script("return document.querySelectorAll('body img, body script:not([id])').length"), 2)

    def test_layers_can_be_switched_off(self):
        self.script("wangge.map.setView([arguments[0], arguments[1]], 17, {animate: false})",
                    self.micro_grids[120]["lat"], self.micro_grids[120]["lng"])
        before = self.colours()
        for box in self.browser.find_elements(By.CSS_SELECTOR, "#layers input"):
            box.click()
        self.assertLess(self.colours(), before)

    def test_a_plan_without_anything_opens(self):
        empty = Path(self.folder.name) / "empty.html"
        subprocess.run([self.make_page, empty, "empty"], check=True)
        self.open(empty)
        self.assertIn("None", self.find("#findings").text)

    def test_the_page_of_a_split_town_agrees_with_its_plan_file(self):
        town, plan, page = (Path(self.folder.name) / name for name in ("town.gpkg", "plan.gpkg", "town.html"))
        for command in (["make-town", "--households", "3000", "--seed", "5", "-o", town],
                        ["split", town, "-o", plan, "--map", page]):
            subprocess.run([self.wangge, *command], check=True, capture_output=True)
        with sqlite3.connect(plan) as file:
            households = dict(file.execute("SELECT code, households FROM areas"))
            units = file.execute("SELECT micro_grid, geom FROM units ORDER BY fid").fetchall()
        self.open(page)
        houses = [(code, four_corners(geom)) for code, geom in units if four_corners(geom)]
        self.assertGreater(len(houses), 60)
        for code, corners in houses[::len(houses) // 12]:
            place = {"lng": sum(x for x, _ in corners) / 4, "lat": sum(y for _, y in corners) / 4}
            self.script("wangge.map.setView([arguments[0], arguments[1]], 18, {animate: false})",
                        place["lat"], place["lng"])
            self.pointer_to(place).click().perform()
            self.assertEqual(self.find("#panel-code").text, code)
            self.assertIn(f"Households 户\n{households[code]}\n", self.find("#panel").text)

    def test_prints_on_one_sheet_of_a4(self):
        pdf = base64.b64decode(self.browser.execute_cdp_cmd(
            "Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})["data"])
        self.assertEqual(len(re.findall(rb"/Type /Page\b", pdf)), 1)
        self.assertRegex(pdf, rb"/MediaBox \[0 0 84[12]\.?\d* 59[45]\.?\d*\]")


if __name__ == "__main__":
    Page.make_page, Page.wangge = sys.argv[1:3]
    del sys.argv[1:3]
    unittest.main()
