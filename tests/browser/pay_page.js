#!/usr/bin/env node
// time-limit: 240
/* pay_page.js - the debtor's pages in Chromium at phone width: no violation found
 * by axe-core, nothing wider than the screen down to 320 px, targets of 44 px,
 * everything by keyboard and without JavaScript, light and dark, print.
 *
 * SCREENSHOTS=DIR keeps a picture of every page, for eyes.
 */
"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const tests = path.join(__dirname, "..");
const { chromium } = require(path.join(tests, "node_modules", "playwright-core"));
const axeSource = fs.readFileSync(path.join(tests, "node_modules", "axe-core", "axe.min.js"), "utf8");

const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";
const variant = path.basename(path.dirname(process.env.PURR || "build/release/purr"));
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TARGET_PX_MIN = 44;
const LANGS = ["da", "en", "nb", "sv", "fi", "de"];
const token = (start) => start.padEnd(22, "A");

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

function probeStart() {
	const child = spawn(path.join(tests, "..", "build", variant, "tests", "web", "web_probe"),
	    ["--now", "2026-11-22T10:00:00Z"], { stdio: ["ignore", "pipe", "ignore"] });
	return new Promise((resolve) => {
		child.stdout.once("data", (data) => {
			child.stdout.resume();
			resolve({ child, base: `http://127.0.0.1:${JSON.parse(String(data)).port}` });
		});
	});
}

const pages = [
	["one", `/p/${token("open")}`], ["many", `/p/${token("many")}`], ["soon", `/p/${token("soon")}`],
	["later", `/p/${token("many")}/later`], ["parts", `/p/${token("many")}/parts`],
	["paid", `/p/${token("many")}/paid`], ["wrong", `/p/${token("many")}/wrong`],
	["help", `/p/${token("many")}/help`], ["rate", `/p/${token("many")}/rate`], ["no-day", `/p/${token("late")}/later`],
	["settled", `/p/${token("paid")}`], ["passed", `/p/${token("past")}`], ["gone", `/p/${token("gone")}`],
	["unsubscribe", `/u/${token("many")}`], ["nowhere", "/nowhere"], ["broken", `/p/${token("fail")}`],
];

async function shot(page, name) {
	if (process.env.SCREENSHOTS)
		await page.screenshot({ path: path.join(process.env.SCREENSHOTS, name + ".png"), fullPage: true });
}

/* Is it there, or soon: a busy machine paints late. */
async function heading(page, name) {
	return page.getByRole("heading", { name }).waitFor({ timeout: 10000 }).then(() => true, () => false);
}

