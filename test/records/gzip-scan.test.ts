import fc from "fast-check";
import { constants, crc32, gzipSync, inflateRawSync, type ZlibOptions } from "node:zlib";
import { describe, expect, it } from "vitest";
import { findCandidates } from "../../src/records/find-candidates.ts";
import type { Markers } from "../../src/records/markers.ts";
import { scanGzip, type Candidates } from "../../src/records/scan/gzip-scan.ts";
import { limits, logFile, outcomeOf, record } from "./reading-files.ts";
import { documents, markerSets, mutated } from "./scan-documents.ts";
import { scanFor } from "./scan-soundness.ts";

const bytesMax = 64 * 1024 * 1024;
const found = (file: Buffer, markers: Markers, most = bytesMax): Candidates | null =>
  scanGzip(file, { markers, unlessService: [] }, most);

/** What a scan of the inflated bytes finds, as if it had been found in the compressed ones. */
function expected(document: Buffer, markers: Markers): object | null {
  const scan = scanFor(document, markers);
  if (scan === null) return null;
  const parts = [...scan.starts].map((start, i) => document.subarray(start, scan.ends[i]));
  return {
    texts: parts.map(String), offsets: scan.starts, indexes: scan.indexes,
    totalCount: scan.totalCount, inflatedBytes: document.length,
  };
}

function told(candidates: Candidates | null): object | null {
  if (candidates === null) return null;
  const { bytes, starts, ...rest } = candidates;
  const texts = [...starts.slice(1)].map((end, i) =>
    Buffer.from(bytes.subarray(starts[i], end)).toString());
  return { texts, ...rest };
}

/** Every kind of block deflate has, and codes of every length. */
const compressions = fc.record<ZlibOptions>({
  level: fc.constantFrom(0, 1, 6, 9),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE,
  ),
  memLevel: fc.constantFrom(1, 8, 9),
  windowBits: fc.constantFrom(9, 15),
});

/** Text that compresses in every way: repeated near and far, of one letter, not at all. */
const fillers = fc.oneof(
  fc.nat(200_000).map((length) => "x".repeat(length)),
  fc.tuple(fc.nat(40), fc.nat(5_000)).map(([width, times]) => "0123abcd".slice(width % 8)
    .padEnd(width, "-").repeat(times)),
  fc.tuple(fc.nat(), fc.nat(150_000)).map(([seed, length]) => noise(seed, length)),
);

