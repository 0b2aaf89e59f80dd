// Measures what `trailwarden run` adds to the start of an agent, beyond the STS call: the time of
// `trailwarden run -- true` without that of `true` and of STS. Beside it, in turn: bare Node, and
// the least that anybody would write with AWS's SDK. Service and STS answer on loopback, at once.
//   npm run bench:wrapper -- [--rounds 15]
import { spawn } from "node:child_process";
import console from "node:console";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { text } from "node:stream/consumers";
import { fileURLToPath, URL } from "node:url";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "15" } },
});
/** The claim. */
const addedMsMax = 150;

const role = "arn:aws:iam::111122223333:role/agents/aider-ro";
const folder = mkdtempSync(join(tmpdir(), "trailwarden-bench-run-"));
const config = join(folder, "trailwarden.yaml");
writeFileSync(config, `
agents: [{ name: aider, roles: ["${role}"], modes: { readonly: { role: "${role}" } } }]
`);
const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Of the call of the run under way. */
const stsCalls = [];
const sts = await served(async (request, response) => {
  const startedAt = performance.now();
  await text(request);
  response.end(assumed());
  await once(response, "finish");
  stsCalls.push(performance.now() - startedAt);
});
const service = await served(async (request, response) => {
  const body = JSON.parse(await text(request));
  const isStart = request.url === "/v1/tasks";
  response.writeHead(isStart ? 201 : 200);
  response.end(JSON.stringify(isStart ? taskOf(body) : {}));
});
const env = {
  PATH: process.env.PATH, HOME: folder, AWS_REGION: "eu-west-1",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  AWS_ACCESS_KEY_ID: "AKIABENCH00000000001", AWS_SECRET_ACCESS_KEY: "bench",
  AWS_ENDPOINT_URL_STS: sts.url, TRAILWARDEN_URL: service.url, TRAILWARDEN_CONFIG: config,
};

const kinds = {
  true: ["true"],
  node: [process.execPath, "-e", "0"],
  sdk: [process.execPath, fileOf("run-sdk-only.mjs"), role],
  wrapper: [process.execPath, fileOf("../dist/main.js"), "run", "-a", "aider", "-m", "readonly",
    "--", "true"],
};
const times = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []]));
for (let round = 0; round <= Number(options.rounds); round++) {
  for (const [kind, command] of Object.entries(kinds)) {
    const ms = await timed(command);
    // The first round fills the system's caches.
    const stsMs = stsCalls.pop() ?? 0;
    if (round > 0) times[kind].push(ms - stsMs);
  }
}
const bare = median(times.true);
const added = median(times.wrapper) - bare;
console.log(`Node ${process.versions.node}, ${availableParallelism()} cores, medians of ` +
  `${options.rounds} rounds; beyond \`true\` (${bare.toFixed(0)} ms) and the STS call:`);
console.log(`  node -e 0                     ${row(times.node)}`);
console.log(`  the SDK alone: assume, spawn  ${row(times.sdk)}`);
console.log(`  trailwarden run               ${row(times.wrapper)}`);
const isMet = added < addedMsMax;
console.log(`  ${added.toFixed(0)} ms, below ${addedMsMax}: ${isMet ? "met" : "MISSED"}`);
process.exitCode = isMet ? 0 : 1;
sts.close();
service.close();
rmSync(folder, { recursive: true, force: true });

function row(all) {
  const least = Math.min(...all) - bare;
  return `${(median(all) - bare).toFixed(0).padStart(5)} ms (least ${least.toFixed(0)})`;
}

function median(all) {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
}

async function timed([command, ...args]) {
  const startedAt = performance.now();
  const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}.`);
  return performance.now() - startedAt;
}

async function served(handle) {
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

function assumed() {
  const expiration = new Date(Date.now() + 900_000).toISOString();
  return "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">" +
    "<AssumeRoleResult><Credentials><AccessKeyId>ASIABENCH00000000001</AccessKeyId>" +
    "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>" +
    `<Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult>` +
    "</AssumeRoleResponse>";
}

function taskOf(body) {
  return {
    ...body, id: "x", heartbeatAt: null, endedAt: null, outcome: null, basis: "told",
    confidence: "high", credentials: [],
  };
}
