// twilio_sdk.js - the provider's own library, asked one question: what it would send for
// a message (send), how it signs a call of ours (sign), whether it believes one
// (believe); and a token as GatewayAPI signs it (token).  JSON in, JSON out.
"use strict";
const twilio = require("../node_modules/twilio");
const jsonwebtoken = require("../node_modules/jsonwebtoken");

const ask = JSON.parse(require("fs").readFileSync(0, "utf8"));

async function send() {
	let asked = null;
	const httpClient = { request: (options) => {
		asked = options;
		return Promise.resolve({ statusCode: 201, body: { sid: "SM1" } });
	} };
	await twilio(ask.user, ask.password, { httpClient }).messages.create(ask.message);
	return { method: asked.method.toUpperCase(), path: new URL(asked.uri).pathname,
		user: asked.username, password: asked.password, form: asked.data };
}

const answers = {
	send,
	sign: async () => twilio.getExpectedTwilioSignature(ask.token, ask.url, ask.form),
	believe: async () => twilio.validateRequest(ask.token, ask.signature, ask.url, ask.form),
	token: async () => jsonwebtoken.sign(ask.claims, ask.secret,
		{ algorithm: ask.algorithm, noTimestamp: true }),
};

answers[ask.what]().then((answer) => console.log(JSON.stringify(answer)));
