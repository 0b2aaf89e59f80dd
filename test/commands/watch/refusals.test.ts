import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { Workplace } from "../program.ts";

const place = new Workplace();
const taken = createServer();
const drop = [{ kind: "directory", name: "drop", path: "." }];
let port = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  ({ port } = taken.address() as AddressInfo);
  place.write("text.db", "This is no database, and longer than sixteen bytes.");
});
afterAll(() => {
  taken.close();
  place.remove();
});

interface Refusal {
  readonly what: string;
  readonly config: () => unknown;
  readonly args?: readonly string[];
  readonly words: RegExp;
}

const refusals: readonly Refusal[] = [
  { what: "no sources", config: () => ({}),
    words: /^There is nothing to watch: the config has no sources\. .*config example/ },
  { what: "a port that is taken", config: () => ({ sources: drop, http: { port } }),
    words: /^Cannot serve HTTP on 127\.0\.0\.1:\d+: another program listens there\. Choose / },
  { what: "an address for others without tokens",
    config: () => ({ sources: drop, http: { host: "0.0.0.0", port: 0 } }),
    words: /^watch\.yaml:\d+:\d+: http\.host: Everybody .* Give http\.tokens .*token new/ },
  { what: "an address that is not this machine's",
    config: () => ({ sources: drop, http: { host: "192.0.2.1", port: 0, tokens: [token] } }),
    words: /^Cannot serve HTTP on 192\.0\.2\.1:0: this machine has no such address\. Choose/ },
  { what: "a key that is not known", config: () => ({ sources: [{ ...drop[0], pth: "." }] }),
    words: /^watch\.yaml:\d+:\d+: sources\[0\]\.pth: There is no key "pth" here\. .*path/ },
  { what: "a store that is none", config: () => ({ sources: drop }), args: ["-s", "text.db"],
    words: /^Cannot use the store text\.db: the file is damaged, or no trailwarden store\./ },
];
const token = { name: "t", role: "viewer", sha256: "0".repeat(64) };

describe("watch does not start, and says what to do, with", () => {
  it.each(refusals.map((refusal) => [refusal.what, refusal] as const))("%s", async (...row) => {
    const [, { config, args = [], words }] = row;
    place.write("watch.yaml", stringify(config()));
    const { code, stderr } = await place.run(["watch", "-c", "watch.yaml", ...args]);
    expect(stderr).toMatch(words);
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(2);
  }, 60_000);
});
