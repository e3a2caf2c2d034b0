"""The map pages in headless Chromium: they draw, answer the pointer and the keyboard, and load nothing.

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


class InBrowser(unittest.TestCase):
    """One browser for all; each test opens the page anew and ends with a look at the console and the network."""

    make_page = None  # the program that writes the page of a made-up plan
    wangge = None
    arguments = ()  # which page it writes

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="wangge_page_")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.file = Path(cls.folder.name) / "plan.html"
        command = [cls.make_page, cls.file, *cls.arguments]
        cls.facts = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
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

    def print_pdf(self):
        return base64.b64decode(self.browser.execute_cdp_cmd(
            "Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})["data"])


class Page(InBrowser):
    """The page of a plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.micro_grids = cls.facts

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
        pdf = self.print_pdf()
        self.assertEqual(len(re.findall(rb"/Type /Page\b", pdf)), 1)
        self.assertRegex(pdf, rb"/MediaBox \[0 0 84[12]\.?\d* 59[45]\.?\d*\]")


class DiffPage(InBrowser):
    """The page of what leads from one plan to another."""

    arguments = ("diff",)

    def area(self, coding):
        return next(area for area in self.facts["areas"] if area["coding"] == coding)

    def rows(self):
        return self.browser.find_elements(By.CSS_SELECTOR, "#flows tr")

    def flows(self):
        """Households and units by both codes."""
        flows = {}
        for move in self.facts["moves"]:
            flow = flows.setdefault((move["from"] or "new", move["to"] or "no longer there"), [0, 0])
            flow[0] += move["households"]
            flow[1] += 1
        return flows

    def pixel(self, place, zoom):
        """The colour drawn at a place."""
        self.script("wangge.map.setView([arguments[0], arguments[1]], arguments[2], {animate: false})",
                    place["lat"], place["lng"], zoom)
        return self.script("""
            const at = wangge.map.latLngToContainerPoint([arguments[0], arguments[1]]);
            const box = wangge.map.getContainer().getBoundingClientRect();
            for (const tile of document.querySelectorAll('canvas.leaflet-tile')) {
              const r = tile.getBoundingClientRect();
              const x = box.left + at.x - r.left, y = box.top + at.y - r.top;
              if (x < 0 || y < 0 || x >= r.width || y >= r.height) continue;
              const ratio = tile.width / r.width;
              const spot = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
              spot.drawImage(tile, Math.floor(x * ratio), Math.floor(y * ratio), 1, 1, 0, 0, 1, 1);
              return [...spot.getImageData(0, 0, 1, 1).data].slice(0, 3).join();
            }""", place["lat"], place["lng"])

    def test_lists_who_gives_to_whom(self):
        shown = {}
        for row in self.rows():
            cells = [cell.text for cell in row.find_elements(By.CSS_SELECTOR, "td")]
            shown[cells[0], cells[1]] = [int(cells[2].replace(",", "")), int(cells[3])]
        self.assertEqual(shown, self.flows())
        self.assertEqual(self.find("#flow-count").text, str(len(shown)))

    def test_tells_the_households_moved_and_the_steps_between(self):
        self.assertIn(f"{self.facts['moved']:,}", self.find("#summary").text)
        self.assertIn(f"Revision 1: a new quarter {HOSTILE} Wang", self.find("#steps").text)

    def test_a_click_on_an_arrow_goes_to_both_ends_and_opens_the_one_that_gets(self):
        for row in self.rows():
            source, target = (cell.text for cell in row.find_elements(By.CSS_SELECTOR, "td")[:2])
            self.script("wangge.map.setView([0, 0], 3, {animate: false})")
            row.find_element(By.CSS_SELECTOR, "button").click()
            for code in (source, target):
                ends = [area for area in self.facts["areas"] if area["code"] == code]
                for end in ends:
                    self.assertTrue(self.script("return wangge.map.getBounds().contains([arguments[0], arguments[1]])",
                                                end["lat"], end["lng"]))
            if target != "no longer there":
                self.assertEqual(self.find("#panel-code").text, target)

    def test_the_keyboard_reaches_the_arrows(self):
        first = self.rows()[0]
        first.find_element(By.CSS_SELECTOR, "button").send_keys(Keys.ENTER)
        self.assertEqual(self.find("#panel-code").text,
                         first.find_elements(By.CSS_SELECTOR, "td")[1].text)

    def test_hovering_shows_households_before_and_after(self):
        for coding in "SMX":
            area = self.area(coding)
            self.script("wangge.map.setView([arguments[0], arguments[1]], 17, {animate: false})",
                        area["lat"], area["lng"])
            self.pointer_to(area).perform()
            self.wait(lambda: area["code"] in self.find(".leaflet-tooltip").text)
            self.assertIn(f"{area['before']} → {area['households']} households", self.find(".leaflet-tooltip").text)
            self.assertIn(f"({coding})", self.find(".leaflet-tooltip").text)

    def test_the_panel_tells_where_a_micro_grid_got_its_households_from(self):
        merged = self.area("M")
        self.script("wangge.select(arguments[0])", merged["code"])
        panel = self.find("#panel").text
        self.assertIn(f"Households before\n{merged['before']}", panel)
        for (source, target), (households, _) in self.flows().items():
            if target == merged["code"]:
                self.assertIn(f"{source}\n{households:,} households", panel)

    def test_a_building_that_moved_has_the_colour_of_where_it_went(self):
        moved = [move for move in self.facts["moves"] if move["from"] and move["to"] and move["lat"]]
        self.assertGreater(len(moved), 10)
        colours = {}
        for move in moved:
            colours.setdefault(move["to"], set()).add(self.pixel(move, 20))
        self.assertTrue(all(len(seen) == 1 for seen in colours.values()), colours)
        self.assertEqual(len({colour for seen in colours.values() for colour in seen}), len(colours))

    def test_changes_can_be_switched_off(self):
        area = self.area("X")
        self.script("wangge.map.setView([arguments[0], arguments[1]], 17, {animate: false})", area["lat"], area["lng"])
        before = self.colours()
        for box in self.browser.find_elements(By.CSS_SELECTOR, "#layers input")[:3]:
            box.click()
        self.assertLess(self.colours(), before)

    def test_text_of_the_plan_is_never_taken_for_html(self):
        self.assertEqual(self.script("return document.querySelectorAll('body img, body script:not([id])').length"), 2)

    def test_the_page_of_two_plan_files_agrees_with_them(self):
        old, new = self.folder.name + "/old.gpkg", self.folder.name + "/new.gpkg"
        town, page = self.folder.name + "/town.gpkg", Path(self.folder.name) / "diff.html"
        for command in (["make-town", "--households", "2000", "--seed", "5", "-o", town],
                        ["split", town, "-o", old], ["split", town, "-o", new, "--seed", "9"],
                        ["diff", old, new, "--map", page]):
            subprocess.run([self.wangge, *command], check=True, capture_output=True)
        codes = []
        for plan in (old, new):
            with sqlite3.connect(plan) as file:
                codes.append(dict(file.execute("SELECT unit_id, micro_grid FROM units")))
        moved = sum(codes[0][unit] != codes[1][unit] for unit in codes[0])
        self.open(page)
        units = sum(int(row.find_elements(By.CSS_SELECTOR, "td")[3].text) for row in self.rows())
        self.assertEqual(units, moved)

    def test_prints_on_one_sheet_of_a4(self):
        self.assertEqual(len(re.findall(rb"/Type /Page\b", self.print_pdf())), 1)


if __name__ == "__main__":
    InBrowser.make_page, InBrowser.wangge = sys.argv[1:3]
    del sys.argv[1:3]
    unittest.main()
