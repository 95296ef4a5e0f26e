#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens report.html in headless Chromium and checks what a reader would see; only Python's own library and a chromium are needed.

  report_in_browser.py REPORT.html [--pictures FOLDER] [--browser chromium]

No request but that of the file itself is made (every one is listed by the browser, and name look-ups are led nowhere), every plot is there and has
something drawn, turning one camera turns all of them exactly, also when they follow a drag of the mouse, the probe moves all, the page fits 500 and 1200 pixels, and nothing is
written to the console as an error. The last line says how many checks passed."""
import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time


class Browser:
    """Chromium spoken to over its debugging pipe: messages are json, each ended by a zero byte."""

    def __init__(self, program, profile):
        to_browser, from_us = os.pipe()
        to_us, from_browser = os.pipe()
        # The browser reads file descriptor 3 and writes 4.
        command = (f'exec 3<&{to_browser} 4>&{from_browser}; exec "$@"')
        self.process = subprocess.Popen(
            ["bash", "-c", command, "bash", program, "--headless=new", "--no-sandbox", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--hide-scrollbars",
             "--enable-unsafe-swiftshader", "--use-angle=swiftshader", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--no-first-run"],
            pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser), os.close(from_browser)
        self.out, self.into, self.rest, self.number, self.session = from_us, to_us, b"", 0, None
        self.events = []

    def read(self):
        while b"\0" not in self.rest:
            part = os.read(self.into, 1 << 20)
            if not part:
                sys.exit("report_in_browser: the browser went away")
            self.rest += part
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"report_in_browser: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            sys.exit(f"report_in_browser: {expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def picture(self, file, whole=True):
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]))


def until(condition, what, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"report_in_browser: waited {seconds} s for {what}")
        time.sleep(0.05)


CAMERAS = """[...document.querySelectorAll('.solid.js-plotly-plot')].map(p => {
  const drawn = p._fullLayout.scene._scene.getCamera(), kept = p.layout.scene.camera;
  return [drawn, kept].map(c => ['eye', 'center', 'up'].flatMap(k => [c[k].x, c[k].y, c[k].z]));
})"""
FRAMES = "new Promise(done => { let n = 0; const next = () => ++n > 12 ? done(true) : requestAnimationFrame(next); next(); })"


def difference(cameras, kind):
    return max((abs(a - b) for camera in cameras for a, b in zip(camera[kind], cameras[0][kind])), default=0)


def drag(browser, selector):
    """A mouse drag over a plot, in steps; the largest difference of what is drawn while the button is still held, once the other plots have caught up (a software renderer is slow)."""
    box = browser.value(f"(() => {{ const r = document.querySelector('{selector}'); r.scrollIntoView({{block: 'center'}}); const b = r.getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; }})()")
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    browser.call("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)
    for i in range(1, 13):
        browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=x + 6 * i, y=y - 3 * i, button="left", buttons=1)
        browser.value(FRAMES)
    end = time.monotonic() + 20
    while (during := difference(browser.value(CAMERAS), 0)) > 1e-9 and time.monotonic() < end:
        browser.value(FRAMES)
    browser.call("Input.dispatchMouseEvent", type="mouseReleased", x=x + 72, y=y - 36, button="left", clickCount=1)
    browser.value(FRAMES)
    return during


def run(browser, report, pictures, check):
    browser.session = browser.call("Target.attachToTarget", targetId=browser.call("Target.createTarget", url="about:blank")["targetId"], flatten=True)["sessionId"]
    for domain in ("Network", "Page", "Runtime", "Log"):
        browser.call(f"{domain}.enable")
    browser.size(1200, 900)
    start = time.monotonic()
    browser.call("Page.navigate", url=report.resolve().as_uri())
    until(lambda: browser.value("document.documentElement?.dataset.ready === 'yes'"), "the plots")
    print(f"drawn after {time.monotonic() - start:.1f} s")
    data = json.loads(browser.value("document.getElementById('report-data').textContent"))
    surfaces = len(data["surfaces"])
    solids = min(surfaces, 8)
    check("plots", browser.value("document.querySelectorAll('.js-plotly-plot').length") == surfaces + solids + (surfaces > 0) + len(data["curves"]))
    check("surfaces are drawn in WebGL", browser.value("document.querySelectorAll('.solid canvas').length") >= solids)
    buttons = browser.value("[...document.querySelectorAll('.modebar-btn')].map(b => b.dataset.title)")
    check("no button sends the chart away", buttons and not any("hare" in b or "loud" in b or "dit" in b for b in buttons))
    if pictures:
        browser.picture(pictures / "report_1200.png")
    if solids > 1:
        browser.value("Plotly.relayout('surface-1', {'scene.camera': {eye: {x: 0.3, y: -1.9, z: 0.7}, center: {x: 0, y: 0, z: 0}, up: {x: 0, y: 0, z: 1}}}).then(() => true)")
        browser.value(FRAMES)
        cameras = browser.value(CAMERAS)
        check(f"turning one turns all: largest difference {difference(cameras, 0)} drawn, {difference(cameras, 1)} kept", difference(cameras, 0) == 0 and difference(cameras, 1) == 0)
        check("it was turned", abs(cameras[0][1][0] - 0.3) < 1e-12)
        before = cameras[0][0]
        during = drag(browser, "#surface-2")
        cameras = browser.value(CAMERAS)
        check("a drag turns the camera", max(abs(a - b) for a, b in zip(before, cameras[0][0])) > 0.05)
        check(f"during a drag: largest difference {during}", during <= 1e-9)
        check(f"after a drag: largest difference {difference(cameras, 0)} drawn, {difference(cameras, 1)} kept", difference(cameras, 0) <= 1e-12 and difference(cameras, 1) == 0)
        still = browser.value(CAMERAS)
        browser.value(FRAMES)
        check("no camera moves by itself afterwards", browser.value(CAMERAS) == still)
    if surfaces:
        x = data["surfaces"][0]["x"]
        browser.value("(() => { const s = document.getElementById('probe-x'); s.value = 1; s.dispatchEvent(new Event('input')); })()")
        browser.value(FRAMES)
        shown = browser.value("[...document.querySelectorAll('#probe-body tr')].map(r => [...r.children].map(c => c.textContent))")
        check("the probe has a row a run", len(shown) == surfaces and all(abs(float(row[1]) - x[1]) < 1e-4 for row in shown))
        check("and its mark is in every plot", browser.value(f"[...document.querySelectorAll('.solid.js-plotly-plot, [id^=map-].js-plotly-plot')].every(p => p.data[1].x[0] === {x[1]})"))
        browser.value("(() => { const s = document.getElementById('field'); s.selectedIndex = 1; s.dispatchEvent(new Event('change')); })()")
        browser.value(FRAMES)
        if pictures:
            browser.picture(pictures / "report_accuracy.png")
        browser.value("(() => { const s = document.getElementById('field'); s.selectedIndex = 0; s.dispatchEvent(new Event('change')); })()")
    browser.size(500, 900, mobile=True)
    browser.value(FRAMES)
    check("nothing is wider than a phone of 500 pixels", browser.value("document.documentElement.scrollWidth") <= 500)
    if pictures:
        browser.picture(pictures / "report_500.png")
    browser.size(1200, 900)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    browser.value(FRAMES)
    if pictures:
        browser.picture(pictures / "report_dark.png")
    browser.call("Emulation.setEmulatedMedia", features=[])
    if pictures:
        (pictures / "report.pdf").write_bytes(base64.b64decode(browser.call("Page.printToPDF", printBackground=False)["data"]))
    browser.value(FRAMES)
    urls = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    outside = [u for u in urls if not u.startswith(("data:", "blob:")) and u != report.resolve().as_uri()]
    check(f"no request leaves the file ({len(urls)} seen, {len(outside)} outside: {outside[:3]})", not outside)
    errors = [e for e in browser.events if e.get("method") == "Runtime.exceptionThrown" or (e.get("method") == "Log.entryAdded" and e["params"]["entry"]["level"] == "error")]
    check(f"no errors ({errors[:2]})", not errors)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path)
    parser.add_argument("--browser", default=shutil.which("chromium") or shutil.which("google-chrome") or "chromium")
    arguments = parser.parse_args()
    if not shutil.which(arguments.browser):
        sys.exit("report_in_browser: no chromium was found; install it, or name another with --browser")
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    passed, failed = [], []

    def check(what, good):
        (passed if good else failed).append(what)
        print(("passed: " if good else "FAILED: ") + what)

    profile = tempfile.mkdtemp(prefix="report_in_browser")
    browser = Browser(arguments.browser, profile)
    try:
        run(browser, arguments.report, arguments.pictures, check)
    finally:
        browser.process.kill()
        browser.process.wait()
        shutil.rmtree(profile, ignore_errors=True)
    print(f"{len(passed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
