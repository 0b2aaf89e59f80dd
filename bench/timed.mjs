import { performance } from "node:perf_hooks";
import process from "node:process";

/** Wall and processor seconds of some work, and how many records it met. */
export async function timed(work) {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const records = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6, records };
}
