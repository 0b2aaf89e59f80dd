import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { logFile, outcomeOf, plain, record } from "./reading-files.ts";

const names = ["ListBuckets", "GetObject", "PutObject"];
const trail = names.map((name) => record(name, { a: ["}", {}] }));
const text = logFile(trail);
const lineText = trail.map((one) => `${JSON.stringify(one)}\n`).join("");
const [first, second, third] = trail;

/** Where the first `count` records of the text have ended. */
function endsOf(whole: string): number[] {
  return trail.map((one) => whole.indexOf(JSON.stringify(one)) + JSON.stringify(one).length);
}

function recordsBefore(whole: string, offset: number): unknown[] {
  return trail.slice(0, endsOf(whole).filter((end) => end <= offset).length);
}

describe("a file truncated at any byte gives the records before it and one rejection", () => {
  it("a plain log file", async () => {
    for (let cut = 1; cut < text.length; cut += 1) {
      const { records, reasons, places } = await outcomeOf(plain(text.slice(0, cut)));
      expect([cut, records]).toEqual([cut, recordsBefore(text, cut)]);
      expect([cut, reasons]).toEqual([cut, ["truncated"]]);
      expect(places[0]?.offset).toBeLessThanOrEqual(cut);
    }
  });

  it("a pretty-printed array", async () => {
    const whole = JSON.stringify(trail, null, 2);
    for (let cut = 1; cut < whole.length; cut += 1) {
      const { records, reasons } = await outcomeOf(plain(whole.slice(0, cut)));
      expect(trail.slice(0, records.length)).toEqual(records);
      expect([cut, reasons]).toEqual([cut, ["truncated"]]);
    }
  });

  it("lines, except that a cut between two lines cannot be seen", async () => {
    for (let cut = 1; cut < lineText.length; cut += 1) {
      const { records, reasons } = await outcomeOf(plain(lineText.slice(0, cut)));
      const isBetween = endsOf(lineText).some((end) => cut === end || cut === end + 1);
      expect([cut, records]).toEqual([cut, recordsBefore(lineText, cut)]);
      expect([cut, reasons]).toEqual([cut, isBetween ? [] : ["truncated"]]);
    }
  });

  it.each([
    ["a gzip log file", text],
    ["gzip lines", lineText],
  ])("%s", async (_, whole) => {
    const bytes = gzipSync(whole);
    for (let cut = 0; cut < bytes.length; cut += 1) {
      const file = { name: "a.json.gz", bytes: bytes.subarray(0, cut) };
      const { records, reasons, places, bytes: read } = await outcomeOf(file);
      expect([cut, reasons]).toEqual([cut, ["bad-gzip"]]);
      expect([cut, records]).toEqual([cut, recordsBefore(whole, read)]);
      expect(places[0]?.offset).toBe(read);
    }
  });
});

describe("a damaged gzip file gives the records before the damage", () => {
  // Random text, so that the compressed bytes are many and the damage stands where we say.
  const records = Array.from({ length: 200 }, (_, i) =>
    record(`Call${i}`, { noise: Buffer.from([i, 7 * i, 13 * i, i * i]).toString("base64") }),
  );
  const bytes = gzipSync(logFile(records));

  it("wherever a byte is wrong", async () => {
    for (let at = 0; at < bytes.length; at += 37) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      const outcome = await outcomeOf({ name: "a.gz", bytes: damaged });
      // The ten bytes of the header hold flags and a time that mean nothing to us.
      if (at >= 10 || at < 3) expect([at, outcome.reasons]).not.toEqual([at, []]);
      const beforeDamage = inflatedBefore(bytes, at);
      const intact = records.filter((one) => endOf(one) <= beforeDamage);
      expect(outcome.records.slice(0, intact.length)).toEqual(intact);
    }
  });

  it("in its checksum: all records, and a rejection at the end", async () => {
    const damaged = Buffer.from(bytes);
    damaged[bytes.length - 6] = (damaged[bytes.length - 6] ?? 0) ^ 0x55;
    const { records: read, reasons, places } = await outcomeOf({ name: "a.gz", bytes: damaged });
    expect(read).toEqual(records);
    expect(reasons).toEqual(["bad-gzip"]);
    expect(places).toEqual([{ index: null, offset: logFile(records).length }]);
  });

  it("behind its end: all records, and a rejection unless it is padding", async () => {
    const garbage = Buffer.concat([bytes, Buffer.from("garbage")]);
    const padding = Buffer.concat([bytes, Buffer.alloc(100)]);
    const spoilt = await outcomeOf({ name: "a.gz", bytes: garbage });
    expect(spoilt).toMatchObject({ records, reasons: ["bad-gzip"] });
    const padded = await outcomeOf({ name: "a.gz", bytes: padding });
    expect(padded).toMatchObject({ records, reasons: [] });
  });

  function endOf(one: unknown): number {
    return logFile(records).indexOf(JSON.stringify(one)) + JSON.stringify(one).length;
  }

  function inflatedBefore(whole: Buffer, at: number): number {
    try {
      return gunzipSync(whole.subarray(0, at), { finishFlush: 2 }).length;
    } catch {
      return 0;
    }
  }
});

