// twilio_sdk.js - the provider's own library, asked one question: what it would send for
// a message (send) or to list those to a number (list), how it signs a call of its own (sign); and a token as GatewayAPI signs it (token).  A line of JSON in, one out.
"use strict";
const twilio = require("../node_modules/twilio");
const jsonwebtoken = require("../node_modules/jsonwebtoken");

async function send(ask) {
	let asked = null;
	const httpClient = { request: (options) => {
		asked = options;
		return Promise.resolve({ statusCode: 201, body: { sid: "SM1" } });
	} };
	await twilio(ask.user, ask.password, { httpClient }).messages.create(ask.message);
	return { method: asked.method.toUpperCase(), path: new URL(asked.uri).pathname,
		user: asked.username, password: asked.password, form: asked.data };
}

/* What it asks for when it lists, and how it reads the answer. */
async function list(ask) {
	let asked = null;
	const httpClient = { request: (options) => {
		asked = options;
		return Promise.resolve({ statusCode: 200, body: ask.answer });
	} };
	const found = await twilio(ask.user, ask.password, { httpClient }).messages.list(ask.filter);
	return { method: asked.method.toUpperCase(), path: new URL(asked.uri).pathname,
		user: asked.username, password: asked.password, query: asked.params,
		read: found.map((m) => ({ sid: m.sid, body: m.body, status: m.status,
			made_at: Math.floor(m.dateCreated.getTime() / 1000) })) };
}

const answers = {
	send,
	list,
	sign: async (ask) => twilio.getExpectedTwilioSignature(ask.token, ask.url, ask.form),
	token: async (ask) => jsonwebtoken.sign(ask.claims, ask.secret,
		{ algorithm: ask.algorithm, noTimestamp: true }),
};

(async () => {
	for await (const line of require("readline").createInterface({ input: process.stdin })) {
		const ask = JSON.parse(line);

		console.log(JSON.stringify(await answers[ask.what](ask)));
	}
})();
