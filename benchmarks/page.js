"use strict";
// Opens a page in headless Chromium several times and prints when it first painted its contents, in milliseconds.
// node page.js CHROMIUM PAGE TIMES → a JSON list
const path = require("path");
const { chromium } = require(path.join(__dirname, "..", "tests", "node", "node_modules", "playwright-core"));
const [program, file, times] = process.argv.slice(2);

(async () => {
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  const found = [];
  try {
    for (let turn = 0; turn <= Number(times); turn += 1) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await page.goto("file://" + file);
      await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
      const first = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
      if (turn > 0) found.push(first); // the first one starts the browser's processes
      await page.close();
    }
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(found));
})();
