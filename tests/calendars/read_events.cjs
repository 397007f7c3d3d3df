// Prints the events of a calendar file as ical.js reads them, in UTC.
const fs = require("fs");
const path = require("path");
const ICAL = require(path.join(__dirname, "..", "vendor", "ical.cjs"));

const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(process.argv[2], "utf8")));
calendar.getAllSubcomponents("vtimezone").forEach((zone) => ICAL.TimezoneService.register(zone));
const utc = (time) => new Date(time.toUnixTime() * 1000).toISOString().replace(".000Z", "+00:00");
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    start: utc(event.startDate),
    end: utc(event.endDate),
    summary: event.summary,
    description: event.description,
    status: component.getFirstPropertyValue("status"),
    url: component.getFirstPropertyValue("url") || "",
  };
});
process.stdout.write(JSON.stringify(events));