function inLogFile(damaged: string): string {
  const [one, two, three] = trail.map((record) => JSON.stringify(record));
  return `{"Records":[${[one, damaged, two, three].join(",")}]}`;
}

describe("a damaged record costs only itself", () => {
  const broken: readonly [string, string, string][] = [
    ["a word in place of a value", '{"eventVersion":"1.11","a":oops}', "not-json"],
    ["a missing colon", '{"eventVersion" "1.11"}', "not-json"],
    ["a trailing comma", '{"eventVersion":"1.11",}', "not-json"],
    ["a control character in a string", '{"eventVersion":"1.1\u00011"}', "not-json"],
    ["a missing quote", '{"eventVersion":"1.11,"a":"b"}', "not-json"],
    ["a quote too many", '{"eventVersion":"1"11"}', "not-json"],
    ["a missing closing brace", '{"eventVersion":"1.11","a":{"b":1}', "not-json"],
    ["brackets of the wrong kind", '{"eventVersion":["1.11"}]}', "not-json"],
    ["a missing closing bracket", '{"eventVersion":"1.11","a":[{"b":1]}', "not-json"],
    ["a string that does not end", '{"eventVersion":"1.11","a":"b', "not-json"],
    ["a number", "12", "not-an-object"],
    ["null", "null", "not-an-object"],
    ["a string that holds no JSON", '"hello"', "not-json"],
    ["a string that holds a list", '"[]"', "not-an-object"],
    ["an object of another kind", '{"a":1}', "not-cloudtrail"],
  ];

  it.each(broken)("in a log file: %s", async (_, damaged, reason) => {
    const whole = inLogFile(damaged);
    const { records, reasons, places } = await outcomeOf(plain(whole));
    expect(records).toEqual(trail);
    expect(reasons).toEqual([reason]);
    expect(places).toEqual([{ index: 1, offset: 13 + JSON.stringify(first).length }]);
  });

  it.each(broken)("in lines: %s", async (_, damaged, reason) => {
    const [one, two, three] = trail.map((record) => JSON.stringify(record));
    const whole = [one, damaged, two, three].join("\n");
    const { records, reasons, places } = await outcomeOf(plain(whole));
    expect(records).toEqual(trail);
    expect(reasons).toEqual([reason]);
    expect(places).toEqual([{ index: 1, offset: whole.indexOf("\n") + 1 }]);
  });

  it.each([
    ["an array in a log file", "[1]", "not-an-object"],
    ["a comma too many", "", "not-json"],
    ["a brace too many", "}", "not-json"],
    ["a colon", ":", "not-json"],
    ["a raw line end in a string", '{"eventVersion":"1.\n11"}', "not-json"],
    ["bytes of no text", "\u0000\u0001\u007f", "not-json"],
  ])("%s", async (_, damaged, reason) => {
    const whole = inLogFile(damaged);
    const { records, reasons } = await outcomeOf(plain(whole));
    expect(records).toEqual(trail);
    expect(reasons).toEqual([reason]);
  });

  it("reads records with no comma between them, and says so", async () => {
    const whole = `[${JSON.stringify(first)} ${JSON.stringify(second)},${JSON.stringify(third)}]`;
    expect(await outcomeOf(plain(whole))).toMatchObject({ records: trail, reasons: ["not-json"] });
  });

  it("quotes nothing of the record", async () => {
    const file = plain('{"Records":[{"eventVersion":"1.11","token":hunter2}]}');
    const { readRecords } = await import("../../src/records/read.ts");
    const { limits } = await import("./reading-files.ts");
    for await (const batch of readRecords(file, { limits, markers: null })) {
      expect(batch.rejections).toEqual([
        {
          reason: "not-json",
          file: "trail.json",
          index: 0,
          offset: 12,
          detail: "The record is not valid JSON.",
        },
      ]);
    }
  });
});

describe("a file that is no JSON is one rejection", () => {
  it.each([
    ["text", "hello world\nthis is\n1 text\n"],
    ["a table", "time,name\n1,2\n3,4\n".repeat(1000)],
    ["a page", "<html>\n<body>{}</body>\n</html>\n"],
    ["bytes", String.fromCharCode(...Array.from({ length: 9999 }, (_, i) => 128 + (i % 128)))],
    ["zeros", "\0".repeat(9999)],
  ])("%s", async (_, content) => {
    expect(await outcomeOf(plain(content))).toMatchObject({ records: [], reasons: ["not-json"] });
  });
});
