// What baselines and facts cost per event: four weeks of the simulated company, judged day by day.
//   npm run bench:baselines -- [--scale 1] [--days 28] [--rounds 3]
import console from "node:console";
import process from "node:process";
import { parseArgs } from "node:util";
import { rulesAt } from "../dist/app.js";
import { defaultMemory } from "../dist/baselines/baseline.js";
import { bytesOf, digestOf, textOf } from "../dist/baselines/bucket-bytes.js";
import { Chronicles } from "../dist/baselines/chronicles.js";
import { comparedOf, contributionOf, placeOf } from "../dist/baselines/compared.js";
import { contributionText } from "../dist/baselines/contribution-text.js";
import { bucketOf } from "../dist/baselines/day-bucket.js";
import { levelsAsOf } from "../dist/baselines/levels.js";
import { sightOf } from "../dist/baselines/sight.js";
import { subjectKey } from "../dist/baselines/subject.js";
import { Config } from "../dist/config/schema.js";
import { iamAccessLevels } from "../dist/events/access-levels.js";
import { createNormaliser } from "../dist/events/normalise.js";
import { factReader } from "../dist/facts/catalogue.js";
import { Candidates } from "../dist/findings/candidates.js";
import { factContext, GroupJudge } from "../dist/findings/judge.js";
import { SessionProfiles } from "../dist/judging/session-profiles.js";
import { stateOf } from "../dist/sessions/accumulate.js";
import { sessionsOf } from "../dist/sessions/derive.js";
import { groupKey } from "../dist/sessions/group.js";
import { noTasks } from "../dist/sessions/task-tie.js";
import { matchingConfig } from "../dist/simulation/matching-config.js";
import { simulate } from "../dist/simulation/simulate.js";
import { Verdicts } from "./verdicts.mjs";

const { values: options } = parseArgs({
  options: {
    scale: { type: "string", default: "1" },
    days: { type: "string", default: "28" },
    rounds: { type: "string", default: "3" },
  },
});
/** Microseconds of processor time per event, facts and baselines together. */
const microsecondsMax = 5;
/** Told, but not counted: what rules do with facts is theirs. */
const rulesPart = "(rules, with the facts they ask for)";

const config = Config.parse(matchingConfig());
const rules = await rulesAt({}, config);
const context = {
  config, asOf: Infinity, issuedBy: () => null, useCountOf: () => 0, isTwinJudged: () => true,
};
const factsOf = factReader();
const days = byDay(groupsOf());
const eventCount = [...days.values()].flat().reduce((sum, { events }) => sum + events.length, 0);
console.log(`${eventCount} events of ${[...days.values()].flat().length} groups, ` +
  `${days.size} days.`);
const asked = factsAsked();
const rounds = Array.from({ length: Number(options.rounds) }, judgeAll);
const best = rounds.reduce((a, b) => (total(a) < total(b) ? a : b));
for (const [what, ms] of Object.entries(best)) {
  console.log(`  ${((ms * 1000) / eventCount).toFixed(2).padStart(6)} us an event: ${what}`);
}
const verdicts = new Verdicts();
const each = (total(best) * 1000) / eventCount;
verdicts.met(`${each.toFixed(2)} us an event, at most ${microsecondsMax}`, each <= microsecondsMax);
verdicts.conclude();

function total(parts) {
  return Object.entries(parts).reduce((sum, [what, ms]) => sum + (what === rulesPart ? 0 : ms), 0);
}

/** Milliseconds of processor time, garbage collection included, by part. */
function judgeAll() {
  const spent = {};
  const timed = (what, work) => {
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    spent[what] = (spent[what] ?? 0) + (user + system) / 1000;
    return result;
  };
  const chronicles = new Chronicles();
  const pasts = new Map();
  for (const [day, groups] of days) {
    const levels = timed("baselines as of each day", () =>
      levelsOf(groups, day, { pasts, chronicles }));
    const compared = some(groups).flatMap((these) => {
      const profiles = timed("profiles of sessions", () => these.map(profilesOf));
      const each = timed("comparison of sessions", () =>
        these.map((group, i) => comparisons(group, profiles[i], levels)));
      timed("facts that rules ask for", () => {
        these.forEach((group, i) => { ask(group, each[i]); });
      });
      timed(rulesPart, () => { these.forEach((group, i) => { judge(group, each[i]); }); });
      return each;
    });
    timed("learning", () => { learn(pasts, day, compared); });
  }
  return spent;
}

/** Groups are judged one after the other; a few are timed together, to ask for the time seldom. */
function some(groups) {
  return Array.from({ length: Math.ceil(groups.length / 16) }, (_, i) =>
    groups.slice(i * 16, (i + 1) * 16));
}

