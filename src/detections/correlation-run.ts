import type { Burst } from "./correlation-bursts.ts";
import { Correlator, withoutInstants } from "./correlation-windows.ts";
import { findingFields } from "./correlation.ts";
import type { Correlation, CorrelationFiring, Hit } from "./correlation.ts";

/** Hits of these detections, ordered by time. */
export type HitSource = (rules: readonly string[]) => AsyncIterable<readonly Hit[]>;

/**
 * Judges all correlations, each after those it is chained to, and gives their firings by name.
 *
 * @param correlations as `loadCorrelations` ordered them
 * @param known what a correlation gave before, where neither its hits nor those of any that it is
 *   chained to have changed
 */
export async function correlateAll(
  correlations: readonly Correlation[],
  hitsOf: HitSource,
  known: (correlation: Correlation) => readonly Burst[] | undefined = () => undefined,
): Promise<ReadonlyMap<string, readonly Burst[]>> {
  const bursts = new Map<string, readonly Burst[]>();
  const byName = new Map(correlations.map((correlation) => [correlation.name, correlation]));
  for (const correlation of correlations) {
    const before = known(correlation);
    if (before !== undefined) {
      bursts.set(correlation.name, before);
      continue;
    }
    const chained = correlation.chained.flatMap((name) => {
      const inner = byName.get(name);
      return inner === undefined ? [] : chainedHits(correlation, inner, bursts.get(name) ?? []);
    });
    bursts.set(
      correlation.name,
      await run(correlation, chained.sort((a, b) => a.at - b.at), hitsOf),
    );
  }
  return bursts;
}

/** The firings of those correlations that raise findings. */
export function raised(
  correlations: readonly Correlation[],
  bursts: ReadonlyMap<string, readonly Burst[]>,
): readonly CorrelationFiring[] {
  return correlations
    .filter(({ raises }) => raises)
    .flatMap(({ name }) => (bursts.get(name) ?? []).map(withoutInstants));
}

/** Merges the chained hits, which are in memory, into the stream of stored ones. */
async function run(
  correlation: Correlation,
  chained: readonly Hit[],
  hitsOf: HitSource,
): Promise<Burst[]> {
  const correlator = new Correlator(correlation);
  const detections = correlation.rules.filter((rule) => !correlation.chained.includes(rule));
  let next = 0;
  const addChainedUntil = (at: number): void => {
    for (let hit = chained[next]; hit !== undefined && hit.at <= at; hit = chained[next]) {
      correlator.add(hit);
      next += 1;
    }
  };
  if (detections.length > 0) {
    for await (const batch of hitsOf(detections)) {
      for (const hit of batch) {
        addChainedUntil(hit.at);
        correlator.add(hit);
      }
    }
  }
  addChainedUntil(Infinity);
  return correlator.finish();
}

/**
 * The firings of one correlation as hits of the next. Counting types see each firing once, at its
 * last event. Temporal types see it at every instant at which it held: a burst of failures that
 * goes on after the success it led to is still seen before it.
 */
export function chainedHits(
  outer: Correlation,
  inner: Correlation,
  bursts: readonly Burst[],
): Hit[] {
  const isTemporal = outer.type === "temporal" || outer.type === "temporal_ordered";
  return bursts.flatMap((burst) => {
    const fields = { ...findingFields(inner, burst.level), ...burst.group };
    const key = `${inner.name} ${JSON.stringify(burst.group)} ${burst.firstAt}`;
    return (isTemporal ? burst.heldAt : [burst.lastAt]).map((at) => ({
      rule: inner.name,
      eventKey: `${key} ${at}`,
      eventId: burst.eventIds[0] ?? key,
      at,
      groupKey: `correlation:${inner.name}`,
      fields,
      firing: burst,
    }));
  });
}
