// smpp_centre.js - an SMS centre for tests, by the npm package smpp.
//
// usage: node smpp_centre.js PORT FILE [--refuse | --by-number]
// Takes binds and submits; each submit_sm is appended to FILE as a JSON line
// (texts in hex: the judge decodes them).  --refuse answers each submit with
// ESME_RINVDSTADR; --by-number does so for numbers that end in 9, and reports those
// that end in 8 as undelivered.  A delivery report is sent when one was asked for.
// Each new line of FILE.says, {"from", "to", "text", "ucs2"}, is a message from a
// telephone to whoever is bound.
"use strict";
const fs = require("fs");
const smpp = require("smpp");

const [port, file] = process.argv.slice(2);
const refuseAll = process.argv.includes("--refuse");
const byNumber = process.argv.includes("--by-number");
const sessions = new Set();
let count = 0, said = 0;

function refuses(number) {
	return refuseAll || (byNumber && number.endsWith("9"));
}

function stateOf(number) {
	return byNumber && number.endsWith("8") ? "UNDELIV" : "DELIVRD";
}

setInterval(() => {
	if (!fs.existsSync(file + ".says"))
		return;
	const lines = fs.readFileSync(file + ".says", "utf8").split("\n").slice(0, -1);
	for (; said < lines.length; said++) {
		const one = JSON.parse(lines[said]);
		const text = one.ucs2 ? Buffer.from(one.text, "utf16le").swap16() : one.text;
		for (const session of sessions)
			session.deliver_sm({ source_addr: one.from, destination_addr: one.to,
				data_coding: one.ucs2 ? 8 : 0, short_message: text });
	}
}, 100);

const server = smpp.createServer((session) => {
	session.on("error", () => {});
	session.on("close", () => sessions.delete(session));
	sessions.add(session);
	for (const bind of ["bind_transceiver", "bind_receiver", "bind_transmitter"])
		session.on(bind, (pdu) => session.send(pdu.response()));
	session.on("enquire_link", (pdu) => session.send(pdu.response()));
	session.on("unbind", (pdu) => {
		session.send(pdu.response());
		session.close();
	});
	session.on("submit_sm", (pdu) => {
		const message = pdu.short_message || {};
		const body = Buffer.isBuffer(message) ? message : message.message;
		const id = "m" + (++count);
		fs.appendFileSync(file, JSON.stringify({
			id, to: pdu.destination_addr, from: pdu.source_addr,
			data_coding: pdu.data_coding, esm_class: pdu.esm_class,
			validity: pdu.validity_period, report: pdu.registered_delivery,
			udh: message.udh ? message.udh.map((b) => b.toString("hex")) : [],
			body: typeof body === "string" ? body : null,
			hex: Buffer.isBuffer(body) ? body.toString("hex") : null,
		}) + "\n");
		if (refuses(pdu.destination_addr)) {
			session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
			return;
		}
		session.send(pdu.response({ message_id: id }));
		if (pdu.registered_delivery) {
			session.deliver_sm({
				source_addr: pdu.destination_addr, destination_addr: pdu.source_addr,
				esm_class: 4,
				short_message: `id:${id} sub:001 dlvrd:001 submit date:2611221200 ` +
				    `done date:2611221200 stat:${stateOf(pdu.destination_addr)} err:000 text:`,
			});
		}
	});
});
server.listen(Number(port), "127.0.0.1");
