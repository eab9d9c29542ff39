#!/usr/bin/env node
// time-limit: 240
/* report_page.js - the reports as pages in Chromium: no violation found by
 * axe-core in light, dark and forced colours, nothing wider than the screen at phone
 * width, valid HTML and SVG, no script, no style in a drawing, nothing fetched.
 *
 * SCREENSHOTS=DIR keeps a picture of each, for eyes.
 */
"use strict";
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const tests = path.join(__dirname, "..");
const { chromium } = require(path.join(tests, "node_modules", "playwright-core"));
const { HtmlValidate } = require(path.join(tests, "node_modules", "html-validate"));
const axeSource = fs.readFileSync(path.join(tests, "node_modules", "axe-core", "axe.min.js"), "utf8");

const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";
const PURR = path.resolve(process.env.PURR || "build/release/purr");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let count = 0, failed = 0;
function ok(condition, what, detail) {
	count++;
	if (!condition)
		failed++;
	console.log(`${condition ? "ok" : "not ok"} ${count} - ${what}`);
	if (!condition && detail !== undefined)
		for (const line of String(detail).split("\n"))
			console.log("# " + line);
}

function purr(...args) {
	return execFileSync(PURR, args, { cwd: path.join(tests, ".."), encoding: "utf8", maxBuffer: 1 << 26 });
}

async function axe(page) {
	return page.evaluate(async (tags) => {
		const r = await window.axe.run(document, { runOnly: tags });
		return r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join("; ")}`);
	}, TAGS);
}

const LOOKS = [["light", { colorScheme: "light" }], ["dark", { colorScheme: "dark" }],
    ["forced", { forcedColors: "active" }]];

async function looks(browser, name, file, few) {
	for (const [look, options] of few ? LOOKS.slice(0, 2) : LOOKS) {
		for (const width of few ? [look === "light" ? 360 : 1100] : [360, 1100]) {
			const context = await browser.newContext({ viewport: { width, height: 800 }, ...options });
			const page = await context.newPage();
			const foreign = [];
			page.on("request", (r) => { if (!r.url().startsWith("file://")) foreign.push(r.url()); });
			await page.addInitScript(axeSource);
			await page.goto("file://" + file);
			const faults = await axe(page);
			ok(faults.length === 0, `axe: ${name}, ${look}, ${width} px`, faults.join("\n"));
			const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
			ok(wide <= 0, `${name} does not scroll sideways at ${width} px`, wide);
			ok(foreign.length === 0, `${name} fetches nothing`, foreign.join("\n"));
			if (process.env.SCREENSHOTS)
				await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}-${look}-${width}.png`),
				    fullPage: true });
			await context.close();
		}
	}
}

/* Each drawing by itself, as an XML parser sees it; and its parts. */
async function drawings(browser, name, text) {
	const svgs = text.match(/<svg[\s\S]*?<\/svg>/g) || [];
	const page = await browser.newPage();
	ok(svgs.length > 0, `${name} has drawings (${svgs.length})`);
	for (const svg of svgs) {
		const seen = await page.evaluate((source) => {
			const doc = new DOMParser().parseFromString(source, "image/svg+xml");
			const error = doc.querySelector("parsererror");
			const ids = (doc.documentElement.getAttribute("aria-labelledby") || "").split(" ");
			const known = new Set(["svg", "title", "desc", "polyline", "polygon", "circle", "text"]);
			return { error: error && error.textContent, role: doc.documentElement.getAttribute("role"),
			    named: ids.length === 2 && ids.every((id) => doc.getElementById(id) !== null &&
			        doc.getElementById(id).textContent.length > 5),
			    foreign: [...doc.querySelectorAll("*")].map((e) => e.localName).filter((n) => !known.has(n)),
			    styled: doc.querySelectorAll("[style], style, script").length,
			    small: [...doc.querySelectorAll("text")].filter((t) => t.getAttribute("font-size") < 12).length,
			    title: doc.querySelector("title") && doc.querySelector("title").textContent };
		}, svg);
		ok(seen.error === null && seen.role === "img" && seen.named && seen.foreign.length === 0 &&
		    seen.styled === 0 && seen.small === 0, `${name}: a sound drawing: ${seen.title}`, JSON.stringify(seen));
	}
	await page.close();
}

async function main() {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), "report-page-"));
	const space = path.join(dir, "w");
	const validator = new HtmlValidate({ extends: ["html-validate:recommended"],
	    rules: { "no-inline-style": "error", "long-title": "off", "no-trailing-whitespace": "off",
	        "prefer-native-element": "off" } });
	const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
	purr("replay", "tests/data/demo-ledger.csv", "--map", "tests/data/demo-ledger.profile.json",
	    "--workspace", space);
	for (const [name, ...args] of [["tone", "tone", "--as-of", "2026-09-07"],
	    ["tone-early", "tone", "--as-of", "2025-07-20"], ["aging", "aging", "--as-of", "2026-03-07"],
	    ["recovery", "recovery", "--as-of", "2026-09-07"], ["channels", "channels", "--as-of", "2026-09-07"],
	    ["service", "service", "--as-of", "2026-09-07"], ["promises", "promises", "--as-of", "2026-09-07"]]) {
		const file = path.join(dir, name + ".html");
		purr("report", ...args, "--format", "html", "--out", file, "-C", space);
		const text = fs.readFileSync(file, "utf8");
		const report = await validator.validateString(text);
		ok(report.valid, `valid HTML: ${name}`, JSON.stringify(report.results.map((r) => r.messages)
		    .flat().slice(0, 5)));
		ok(!/<script|javascript:| style=/.test(text), `${name}: no script, no style attribute`);
		if (["tone", "aging", "recovery", "channels"].includes(name))
			await drawings(browser, name, text);
		await looks(browser, name, file, !name.startsWith("tone"));
	}
	await browser.close();
	fs.rmSync(dir, { recursive: true });
	console.log(`1..${count}`);
	process.exit(failed > 0 ? 1 : 0);
}

main();
