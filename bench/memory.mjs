// One scan in a process of its own, for its peak memory: node bench/memory.mjs <bucket> <config>
// <agents only: true or false>. Prints the records met, the seconds and the peak as JSON.
import "./heap.mjs";
import process from "node:process";

const { scan } = await import("./scan.mjs");
const { timed } = await import("./timed.mjs");

const [bucket, config, agentsOnly] = process.argv.slice(2);
const archive = { paths: [bucket], config };
const { seconds, records } = await timed(() => scan(archive, agentsOnly === "true"));
// In kilobytes on every system.
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ seconds, records, peakBytes }));
