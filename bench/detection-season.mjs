// One simulated season as sessions with their traits, in order of the days they began on.
import { subjectKey, subjectOf, voiceOf } from "../dist/baselines/subject.js";
import { traitsOf } from "../dist/baselines/traits.js";
import { Config } from "../dist/config/schema.js";
import { iamAccessLevels } from "../dist/events/access-levels.js";
import { createNormaliser } from "../dist/events/normalise.js";
import { stateOf } from "../dist/sessions/accumulate.js";
import { sessionsOf } from "../dist/sessions/derive.js";
import { sessionFor } from "../dist/sessions/find.js";
import { groupKey } from "../dist/sessions/group.js";
import { profileOf } from "../dist/sessions/profile-tally.js";
import { noTasks } from "../dist/sessions/task-tie.js";
import { profiles } from "../dist/simulation/agents/profiles.js";
import { matchingConfig } from "../dist/simulation/matching-config.js";
import { agentDay } from "../dist/simulation/months/agent-months.js";
import { playAttack } from "../dist/simulation/months/attack.js";
import { attackKinds } from "../dist/simulation/months/attack-kinds.js";
import { workdayOf } from "../dist/simulation/months/season.js";
import { stream } from "../dist/simulation/random.js";
import { createWorld } from "../dist/simulation/world.js";

export const dayMs = 86_400_000;
/** A Monday. */
const startAt = Date.UTC(2026, 0, 5);
const config = Config.parse(matchingConfig());
const normalise = createNormaliser(iamAccessLevels());

export function seasonOf(seed, days) {
  const world = createWorld(seed);
  return { world, season: { seed, firstDay: startAt, days }, firstDay: startAt / dayMs, days };
}

/** The honest sessions that began on each day: `[day, sessions]`. */
export function* honestDays({ world, season, firstDay, days }) {
  const open = new Map();
  for (let day = firstDay; day <= firstDay + days; day += 1) {
    if (day < firstDay + days) {
      for (const task of agentDay(world, season, day * dayMs)) gather(open, task);
    }
    const due = [...open].filter(([, events]) => dayOf(first(events)) < day);
    for (const [key] of due) open.delete(key);
    if (day > firstDay) yield [day - 1, due.flatMap(([key, events]) => sessionsIn(key, events))];
  }
}

/** The events of sessions that began on a day, with whose they are. */
export function honestEvents({ world, season }, day) {
  const groups = new Map();
  for (const task of agentDay(world, season, day * dayMs)) gather(groups, task);
  return [...groups].flatMap(([key, events]) => {
    const sessions = sessionsIn(key, events);
    return sessions.length === 1 ? [{ ...sessions[0], events }] : [];
  });
}

/** Attacks on a role that is at work on a day: `{kind, profile, parts: [{day, session, telling}]}`. */
export function attacksOn({ world, season }, day, count) {
  const attacks = [];
  for (const kind of attackKinds) {
    for (let i = 0; i < count; i += 1) {
      const random = stream(season.seed, "attack", kind.id, day, i);
      const usual = random.pick(profiles);
      const home = random.pick(usual.homes);
      const parts = [];
      for (let part = 0; part < (kind.days ?? 1); part += 1) {
        const dayAt = (day + part) * dayMs;
        const workday = workdayOf(season, { ...usual, homes: [home] }, dayAt);
        if (workday === null) continue;
        const of = stream(season.seed, "attack", kind.id, day, i, part);
        const played = playAttack(kind, { world, profile: workday.profile, random: of, dayAt, part });
        const told = new Set(played.telling.map(({ eventId }) => eventId));
        const groups = gather(new Map(), played.events);
        for (const [key, events] of groups) {
          if (!events.some(({ id }) => told.has(id))) continue;
          for (const session of sessionsIn(key, events)) parts.push({ session, events, told });
        }
      }
      if (parts.length > 0) attacks.push({ kind, parts });
    }
  }
  return attacks;
}

function gather(groups, logged) {
  for (const { record } of logged) {
    const outcome = normalise(record);
    if (!("event" in outcome)) continue;
    const key = groupKey(outcome.event);
    const events = groups.get(key);
    if (events === undefined) groups.set(key, [outcome.event]);
    else events.push(outcome.event);
  }
  return groups;
}

function first(events) {
  return events.reduce((least, { at }) => Math.min(least, at), Infinity);
}

function dayOf(at) {
  return Math.floor(at / dayMs);
}

function sessionsIn(key, events) {
  const state = stateOf(key, events);
  const context = { issuances: [], config, ancestors: new Map(), tasks: noTasks };
  const sessions = sessionsOf(state, context);
  return sessions.flatMap((session) => {
    const subject = subjectOf(session);
    if (subject === null) return [];
    const own = events.filter((event) => sessionFor(state, sessions, event)?.session === session);
    if (own.length === 0) return [];
    const traits = traitsOf(profileOf(own));
    return [{
      id: session.id,
      subject,
      key: subjectKey(subject),
      voice: voiceOf(session),
      day: dayOf(first(own)),
      at: first(own),
      traits,
    }];
  });
}

/** The traits of an attack's session after so many of its events. */
export function traitsAfter(events, count) {
  return traitsOf(profileOf(events.slice(0, count)));
}
