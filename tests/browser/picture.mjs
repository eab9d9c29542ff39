#!/usr/bin/env node
/* picture.mjs - takes the README's picture: the page that a debtor opens.
 *
 *   node tests/browser/picture.mjs PURR OUT.png
 *
 * It makes a small workspace from tests/data/invoices.csv, sends to files,
 * opens the link that stands in the first message, and takes the page as it is
 * at phone width.  `make picture` calls it, so that the picture stays true.
 */
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const [purr, out] = process.argv.slice(2);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "purr-picture-"));
const NOW = "2026-09-22T10:00:00Z";
const run = (...args) => execFileSync(purr, [...args, "-C", dir], { stdio: ["ignore", "ignore", "inherit"] });

function firstLink() {
	const mails = path.join(dir, "outbox", "mail", "new");
	const text = fs.readFileSync(path.join(mails, fs.readdirSync(mails).sort()[0]), "utf8");
	return text.replace(/=\r?\n/g, "").match(/\/p\/[A-Za-z0-9_-]{22}/)[0];
}

function serve() {
	const child = spawn(purr, ["serve", "-C", dir, "--listen", "127.0.0.1:0", "--at", NOW],
	    { stdio: ["ignore", "pipe", "ignore"] });
	return new Promise((resolve, reject) => {
		child.once("exit", () => reject(new Error("purr serve ended")));
		child.stdout.once("data", (data) =>
			resolve({ child, base: String(data).match(/http:\/\/[0-9.]+:[0-9]+/)[0] }));
	});
}

run("init");
run("import", "invoices", "tests/data/invoices.csv", "--map", "tests/data/invoices.profile.json",
    "--at", "2026-09-10T10:00:00Z");
run("run", "--at", "2026-09-21T10:00:00Z");
const { child, base } = await serve();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
	args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	    "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
const page = await browser.newPage({ viewport: { width: 390, height: 920 }, deviceScaleFactor: 1.5,
	javaScriptEnabled: false });
await page.goto(base + firstLink() + "?lang=en");
await page.screenshot({ path: out });
await browser.close();
child.removeAllListeners("exit");
child.kill("SIGTERM");
fs.rmSync(dir, { recursive: true });
