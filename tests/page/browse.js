"use strict";
// Looks at a page in headless Chromium, as people do: at two widths, with the keyboard, without script, printed.
// node browse.js CHROMIUM PAGE SCREENSHOTS → one JSON object
const fs = require("fs");
const path = require("path");

const modules = path.join(__dirname, "..", "node", "node_modules");
const { chromium } = require(path.join(modules, "playwright-core"));
const axe = fs.readFileSync(path.join(modules, "axe-core", "axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 900 } };
const [program, file, shots] = process.argv.slice(2);
const url = "file://" + file;

async function open(browser, size, script = true) {
  const context = await browser.newContext({ viewport: size, javaScriptEnabled: script });
  const page = await context.newPage();
  const heard = { dialogs: [], errors: [], requests: [] };
  page.on("dialog", (dialog) => { heard.dialogs.push(dialog.message()); dialog.dismiss(); });
  page.on("console", (message) => heard.errors.push(message.text()));
  page.on("pageerror", (error) => heard.errors.push(String(error)));
  page.on("request", (request) => heard.requests.push(request.url()));
  await page.goto(url);
  return { page, heard };
}

const violations = async (page) => {
  // What is far below the window is not laid out until one scrolls; axe is to see it too.
  await page.$$eval("article.task", (all) => all.forEach((each) => { each.style.contentVisibility = "visible"; }));
  await page.evaluate(axe);
  const found = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: "tag", values } }), RULES);
  return found.violations.map((each) => `${each.id}: ${each.nodes.length} × ${each.nodes[0].html.slice(0, 200)}`);
};

const shown = (page) => page.$$eval("article.task", (all) => all.filter((each) => each.offsetParent !== null).map((each) => each.querySelector("h3").textContent));

async function look(browser, name) {
  const { page, heard } = await open(browser, SIZES[name]);
  const told = { width: await page.evaluate(() => document.documentElement.scrollWidth), violations: await violations(page) };
  if (shots) await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: false });
  await page.check("#large");
  told.large = await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  told.largeWidth = await page.evaluate(() => document.documentElement.scrollWidth);
  told.largeViolations = await violations(page);
  if (shots) await page.screenshot({ path: path.join(shots, `${name}-large.png`), fullPage: false });
  told.heard = heard;
  await page.context().close();
  return told;
}

async function filter(browser) {
  const { page } = await open(browser, SIZES.desk);
  const told = { all: await shown(page), said: [await page.textContent("#said")] };
  const units = await page.$$eval("#unit option", (all) => all.map((each) => each.value).filter(Boolean));
  told.byUnit = {};
  for (const unit of units) {
    await page.selectOption("#unit", unit);
    const rows = await page.$$eval("li[data-unit]", (all) => all.filter((each) => each.offsetParent !== null).map((each) => each.dataset.unit));
    told.byUnit[unit] = { tasks: await shown(page), rows: [...new Set(rows)] };
  }
  await page.click("#all");
  await page.selectOption("#light", "green");
  told.green = { tasks: await shown(page), lights: [...new Set(await page.$$eval("li[data-unit]", (all) => all.filter((each) => each.offsetParent !== null).map((each) => each.dataset.light)))] };
  told.said.push(await page.textContent("#said"));
  told.filteredViolations = await violations(page);
  await page.emulateMedia({ media: "print" });
  told.printed = { tools: await page.isVisible("#tools"), tasks: await shown(page) };
  await page.context().close();
  return told;
}

async function keyboard(browser) {
  const { page } = await open(browser, SIZES.desk);
  const reached = [];
  for (let step = 0; step < 8; step += 1) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => {
      const at = document.activeElement;
      const ring = getComputedStyle(at);
      return { name: at.id || at.className || at.tagName, ring: ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2 };
    }));
  }
  await page.focus("#unit");
  await page.keyboard.press("ArrowDown");
  const chosen = await page.inputValue("#unit");
  await page.context().close();
  return { reached, chosen };
}

async function scriptless(browser) {
  const { page, heard } = await open(browser, SIZES.phone, false);
  const told = { text: await page.textContent("body"), tools: await page.isVisible("#unit"), heard };
  await page.context().close();
  return told;
}

(async () => {
  const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  try {
    const told = { phone: await look(browser, "phone"), desk: await look(browser, "desk") };
    told.filter = await filter(browser);
    told.keyboard = await keyboard(browser);
    told.scriptless = await scriptless(browser);
    console.log(JSON.stringify(told));
  } finally {
    await browser.close();
  }
})();
