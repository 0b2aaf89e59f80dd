// What agents do, for tests: asks AWS who it is, through the SDK's own search for credentials, and
// writes down what it sees. Given a file's path, it then waits until somebody ends it.
import { writeFileSync } from "node:fs";
import process from "node:process";
import { setInterval } from "node:timers";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const [report, then] = process.argv.slice(2);
const client = new STSClient({});
const { Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
const credentials = await client.config.credentials();
if (then === "wait") {
  process.on("SIGTERM", () => process.exit(7));
  process.on("SIGINT", () => process.exit(8));
  // Keeps it alive.
  process.stdin.resume();
  setInterval(() => undefined, 60_000);
}
writeFileSync(report, JSON.stringify({ arn, credentials, env: process.env, pid: process.pid }));