async function axe(page) {
	const result = await page.evaluate(async (tags) => {
		const r = await window.axe.run(document, { runOnly: tags });
		return r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ") + " " +
		    (n.any[0] ? n.any[0].message : "")).join("; ")}`);
	}, TAGS);
	return result;
}

/* Wider than the window, and what is too small to press (links inside a
 * sentence are free: WCAG 2.5.8 exempts them). */
function measure(min) {
	const out = [];
	if (document.documentElement.scrollWidth > window.innerWidth)
		out.push(`scrolls sideways: ${document.documentElement.scrollWidth} > ${window.innerWidth}`);
	for (const e of document.querySelectorAll("a, button, select, textarea, input:not([type=hidden]), label.option")) {
		const r = e.getBoundingClientRect();
		const inline = e.tagName === "A" && e.closest("p:not(.back), dd") !== null;
		const radio = e.tagName === "INPUT" && e.type === "radio";
		if (r.width > 0 && r.left >= 0 && !inline && !radio && r.height < min)
			out.push(`${e.tagName} "${e.textContent.trim().slice(0, 30)}" is ${Math.round(r.height)} px high`);
	}
	return out;
}

async function looks(browser, base) {
	for (const scheme of ["light", "dark"]) {
		const context = await browser.newContext({ viewport: { width: 375, height: 740 },
		    colorScheme: scheme, deviceScaleFactor: 2, bypassCSP: true });
		const page = await context.newPage();
		await page.addInitScript(axeSource);
		for (const lang of scheme === "light" ? LANGS : ["da", "en"]) {
			for (const [name, url] of pages) {
				await page.goto(`${base}${url}?lang=${lang}`);
				const faults = await axe(page);
				ok(faults.length === 0, `axe: ${name} ${lang} ${scheme}`, faults.join("\n"));
				if (lang === "da" || name === "many")
					await shot(page, `${name}-${lang}-${scheme}`);
			}
		}
		await page.goto(`${base}/p/${token("many")}/wrong?lang=da`);
		await page.getByRole("button").click();
		const faults = await axe(page);
		ok(faults.length === 0, `axe: a form with a mistake, ${scheme}`, faults.join("\n"));
		await shot(page, `mistake-da-${scheme}`);
		await context.close();
	}
}

async function narrow(browser, base) {
	for (const width of [320, 375, 1024]) {
		const context = await browser.newContext({ viewport: { width, height: 700 } });
		const page = await context.newPage();
		for (const lang of width === 320 ? LANGS : ["da"]) {
			for (const [name, url] of pages) {
				await page.goto(`${base}${url}?lang=${lang}`);
				const faults = await page.evaluate(measure, TARGET_PX_MIN);
				ok(faults.length === 0, `${name} ${lang} at ${width} px: fits, and can be pressed`,
				    faults.join("\n"));
			}
		}
		if (width === 320 || width === 1024) {
			await page.goto(`${base}/p/${token("many")}?lang=da`);
			await shot(page, `many-${width}`);
		}
		await context.close();
	}
}

/* What a debtor without JavaScript does, by touch. */
async function withoutScript(browser, base) {
	const context = await browser.newContext({ viewport: { width: 375, height: 740 },
	    javaScriptEnabled: false, locale: "da-DK" });
	const page = await context.newPage();
	const foreign = [], complaints = [];
	page.on("request", (r) => { if (!r.url().startsWith(base)) foreign.push(r.url()); });
	/* A refused form is answered with 422, which the browser notes. */
	page.on("console", (m) => { if (!m.text().includes("status of 422")) complaints.push(m.text()); });
	const open = `${base}/p/${token("open")}`;

	await page.goto(open);
	await page.getByRole("link", { name: "Betale en anden dag" }).click();
	await page.getByLabel("Hvilken dag vil du betale?").fill("2026-12-01");
	await page.getByRole("button", { name: "Notér dagen" }).click();
	ok(await heading(page, "Noteret: Du betaler senest 1. december 2026"),
	    "another day: noted");
	await shot(page, "done-later");
	await page.getByRole("link", { name: "Tilbage til din betaling" }).first().click();
	ok((await page.locator(".note").innerText()).includes("senest 1. december 2026"), "and shown on the page");
	await shot(page, "one-promised");

	await page.goto(open);
	await page.getByRole("link", { name: "Noget er forkert" }).click();
	await page.getByRole("button", { name: "Fortsæt" }).click();
	ok((await page.title()).startsWith("Fejl: "), "a missing reason: the title says so");
	await page.getByLabel("Beløbet er forkert").check();
	await page.getByLabel("Hvad er der sket?").fill("Jeg aftalte 199 kr.\nSe kontrakten.");
	await page.getByRole("button", { name: "Fortsæt" }).click();
	ok((await page.locator(".said").innerText()).includes("199 kr.\nSe"), "the claim is shown for checking");
	await shot(page, "wrong-check");
	await page.getByRole("button", { name: "Ret det" }).click();
	ok(await page.getByLabel("Beløbet er forkert").isChecked(), "it can be changed, nothing is lost");
	await page.getByRole("button", { name: "Fortsæt" }).click();
	await page.getByRole("button", { name: "Send det" }).click();
	ok(await heading(page, "Tak, fordi du siger til"), "and sent");
	await shot(page, "done-wrong");
	await page.getByRole("button", { name: "Send svaret" }).click();
	ok((await page.locator("#rating-wrong").innerText()).includes("Vælg et svar"),
	    "how it was: without an answer it asks once more");
	await page.getByLabel("Meget godt").check();
	await page.getByRole("button", { name: "Send svaret" }).click();
	ok(await heading(page, "Tak for dit svar"), "and says thank you");
	await shot(page, "rated");

	for (const [link, button, title] of [
		["Jeg har betalt", "Fortæl os, at det er betalt", "Tak, vi leder efter din betaling"],
		["Betale i rater", "Send dit ønske", "Vi har fået dit ønske om at betale i rater"],
		["Jeg har brug for hjælp", "Bed om hjælp", "Vi kontakter dig"]]) {
		await page.goto(open);
		await page.getByRole("link", { name: link }).click();
		await page.getByRole("button", { name: button }).click();
		ok(await heading(page, title), `${link}: done`);
	}
	await page.goto(`${base}/u/${token("open")}`);
	await page.getByRole("button").click();
	ok(await heading(page, "ikke flere påmindelser på e-mail"),
	    "unsubscribed by the button");
	await page.goto(open);
	await page.getByRole("link", { name: "English" }).click();
	ok((await page.title()).startsWith("Your payment to"), "the language can be switched");
	ok(foreign.length === 0, "nothing is asked of another host", foreign.join("\n"));
	ok(complaints.length === 0, "the browser has nothing to complain of", complaints.join("\n"));
	ok((await context.cookies()).length === 0, "no cookies");
	await context.close();
}

async function byKeyboard(browser, base) {
	const context = await browser.newContext({ viewport: { width: 375, height: 740 } });
	const page = await context.newPage();
	await page.goto(`${base}/p/${token("open")}/help?lang=en`);
	const seen = [];
	for (let i = 0; i < 8; i++) {
		await page.keyboard.press("Tab");
		seen.push(await page.evaluate(() => {
			const e = document.activeElement, s = getComputedStyle(e);
			return `${e.textContent.trim().slice(0, 24) || e.id} ${s.outlineStyle} ${s.outlineWidth}`;
		}));
	}
	ok(seen[0].startsWith("Skip to the content"), "the first stop skips to the content", seen.join("\n"));
	ok(seen.slice(0, 5).every((s) => s.endsWith("solid 3px")), "every stop can be seen", seen.join("\n"));
	await page.goto(`${base}/p/${token("open")}/wrong?lang=en`);
	await page.getByRole("button", { name: "Continue" }).press("Enter");
	await page.locator(".summary:focus").waitFor({ timeout: 10000 }).catch(() => {});
	ok(await page.evaluate(() => document.activeElement.className) === "summary",
	    "after a mistake the summary has the focus");
	await page.keyboard.press("Tab");
	await page.keyboard.press("Enter");
	await page.waitForURL("**#reason", { timeout: 10000 }).catch(() => {});
	ok(page.url().endsWith("#reason"), "its link leads to the field");
	await context.close();
}

async function main() {
	const { child, base } = await probeStart();
	const profile = fs.mkdtempSync(path.join(os.tmpdir(), "purr-chromium-"));
	const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true,
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		    "--disable-background-networking", "--disable-component-update", "--disable-sync",
		    `--crash-dumps-dir=${profile}`] });
	try {
		await looks(browser, base);
		await narrow(browser, base);
		await withoutScript(browser, base);
		await byKeyboard(browser, base);
	} catch (e) {
		ok(false, "the test went through", e.stack);
	} finally {
		await browser.close();
		child.kill("SIGTERM");
		fs.rmSync(profile, { recursive: true, force: true });
	}
	console.log(`1..${count}`);
	process.exit(failed ? 1 : 0);
}

main();
