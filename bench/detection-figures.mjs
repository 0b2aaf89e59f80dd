// What a judged season comes to.

/** Of sessions of roles that are mature: how often they were alerted on without cause. */
export function falseAlerts(honest) {
  const mature = honest.filter(isMature);
  const weeks = new Set(mature.map(({ key, day }) => `${key} ${Math.floor(day / 7)}`)).size;
  const count = mature.filter(({ isUnusual }) => isUnusual).length;
  return { weeks, count, perWeek: count / weeks };
}

export function isMature({ confidence }) {
  return confidence !== "low";
}

/** Kolmogorov and Smirnov's distance of p-values from uniform ones. */
export function distanceFromUniform(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.reduce((most, p, i) =>
    Math.max(most, (i + 1) / sorted.length - p, p - i / sorted.length), 0);
}

/**
 * A peer's recall, were its threshold such that it gives as many false alerts: of those that are
 * on the threshold as many as there is room for, by lot.
 */
export function recallOfPeer(index, { honest, attacks, falseCount }) {
  const scores = honest.map(({ scores }) => scores[index]).sort((a, b) => b - a);
  const threshold = scores[falseCount] ?? -Infinity;
  const beyond = scores.filter((score) => score > threshold).length;
  const on = scores.filter((score) => score === threshold).length;
  const luck = (falseCount - beyond) / on;
  const found = attacks.reduce((sum, { scores: own }) =>
    sum + (own[index] > threshold ? 1 : own[index] === threshold ? luck : 0), 0);
  return found / attacks.length;
}

export function recall(attacks) {
  return attacks.filter(({ isUnusual }) => isUnusual).length / attacks.length;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)];
}
