#!/usr/bin/env python3
"""Opens a report page in headless Chromium, over its debugging pipe, and looks at it as a reader would.

    browser.py PAGE.html [--hostile TEXT]

Checks, at phone and laptop width, dark and light: no error on the console, nothing loaded but the page, no
sideways scrolling, every section filled; then the keyboard on the timeline, sorting, and the colours. With --hostile,
a layer of that name is shown as text and nothing of it has run.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile


class Browser:
    def __init__(self, scratch):
        to_browser, self.write = os.pipe()
        self.read, from_browser = os.pipe()
        self.ids, self.events, self.rest = 0, [], b""
        move = f"exec 3<&{to_browser} 4>&{from_browser}; exec \"$@\""
        self.process = subprocess.Popen(
            ["bash", "-c", move, "bash", "chromium", "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe", f"--user-data-dir={scratch}", "about:blank"],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.session = None

    def receive(self):
        while b"\0" not in self.rest:
            part = os.read(self.read, 1 << 20)
            if not part:
                sys.exit("browser.py: the browser has ended")
            self.rest += part
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.ids += 1
        message = {"id": self.ids, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.ids:
                if "error" in answer:
                    sys.exit(f"browser.py: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.receive())

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(f"browser.py: {expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, key, text=""):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, **({"text": text} if text and kind == "keyDown" else {}))
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def close(self):
        self.process.terminate()
        self.process.wait(30)


failures = []


def expect(what, holds):
    if not holds:
        failures.append(what)


def open_page(browser, path, width, scheme):
    browser.events.clear()
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.call("Page.navigate", url="file://" + os.path.abspath(path))
    browser.wait("Page.loadEventFired")
    browser.evaluate("new Promise((done) => setTimeout(done, 200))")


def check_quiet(browser, where):
    for event in browser.events:
        method, params = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            failures.append(f"{where}: {params['exceptionDetails'].get('exception', {}).get('description')}")
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
            failures.append(f"{where}: console: {params['args']}")
        elif method == "Log.entryAdded":
            failures.append(f"{where}: {params['entry']['text']}")
        elif method == "Network.requestWillBeSent":
            expect(f"{where}: loads {params['request']['url']}", params["request"]["url"].endswith(".html"))


def check_contents(browser, where):
    value = browser.evaluate
    expect(f"{where}: scrolls sideways", value("document.documentElement.scrollWidth <= innerWidth"))
    for selector, least in (("#figures > div", 8), ("#words p", 3), ("#core-table tbody tr", 1), ("#memory-charts figure", 1),
                            ("#link-table tbody tr", 1), ("#energy-charts table", 3), ("#layer-table tbody tr", 2),
                            ("#track option", 3), ("#legend li", 5), ("main section > h2", 7)):
        n = value(f"document.querySelectorAll('{selector}').length")
        expect(f"{where}: {n} of {selector}", n >= least)
    expect(f"{where}: NaN or undefined is shown", not value(r"/\b(NaN|undefined|Infinity)\b/.test(document.body.innerText)"))
    painted = value("""(() => {
        const c = document.getElementById('canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, seen = new Set();
        for (let i = 0; i < d.length; i += 4) seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);
        return seen.size; })()""")
    expect(f"{where}: the timeline shows {painted} colours", painted >= 6)


def check_keys(browser):
    value = browser.evaluate
    value("document.getElementById('plot').focus()")
    whole = value("document.getElementById('range').textContent")
    browser.press("ArrowUp")
    half = value("document.getElementById('range').textContent")
    browser.press("ArrowRight")
    right = value("document.getElementById('range').textContent")
    expect("ArrowUp zooms", half != whole)
    expect("ArrowRight moves", right != half)
    browser.press("Enter", "\r")
    first = value("document.querySelector('#details h3')?.textContent")
    browser.press(".", ".")
    second = value("document.querySelector('#details h3')?.textContent")
    expect("Enter selects a tile", (first or "").startswith("Tile "))
    expect("'.' selects the next", (second or "").startswith("Tile ") and first != second)
    browser.press("Escape")
    expect("Escape selects nothing", value("document.querySelector('#details h3') === null"))
    browser.press("0", "0")
    expect("0 shows all", value("document.getElementById('range').textContent") == whole)
    browser.press("PageDown")
    expect("PageDown chooses a track", value("document.getElementById('track').value") == "1")


def check_buttons(browser):
    value = browser.evaluate
    value("document.querySelectorAll('#layer-table th button')[4].click()")
    expect("a column says that it sorts", value("document.querySelectorAll('#layer-table th')[4].ariaSort") == "descending")
    sorted_ = value("[...document.querySelectorAll('#layer-table tbody tr')].map((r) => Number(r.cells[4].textContent.replaceAll(',', '')))")
    expect("largest first", sorted_ == sorted(sorted_, reverse=True))
    before = value("getComputedStyle(document.body).backgroundColor")
    value("document.getElementById('theme').click()")
    expect("the button changes colours", value("getComputedStyle(document.body).backgroundColor") != before)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("page")
    parser.add_argument("--hostile")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        browser = Browser(scratch)
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Log", "Page", "Network"):
            browser.call(domain + ".enable")
        backgrounds = set()
        for width, scheme in ((360, "light"), (1280, "dark")):
            open_page(browser, args.page, width, scheme)
            where = f"{width} {scheme}"
            check_contents(browser, where)
            backgrounds.add(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
            if width > 1000:
                check_keys(browser)
                check_buttons(browser)
            if args.hostile:
                names = browser.evaluate("[...document.querySelectorAll('#layer-table tbody th')].map((e) => e.textContent)")
                expect(f"{where}: {args.hostile} is not among {names}", args.hostile in names)
                expect(f"{where}: a name has run", browser.evaluate("window.hacked === undefined"))
            check_quiet(browser, where)
        expect("dark and light differ", len(backgrounds) == 2)
        browser.close()
    for failure in failures:
        print("FAIL", failure)
    print(f"{len(failures)} failures")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
