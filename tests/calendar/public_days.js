// public_days.js FIRST LAST PLACE...: the public holidays that the npm package
// date-holidays knows, as JSON: {place: [date, ...]}; a place is US or DE-BY.
'use strict'
const Holidays = require('date-holidays')

const [first, last, ...places] = process.argv.slice(2)
const found = {}
for (const place of places) {
  const days = new Set()
  const list = new Holidays(...place.split('-'))
  for (let year = Number(first); year <= Number(last); year++) {
    for (const day of list.getHolidays(year)) {
      if (day.type === 'public') days.add(day.date.slice(0, 10))
    }
  }
  found[place] = [...days].sort()
}
process.stdout.write(JSON.stringify(found))
