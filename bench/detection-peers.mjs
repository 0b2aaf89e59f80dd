// What others do, on the same sessions: each peer gives a session a score, by the sessions of its
// role on earlier days. Which score alerts is chosen for it, so that it gives as many false alerts.
import { stream } from "../dist/simulation/random.js";

/** `score(session, past)`: `past` are the role's earlier sessions, the oldest first. */
export const peers = [
  { name: "new terms, 10 days", score: newTerms },
  { name: "fixed thresholds", score: fixedThresholds },
  { name: "rate baseline, 7 days", score: rateBaseline },
  { name: "isolation forest, 28 days", score: isolationForest },
];

/** Values of operation, service and region that the role did not show for ten days. */
function newTerms(session, past) {
  const recent = within(past, session, 10);
  return ["operation", "service", "region"].reduce((sum, category) => {
    const seen = seenIn(recent, category);
    return sum + session.traits.values[category].filter((value) => !seen.has(value)).length;
  }, 0);
}

const seenSets = new WeakMap();

function seenIn(sessions, category) {
  const known = seenSets.get(sessions) ?? {};
  seenSets.set(sessions, known);
  known[category] ??= new Set(sessions.flatMap(({ traits }) => traits.values[category]));
  return known[category];
}

/** How far beyond any of the limits that people write down. */
const limits = {
  calls: 100, operations: 30, services: 10, denials: 5, writes: 20, deletes: 3, peakPerMinute: 20,
};
function fixedThresholds({ traits }) {
  return Math.max(...Object.entries(limits).map(([measure, limit]) => traits.numbers[measure] / limit));
}

/** Calls a minute and errors beside the week before, in standard deviations. */
function rateBaseline(session, past) {
  const recent = within(past, session, 7);
  return Math.max(...["peakPerMinute", "writes", "denials"].map((measure) => {
    const values = recent.map(({ traits }) => traits.numbers[measure]);
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const deviation = Math.sqrt(variance / Math.max(1, values.length - 1));
    return (session.traits.numbers[measure] - mean) / Math.max(0.5, deviation);
  }));
}

const windows = new WeakMap();

/** The same list for all sessions of a day, so that what is made of it is made once. */
function within(past, { day }, days) {
  const known = windows.get(past) ?? new Map();
  windows.set(past, known);
  const key = `${day} ${days}`;
  if (!known.has(key)) {
    known.set(key, past.filter((each) => each.day >= day - days && each.day < day));
  }
  return known.get(key);
}

const forests = new WeakMap();

/** Liu, Ting, Zhou: Isolation Forest, ICDM 2008: 100 trees over 256 sessions of four weeks. */
function isolationForest(session, past) {
  const recent = within(past, session, 28);
  if (recent.length < 8) return 0;
  if (!forests.has(recent)) forests.set(recent, growForest(recent.map(features)));
  const { trees, normal } = forests.get(recent);
  const own = features(session);
  const depth = trees.reduce((sum, tree) => sum + depthOf(tree, own, 0), 0) / trees.length;
  return 2 ** (-depth / normal);
}

function features({ traits, at }) {
  const { values, numbers } = traits;
  return [
    ...Object.values(numbers).map((value) => Math.log1p(value)),
    ...["region", "network", "userAgent", "error", "resource"].map((each) => values[each].length),
    (at % 86_400_000) / 3_600_000,
    traits.changes.length,
  ];
}

function growForest(points) {
  const random = stream("forest", points.length, points[0].join());
  const size = Math.min(256, points.length);
  const depthMax = Math.ceil(Math.log2(size));
  const trees = Array.from({ length: 100 }, () => {
    const sample = random.shuffle([...points]).slice(0, size);
    return grow(sample, { random, depthMax }, 0);
  });
  return { trees, normal: averageDepth(size) };
}

function grow(points, options, depth) {
  if (points.length <= 1 || depth >= options.depthMax) return { size: points.length };
  const { random } = options;
  const spread = points[0].map((_, i) => i).filter((i) =>
    points.some((point) => point[i] !== points[0][i]));
  if (spread.length === 0) return { size: points.length };
  const feature = random.pick(spread);
  const values = points.map((point) => point[feature]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const split = low + (high - low) * random.ratio();
  return {
    feature,
    split,
    left: grow(points.filter((point) => point[feature] < split), options, depth + 1),
    right: grow(points.filter((point) => point[feature] >= split), options, depth + 1),
  };
}

function depthOf(node, point, depth) {
  if (node.feature === undefined) return depth + averageDepth(node.size);
  return depthOf(point[node.feature] < node.split ? node.left : node.right, point, depth + 1);
}

function averageDepth(size) {
  return size <= 1 ? 0 : 2 * (Math.log(size - 1) + 0.5772) - (2 * (size - 1)) / size;
}
