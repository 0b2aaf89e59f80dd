// One season judged day by day, by the baselines and by the peers.
import { baselineOf, defaultMemory } from "../dist/baselines/baseline.js";
import { bucketOf, emptyBucket, mergeBuckets } from "../dist/baselines/day-bucket.js";
import { deviationOf } from "../dist/baselines/deviation.js";
import { levelsAsOf } from "../dist/baselines/levels.js";
import { reasonsOf } from "../dist/baselines/session-score.js";
import { attacksOn, honestDays, seasonOf, traitsAfter } from "./detection-season.mjs";
import { peers } from "./detection-peers.mjs";

const budget = { alertsPerWeek: 1 };
/** Of a season: nothing is counted before, and all is learned. */
export const learningDays = 28;

/** `{honest: [...], attacks: [...]}`: what each session and attack was given. */
export function judgeSeason(seed, { days, attackEvery, attackCount }) {
  const season = seasonOf(seed, days);
  const pasts = new Map();
  const earlier = new Map();
  const honest = [];
  const attacks = [];
  for (const [day, sessions] of honestDays(season)) {
    const levels = levelsAsOf([...pasts.values()], day, { memory: defaultMemory });
    const since = day - season.firstDay;
    const judged = sessions.map((session) => ({
      session, deviation: deviationOf(session, levels(session.subject), budget),
    }));
    for (const { session, deviation } of judged) {
      if (since < learningDays) continue;
      honest.push({ ...seen(session, deviation), scores: scoresOf(session, earlier) });
    }
    if (since >= learningDays && since % attackEvery === 0) {
      for (const attack of attacksOn(season, day, attackCount)) {
        attacks.push(judgeAttack(attack, { pasts, levels, day, earlier }));
      }
    }
    for (const { session, deviation } of judged) learn({ pasts, earlier }, session, deviation);
  }
  return { seed, honest, attacks: attacks.filter((attack) => attack !== null), days };
}

function seen({ id, key, day, traits }, { baseline, standing, confidence, score }) {
  return {
    id, key, day, confidence,
    isUnusual: standing?.isUnusual ?? false,
    standing,
    pValue: standing?.pValue ?? null,
    bits: score,
    reasons: baseline === null ? [] : reasonsOf(traits, baseline).slice(0, 3),
  };
}

function scoresOf(session, earlier) {
  return peers.map(({ score }) => score(session, earlier.get(session.key) ?? []));
}

function learn({ pasts, earlier }, session, { learned }) {
  const { key, subject, day, voice, traits } = session;
  const past = pasts.get(key) ?? { subject, days: new Map(), from: null };
  pasts.set(key, past);
  const gained = bucketOf([{ voice, traits, ...learned }]);
  past.days.set(day, mergeBuckets(past.days.get(day) ?? emptyBucket, gained));
  const list = earlier.get(key) ?? [];
  earlier.set(key, list);
  list.push(session);
}

/** Of a drip each part is learned before the next; it is found when any part is. */
function judgeAttack({ kind, parts }, { pasts, levels, day, earlier }) {
  const [{ session: { subject, key } }] = parts;
  if (!pasts.has(key)) return null;
  const given = { kind: kind.id, loudness: kind.loudness, key, day };
  let best = null;
  const own = { ...pasts.get(key), days: new Map(pasts.get(key).days) };
  const list = [...(earlier.get(key) ?? [])];
  const peerScores = peers.map(() => -Infinity);
  for (const part of parts) {
    const base = levels(subject);
    const baselines = base.own.map((each) => baselineOf([own.days],
      { asOfDay: part.session.day }, { level: each.level, above: each.above, memory: defaultMemory }));
    const all = kind.days === undefined ? base : { own: baselines, above: base.above };
    const deviation = deviationOf(part.session, all, budget);
    scoresOf(part.session, new Map([[key, list]])).forEach((score, i) => {
      peerScores[i] = Math.max(peerScores[i], score);
    });
    const result = seen(part.session, deviation);
    if (best === null || (result.isUnusual && !best.isUnusual)) {
      best = { ...result, delay: result.isUnusual ? delayOf(part, all) : null };
    }
    const gained = bucketOf([{ ...part.session, ...deviation.learned }]);
    own.days.set(part.session.day, mergeBuckets(own.days.get(part.session.day) ?? emptyBucket, gained));
    list.push(part.session);
  }
  return { ...given, ...best, scores: peerScores };
}

/** Calls of the intruder until it is found, and seconds since the first; by halving. */
function delayOf({ session, events, told }, levels) {
  const sorted = [...events].sort((a, b) => a.at - b.at);
  const isFoundAfter = (count) => {
    const traits = traitsAfter(sorted, count);
    return deviationOf({ ...session, traits }, levels, budget).standing.isUnusual;
  };
  let [low, high] = [1, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isFoundAfter(middle)) high = middle;
    else low = middle + 1;
  }
  const before = sorted.slice(0, high);
  const first = sorted.find(({ id }) => told.has(id));
  return {
    calls: before.filter(({ id }) => told.has(id)).length,
    seconds: Math.max(0, (sorted[high - 1].at - first.at) / 1000),
  };
}
