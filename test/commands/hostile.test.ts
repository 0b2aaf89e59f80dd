import { readdirSync, readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { assumed, keyMade, roleIdentity } from "../builders/record.ts";
import { lines, Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

/** Everything a terminal, a spreadsheet or a page might obey, in one session name. */
const name = "=cmd|' /C calc'!A0\u001b[31m\u001b]0;title\u0007\r\n</script>\u202egnp.exe\u200b";
/** But for line ends: C0, DEL, C1, zero-width characters, bidirectional controls. */
const obeyed = /(?![\r\n])[\p{Cc}\u200b-\u200f\u202a-\u202e]/u;

beforeAll(async () => {
  const userIdentity = roleIdentity({ session: name });
  place.trail("hostile.json", [keyMade({ userIdentity, eventID: `id-${name}` })]);
  await place.run(["scan", "hostile.json", "--store", "h.db", "-q"]);
});

describe("a hostile session name and event id are neutralised", () => {
  it.each<[string, readonly string[]]>([
    ["in the table", ["scan", "hostile.json", "-f", "table"]],
    ["in CSV", ["scan", "hostile.json", "-f", "csv"]],
    ["in the table of events", ["scan", "hostile.json", "--events"]],
    ["in the CSV of events", ["scan", "hostile.json", "--events", "-f", "csv"]],
    ["in the list of sessions", ["sessions", "--store", "h.db"]],
    ["in the CSV of sessions", ["sessions", "--store", "h.db", "-f", "csv"]],
    ["in an explanation", ["explain", `id-${name}`, "hostile.json"]],
  ])("%s", async (_what, args) => {
    const { code, stdout, stderr } = await place.run(args);
    expect(code).toBeLessThan(2);
    expect(stdout).toContain("calc'!A0·[");
    expect(stdout).not.toMatch(obeyed);
    expect(stderr).not.toMatch(obeyed);
    if (args.includes("csv")) {
      // No field begins with a formula, and no line break hides in one.
      expect(stdout).not.toMatch(/(?:^|,)"?[=+@-]/m);
      const rows = stdout.trimEnd().split(/\r\n|\r|\n/);
      expect(rows.every((row) => row.split(",").length > 8)).toBe(true);
      if (args[0] === "sessions") expect(stdout).toContain(",'=cmd|");
    }
  });

  it("in a finding's sentence, whatever the format", async () => {
    const { stdout } = await place.run(["scan", "hostile.json", "-f", "ndjson", "-q"]);
    const findings = (lines(stdout) as { because: string; session: { name: string } }[]);
    expect(findings.length).toBeGreaterThan(0);
    for (const { because, session } of findings) {
      expect(because).not.toMatch(obeyed);
      expect(because).not.toContain("\n");
      // The name itself is data, and comes as it was.
      expect(session.name).toBe(name);
    }
  });

  it("in a finding shown in full", async () => {
    const listed = await place.run(["findings", "--store", "h.db", "-f", "ndjson"]);
    const [finding] = (lines(listed.stdout) as { id: string }[]);
    const { stdout } = await place.run(["findings", "show", finding?.id ?? "", "--store", "h.db"]);
    expect(stdout).toContain("gnp.exe");
    expect(stdout).not.toMatch(obeyed);
  });

  it("in what is said of broken files, whose names may be hostile too", async () => {
    const file = place.write("evil\u001b[31m\nname\u202e.json", '{"Records":[{"eventVersion":}');
    const { code, stderr } = await place.run(["scan", file, "-q"]);
    expect(code).toBe(3);
    expect(stderr).toContain("evil·[31m·name·.json (record 0, byte 12): not-json:");
    expect(stderr).not.toMatch(obeyed);
  });

  it("in an error that repeats what was typed", async () => {
    const { code, stderr } = await place.run(["explain", "x\u001b[31m", "hostile.json"]);
    expect(code).toBe(2);
    expect(stderr).toContain("There is no event x·[31m here.");
  });
});

describe("colour", () => {
  const args = ["findings", "--store", "h.db"];
  it.each<[string, Readonly<Record<string, string>>]>([
    ["is not written into a pipe", {}],
    ["is not written into a pipe in CI", { CI: "true" }],
    ["is not written where NO_COLOR is set, even if FORCE_COLOR is",
      { NO_COLOR: "1", FORCE_COLOR: "1" }],
  ])("%s", async (_what, env) => {
    const { stdout } = await place.run(args, { env });
    expect(stdout).toContain("critical");
    expect(stdout).not.toMatch(obeyed);
  });

  it("is written where FORCE_COLOR is set", async () => {
    const { stdout } = await place.run(args, { env: { FORCE_COLOR: "1" } });
    expect(stdout).toContain("\u001b[1m\u001b[31mcritical\u001b[39m\u001b[22m");
  });
});

describe("a session token", () => {
  const token = "IQoJb3JpZ2luX2VjSESSIONTOKENTEXT";

  it("reaches neither output nor store", async () => {
    // Enough records that the store compresses them, and one that is kept as it is.
    const many = Array.from({ length: 100 }, (_, i) => assumed({ fields: { eventID: `a-${i}` } }));
    const own = roleIdentity({ session: "alone", accessKeyId: "ASIAALONE00000000001" });
    place.trail("issued.json.gz", [...many, assumed({ by: own, fields: { eventID: "alone" } })]);
    const outputs: string[] = [];
    for (const args of [
      ["scan", "issued.json.gz", "--store", "i.db"],
      ["scan", "issued.json.gz", "--events", "-f", "json"],
      ["scan", "issued.json.gz", "--only-rules", place.write("any.yml", `
title: Anything
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { responseElements.credentials.sessionToken: "*" }
  condition: selection
level: high
`), "-f", "ndjson"],
      ["explain", "alone", "--store", "i.db", "--format", "json"],
      ["explain", "a-1", "--store", "i.db"],
      ["sessions", "--store", "i.db", "--all", "-f", "json"],
      ["findings", "--store", "i.db", "-f", "sarif"],
      ["findings", "--store", "i.db", "-f", "ocsf"],
    ]) {
      const { code, stdout, stderr } = await place.run(args);
      expect(code).not.toBe(2);
      outputs.push(stdout, stderr);
    }
    expect(outputs.join("")).toContain("ASIATASKKEY000000001");
    expect(outputs.filter((text) => text.includes(token))).toEqual([]);
    const files = readdirSync(place.folder).filter((file) => file.startsWith("i.db"));
    expect(files).toContain("i.db");
    for (const file of files) {
      const bytes = readFileSync(place.path(file));
      expect(bytes.includes(token)).toBe(false);
      expect(inflatedAnywhere(bytes).some((text) => text.includes(token))).toBe(false);
    }
    const store = await openSqliteStore({ path: place.path("i.db") });
    let count = 0;
    for await (const { records } of store.allRecords()) {
      count += records.length;
      expect(JSON.stringify(records)).not.toContain(token);
    }
    await store.close();
    expect(count).toBe(101);
  });

  /** What inflates, from wherever a JSON array's deflated beginning may stand. */
  function inflatedAnywhere(bytes: Buffer): string[] {
    const texts: string[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      // A deflate block of type 2, last or not: its first three bits.
      if (((bytes[at] ?? 0) & 0b110) !== 0b100) continue;
      const text = inflated(bytes.subarray(at, at + 65_536));
      if (text !== null && text.startsWith("[{")) texts.push(text);
    }
    return texts;
  }

  function inflated(bytes: Buffer): string | null {
    try {
      return inflateRawSync(bytes, { finishFlush: 2, maxOutputLength: 1 << 20 }).toString();
    } catch {
      return null;
    }
  }
});
