// bank_oracle.js - what libraries of the countries say of references and accounts, and the
// Finnish bar code as one of them writes it.  A line of JSON in, one out.
"use strict";
const finnish = require("../node_modules/finnish-bank-utils");
const norwegian = require("../node_modules/@ssfbank/norwegian-id-validators");
const { isValidIBAN } = require("../node_modules/ibantools");

const checks = {
	kid: (text) => norwegian.validateKid(text),
	account: (text) => norwegian.validateAccount(text),
	viite: (text) => finnish.isValidFinnishRefNumber(text),
	iban: (text) => isValidIBAN(text),
	barcode: (ask) => finnish.formatFinnishVirtualBarCode(ask),
};

(async () => {
	for await (const line of require("readline").createInterface({ input: process.stdin })) {
		const ask = JSON.parse(line);

		console.log(JSON.stringify(checks[ask.check](ask.text)));
	}
})();