function levelsOf(groups, day, { pasts, chronicles }) {
  const levels = levelsAsOf(inWindow(pasts, day), day, { memory: defaultMemory, chronicles });
  for (const { place } of groups) if (place !== null) levels(place.subject);
  return levels;
}

function profilesOf({ split, events }) {
  const profiles = new SessionProfiles();
  for (const event of events) profiles.note(split, event);
  return profiles;
}

function ask(group, compared) {
  const of = { ...group.split, compared };
  const names = asked.get(group);
  for (const [n, event] of group.events.entries()) {
    const fact = factsOf(factContext(event, of, context));
    for (const name of names[n]) fact(name);
  }
}

function judge({ split, events }, compared) {
  const judging = new GroupJudge({ ...split, compared }, rules);
  for (const event of events) judging.add(event, context);
}

/** What judging asks for of each event, once and for all: a list, of which there are a hundred. */
function factsAsked() {
  const pasts = new Map();
  const chronicles = new Chronicles();
  const lists = new Map();
  const found = new Map();
  for (const [day, groups] of days) {
    const levels = levelsOf(groups, day, { pasts, chronicles });
    const compared = groups.map((group) => {
      const own = comparisons(group, profilesOf(group), levels);
      found.set(group, namesOf(group, own).map((names) => {
        const key = names.join();
        if (!lists.has(key)) lists.set(key, names);
        return lists.get(key);
      }));
      return own;
    });
    learn(pasts, day, compared);
  }
  return found;
}

/** The names of the facts that judging asks for, of each event; those of gates with the first. */
function namesOf({ split, events }, compared) {
  const of = { ...split, compared };
  const candidates = new Candidates(of, rules);
  return events.map((event) => {
    const names = new Set();
    const facts = factContext(event, of, context);
    const fact = factsOf(facts);
    const subject = {
      record: event.record, fact: (name) => { names.add(name); return fact(name); },
    };
    const open = candidates.open(candidates.of(event), facts, subject);
    for (const detection of open) detection.matches(subject);
    return [...names];
  });
}

function comparisons({ split }, profiles, levelsOf) {
  const budget = { alertsPerWeek: 1 };
  return new Map(split.sessions.flatMap((session) => {
    const place = placeOf(session);
    if (place === null) return [];
    const levels = levelsOf(place.subject);
    const profile = profiles.of(session.id);
    const compared = comparedOf({ session, profile }, place, { levels, budget });
    sightOf(compared);
    contributionText(contributionOf(compared));
    return [[session.id, compared]];
  }));
}

function inWindow(pasts, day) {
  return [...pasts.values()].map((past) => ({
    ...past,
    days: new Map([...past.days].filter(([each]) => each >= day - defaultMemory.windowDays)),
  }));
}

function learn(pasts, day, compared) {
  const bySubject = new Map();
  for (const one of compared.flatMap((some) => [...some.values()])) {
    const key = subjectKey(one.subject);
    bySubject.set(key, [...(bySubject.get(key) ?? []), one]);
  }
  for (const [key, some] of bySubject) {
    const bucket = bucketOf(some.map(contributionOf));
    const text = textOf(bucket);
    digestOf(text);
    bytesOf(text);
    const past = pasts.get(key) ?? { subject: some[0].subject, days: new Map(), from: null };
    past.days.set(day, bucket);
    pasts.set(key, past);
  }
}

function groupsOf() {
  const normalise = createNormaliser(iamAccessLevels());
  const groups = new Map();
  const startAt = Date.UTC(2026, 2, 2);
  const simulation = { seed: "cost", startAt, days: Number(options.days) };
  for (const file of simulate({ ...simulation, scale: Number(options.scale) })) {
    for (const event of eventsIn(file.records, normalise)) {
      const key = groupKey(event);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, new Map([[event.key, event]]));
      else known.set(event.key, event);
    }
  }
  return [...groups].map(([key, events]) => groupOf(key, [...events.values()]));
}

function eventsIn(records, normalise) {
  return records.flatMap((record) => {
    const outcome = normalise(record);
    return "event" in outcome ? [outcome.event] : [];
  });
}

function groupOf(key, events) {
  const group = stateOf(key, events);
  const alone = { config, issuances: [], ancestors: new Map(), tasks: noTasks };
  const sessions = sessionsOf(group, alone);
  const place = sessions.map(placeOf).find((each) => each !== null) ?? null;
  return { split: { group, sessions }, events, place };
}

function byDay(groups) {
  const byDays = new Map();
  for (const group of groups.sort((a, b) => a.split.group.firstAt - b.split.group.firstAt)) {
    const day = Math.floor(group.split.group.firstAt / 86_400_000);
    byDays.set(day, [...(byDays.get(day) ?? []), group]);
  }
  return byDays;
}