describe("scanning a compressed file", () => {
  it("finds what scanning the inflated one does, however it was compressed", () => {
    fc.assert(
      fc.property(documents, markerSets, compressions, (text, markers, options) => {
        const document = Buffer.from(text);
        expect(told(found(gzipSync(document, options), markers)))
          .toEqual(expected(document, markers));
      }),
      { numRuns: 1_000 },
    );
  });

  it("finds it in files of many pieces, at whatever place", () => {
    fc.assert(
      fc.property(
        fc.tuple(fillers, documents, fillers), markerSets, compressions,
        ([before, text, after], markers, options) => {
          const list = text.slice(text.indexOf("[") + 1, text.lastIndexOf("]")).trim();
          const records = [`{"a":"${before}"}`, ...(list === "" ? [] : [list]), `{"b":"${after}"}`];
          const document = Buffer.from(`{"Records":[${records.join(",")}]}`);
          const markersOfOurs = [...markers, "agent-reader-7"];
          const seen = found(gzipSync(document, options), markersOfOurs);
          // A long candidate is left to the plain path.
          if (seen !== null) expect(told(seen)).toEqual(expected(document, markersOfOurs));
          else expect(scanFor(document, markersOfOurs)?.ends.length).not.toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("finds a record across pieces whole, up to 30 kB", () => {
    for (const length of [1_000, 30_000]) {
      const long = record("Long", { agent: "agent-reader-7", note: noise(length, length) });
      for (let before = 60_000; before < 70_000; before += 997) {
        const document = Buffer.from(logFile([{ a: noise(1, before) }, long, { b: "c" }]));
        expect(told(found(gzipSync(document), ["agent-reader-7"])))
          .toMatchObject({ texts: [JSON.stringify(long)], indexes: new Uint32Array([1]) });
      }
    }
  });
});

describe("a file is left to the plain path", () => {
  const document = Buffer.from(logFile([record("ListBuckets"), { a: "agent-reader-7" }]));
  const file = gzipSync(document);
  const changed = (at: number, value: number) => {
    const copy = Buffer.from(file);
    copy[at < 0 ? copy.length + at : at] = value;
    return copy;
  };

  it.each([
    ["is not compressed", document],
    ["is empty", Buffer.alloc(0)],
    ["has two members", Buffer.concat([file, file])],
    ["has something behind it", Buffer.concat([file, Buffer.from([0])])],
    ["tells another checksum", changed(-5, (file.at(-5) ?? 0) ^ 1)],
    ["tells a smaller size", changed(-4, document.length - 1)],
    ["tells a larger size", changed(-4, document.length + 1)],
    ["has an unknown method", changed(2, 7)],
    ["has flags we do not read", changed(3, 2)],
    ["holds no list of records", gzipSync("[]")],
    ["holds nothing", gzipSync("")],
    ["goes on behind its records", gzipSync(`${document.toString()}{}`)],
    ["ends before they do", gzipSync(document.subarray(0, -2))],
  ])("when it %s", (_, bytes) => {
    expect(found(bytes, ["agent"])).toBeNull();
  });

  it("when it says it holds more than allowed", () => {
    expect(found(file, ["agent"], document.length)).not.toBeNull();
    expect(found(file, ["agent"], document.length - 1)).toBeNull();
  });

  it("when it is cut off anywhere", () => {
    for (let length = 0; length < file.length; length++) {
      expect(found(file.subarray(0, length), ["agent"])).toBeNull();
    }
  });

  it("but not for telling its own name", () => {
    const name = Buffer.from("trail.json\0");
    const named = Buffer.concat([changed(3, 8).subarray(0, 10), name, file.subarray(10)]);
    expect(told(found(named, ["agent-reader-7"]))).toMatchObject({ indexes: new Uint32Array([1]) });
  });
});

describe("a damaged stream", () => {
  it("is never taken for another than zlib makes of it", () => {
    const strike = fc.record({ at: fc.nat(100_000), value: fc.nat(255) });
    const strikes = fc.array(strike, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(documents, compressions, strikes, (text, options, blows) => {
        const file = gzipSync(Buffer.from(text), options);
        for (const { at, value } of blows) file[10 + (at % (file.length - 18))] = value;
        const inflated = withItsChecksum(file);
        const seen = found(file, ["agent-reader-7", "abc"]);
        if (inflated === null) expect(seen).toBeNull();
        else expect(told(seen)).toEqual(expected(inflated, ["agent-reader-7", "abc"]));
      }),
      { numRuns: 5_000 },
    );
  });

  it("leaves nothing behind that the next file would meet", () => {
    const good = gzipSync(logFile([{ a: "agent-reader-7" }]));
    const bad = Buffer.from(good).fill(0xff, 12, good.length - 8);
    expect(found(bad, ["agent"])).toBeNull();
    expect(told(found(good, ["agent"]))).toMatchObject({ totalCount: 1 });
  });
});

describe("reading what was found in a compressed file", () => {
  it("gives what reading the plain one gives, broken records and all", async () => {
    const texts = fc.oneof(documents.map((text) => Buffer.from(text)), mutated);
    await fc.assert(
      fc.asyncProperty(texts, markerSets, async (text, markers) => {
        // What begins like a compressed file is taken for one, and is a broken one.
        fc.pre(text.length > 0 && text[0] !== 0x1f);
        const plainly = await outcomeOf({ name: "a", bytes: text }, { markers });
        expect(await outcomeOf({ name: "a", bytes: gzipSync(text) }, { markers }))
          .toEqual(plainly);
      }),
      { numRuns: 1_500 },
    );
  });

  it.each([
    ["there are more records than allowed", { recordsMax: 1 }],
    ["one is larger than allowed", { recordBytesMax: 10 }],
    ["more bytes come out than allowed", { inflatedBytesMax: 10 }],
  ])("is not done when %s: the plain path says so", (_, bounds) => {
    const bytes = gzipSync(logFile([record("GetObject"), record("agent-1")]));
    const options = { limits, markers: ["agent"] };
    expect(findCandidates({ name: "a", bytes }, options)?.totalCount).toBe(2);
    const bounded = { ...options, limits: { ...limits, ...bounds } };
    expect(findCandidates({ name: "a", bytes }, bounded)).toBeNull();
  });
});

/** Where zlib can inflate the file, what comes out; the file's trailer then tells the same. */
function withItsChecksum(file: Buffer): Buffer | null {
  try {
    const { buffer, engine } = inflateRawSync(file.subarray(10, -8), { info: true }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    // What zlib has not looked at is no part of the stream.
    if (engine.bytesWritten !== file.length - 18) return null;
    file.writeUInt32LE(crc32(buffer), file.length - 8);
    file.writeUInt32LE(buffer.length, file.length - 4);
    return buffer;
  } catch {
    return null;
  }
}

/** Text without pattern, the same in every run. */
function noise(seed: number, length: number): string {
  let state = seed + 1;
  let text = "";
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += String.fromCharCode(97 + ((state >>> 16) % 26));
  }
  return text;
}
