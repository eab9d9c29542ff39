// schema_judge.js SCHEMA - one JSON document per line in; per line out: what
// ajv says against the schema, null when the document holds.
"use strict";
const fs = require("fs");
const readline = require("readline");
const Ajv = require("../node_modules/ajv/dist/2020").default;

const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false });
const valid = ajv.compile(JSON.parse(fs.readFileSync(process.argv[2], "utf8")));
readline.createInterface({ input: process.stdin }).on("line", line => {
	const holds = valid(JSON.parse(line));
	process.stdout.write(JSON.stringify(holds ? null : ajv.errorsText(valid.errors)) + "\n");
});
