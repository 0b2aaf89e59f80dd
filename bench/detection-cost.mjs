// What baselines cost per event: counting it into its session's profile, the facts that rules may
// ask of it, and its share of its session's score. A role's baseline is made once a day: not here.
import { defaultMemory } from "../dist/baselines/baseline.js";
import { bucketOf } from "../dist/baselines/day-bucket.js";
import { deviationOf } from "../dist/baselines/deviation.js";
import { levelsAsOf } from "../dist/baselines/levels.js";
import { surpriseOf } from "../dist/baselines/surprise.js";
import { hourOfWeek, traitsOf } from "../dist/baselines/traits.js";
import { profileOf } from "../dist/sessions/profile-tally.js";
import process from "node:process";
import { honestEvents, honestDays, seasonOf } from "./detection-season.mjs";

const budget = { alertsPerWeek: 1 };

/** Microseconds of processor time per event: a quarter of the rounds take less. */
export function microsecondsPerEvent(rounds = 51) {
  const season = seasonOf("cost", 30);
  const pasts = new Map();
  for (const [day, sessions] of honestDays(season)) {
    for (const { key, subject } of sessions) {
      if (!pasts.has(key)) pasts.set(key, { subject, days: new Map(), from: null });
    }
    for (const [key, past] of pasts) {
      const own = sessions.filter((each) => each.key === key);
      past.days.set(day, bucketOf(own.map((each) => ({ ...each, score: 1, scoreAbove: 1 }))));
    }
  }
  const day = season.firstDay + season.days;
  const groups = honestEvents(season, day - 3);
  const count = groups.reduce((sum, { events }) => sum + events.length, 0);
  const times = [];
  const levels = levelsAsOf([...pasts.values()], day, { memory: defaultMemory });
  for (const { subject } of groups) levels(subject);
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    for (const { events, subject, id } of groups) {
      const traits = traitsOf(profileOf(events));
      const { baseline } = deviationOf({ id, traits }, levels(subject), budget);
      for (const event of events) facts(baseline, event);
    }
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / count);
  }
  return times.sort((a, b) => a - b)[rounds >> 2];
}

function facts(baseline, { operation, service, region, network, userAgent, access, at }) {
  surpriseOf(baseline, "operation", operation);
  surpriseOf(baseline, "service", service);
  surpriseOf(baseline, "access", access);
  surpriseOf(baseline, "region", region);
  surpriseOf(baseline, "network", `${network.kind} ${network.name}`);
  surpriseOf(baseline, "userAgent", `${userAgent.family}/${userAgent.os ?? ""}`);
  surpriseOf(baseline, "hour", String(hourOfWeek(Math.floor(at / 60_000))));
}
