// phone_twin.js - compares base/phone.cc with libphonenumber-js (newer
// metadata, other code) on numbers drawn at random; prints TAP.
//
// Use: node tests/unit/base/phone_twin.js [COUNT] [TEST_PHONE_PROGRAM]
// Where both see a possible number, both must give the same E.164 form.
// Validity may differ: ranges are given out after the older metadata was made.
'use strict';
const path = require('path');
const { execFileSync } = require('child_process');
const lib = require(path.join(__dirname, '../../node_modules/libphonenumber-js/max'));

const count = Number(process.argv[2] || 20000);
const program = process.argv[3] || 'build/release/tests/unit/base/test_phone';
const regions = ['DK', 'NO', 'SE', 'FI', 'DE', 'GB', 'US', 'NL', 'PL', 'FO', 'GL'];

let seed = 20261122;
function draw(n) {			// a small linear congruential generator
	seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
	return Math.floor(seed / 65536) % n;
}
function digits(n) {
	let out = '';
	for (let i = 0; i < n; i++)
		out += draw(10);
	return out;
}

const lines = [];
for (let i = 0; i < count; i++) {
	const region = regions[draw(regions.length)];
	const head = ['', '', '0', '+', '+' + lib.getCountryCallingCode(region), '00'][draw(6)];
	let text = digits(5 + draw(7));
	if (draw(2))
		text = text.replace(/(..)/g, '$1 ').trim();
	lines.push(region + '\t' + head + text);
}
const answers = execFileSync(program, ['--dump'], { input: lines.join('\n') + '\n' })
	.toString().trim().split('\n');

let both = 0, differ = 0, ours = 0, theirs = 0, validity = 0;
const shown = [];
lines.forEach((line, i) => {
	const [region, text] = line.split('\t');
	const mine = answers[i] === '-' ? null : answers[i].split(' ');
	let other = null;
	try {
		other = lib.parsePhoneNumberWithError(text, region);
		if (!other.isPossible())
			other = null;
	} catch (e) {
		other = null;
	}
	if (mine && other) {
		both++;
		if (mine[0] !== other.number) {
			differ++;
			shown.push(`${region} ${text}: ours ${mine[0]}, theirs ${other.number}`);
		}
		validity += (mine[1] === 'valid') !== other.isValid();
	} else if (mine) {
		ours++;
		shown.push(`${region} ${text}: only ours: ${mine[0]}`);
	} else if (other) {
		theirs++;
		shown.push(`${region} ${text}: only theirs: ${other.number}`);
	}
});
const passed = [answers.length === lines.length, both > count / 20, differ === 0,
	(ours + theirs) < both / 50];
console.log(`1..${passed.length}`);
console.log(`${passed[0] ? '' : 'not '}ok 1 - an answer for each of ${count} numbers`);
console.log(`${passed[1] ? '' : 'not '}ok 2 - ${both} numbers are possible to both`);
console.log(`${passed[2] ? '' : 'not '}ok 3 - the same E.164 form for each of them (${differ} differ)`);
console.log(`${passed[3] ? '' : 'not '}ok 4 - possible to one only: ours ${ours}, theirs ${theirs}`);
console.log(`# valid to one only: ${validity} (metadata of different years)`);
shown.slice(0, 20).forEach(line => console.log('# ' + line));
process.exit(passed.every(Boolean) ? 0 : 1);
