import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** How metrics of one registry are made: name, labels, and what it means. */
export function makers(registry: Registry) {
  const registers = [registry];
  return {
    counter: <T extends string>(name: string, labelNames: readonly T[], help: string) =>
      new Counter({ name, help, labelNames, registers }),
    gauge: <T extends string>(name: string, labelNames: readonly T[], help: string) =>
      new Gauge({ name, help, labelNames, registers }),
    histogram: <T extends string>(
      name: string,
      { labels, buckets }: { readonly labels: readonly T[]; readonly buckets: readonly number[] },
      help: string,
    ) => new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers }),
  };
}
