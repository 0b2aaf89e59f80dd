import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeScanner } from "../../src/records/scan/scanner.ts";
import { documents, markerSets, mutated } from "./scan-documents.ts";
import { candidates, expectSound, scanFor, selected } from "./scan-soundness.ts";

/** Bytes scanned at a time: what stands across this border must be seen too. */
const pieceBytes = makeScanner()?.PIECE.value ?? 0;

describe("a regular document", () => {
  it("gives exactly the records the full parse would select, whatever they hold", () => {
    fc.assert(
      fc.property(documents, markerSets, (text, markers) => {
        const document = Buffer.from(text);
        expect(scanFor(document, markers)).not.toBeNull();
        expectSound(document, markers);
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives them also when they stand where one scanned piece ends and the next begins", () => {
    fc.assert(
      fc.property(documents, markerSets, fc.nat(400), (text, markers, back) => {
        const filler = `{"Records":[{"filler":"${"x".repeat(pieceBytes - back)}"},`;
        const list = text.slice(text.indexOf("[") + 1);
        fc.pre(list.trimStart().startsWith("{"));
        const document = Buffer.from(filler + list);
        expect(scanFor(document, markers)).not.toBeNull();
        expectSound(document, markers);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['{"Records":[]}', 0],
    [' {\n"Records"\t:\r[ ] } \n', 0],
    ['{"Records":[{}]}', 1],
    ['{"Records":[{},\n {"a":[{"Records":[{}]}]} ]}', 2],
    ['{"Records":[{"a":"}]}"},{"b":"\\"},{"},{"c":"\\\\"}]}', 3],
  ])("is counted: %j", (text, totalCount) => {
    const result = scanFor(Buffer.from(text), ["agent"]);
    expect(result).toMatchObject({ totalCount, starts: new Uint32Array(0) });
  });

  it("is read down to 512 open brackets, and no further", () => {
    const nested = (depth: number) =>
      Buffer.from(`{"Records":[{"a":${"[".repeat(depth - 3)}${"]".repeat(depth - 3)}}]}`);
    expect(scanFor(nested(512), ["agent"])?.totalCount).toBe(1);
    expect(scanFor(nested(513), ["agent"])).toBeNull();
  });
});

describe("blanks between records", () => {
  it.each([
    [1_000, 2],
    [1_100, null],
    [pieceBytes, null],
  ])("are passed over up to a kilobyte: %i", (length, totalCount) => {
    const document = Buffer.from(`{"Records":[{},${" ".repeat(length)}{}]}`);
    expect(scanFor(document, ["agent"])?.totalCount ?? null).toBe(totalCount);
  });
});

describe("an irregular document is left to the plain path", () => {
  it.each([
    "",
    " ",
    "null",
    "[]",
    "{}",
    '{"records":[]}',
    '{"\\u0052ecords":[]}',
    '\ufeff{"Records":[]}',
    '{"Records":[],"other":1}',
    '{"other":1,"Records":[]}',
    '{"Records":[],"Records":[]}',
    '{"Records":{}}',
    '{"Records":[]',
    '{"Records":[]}x',
    '{"Records":[]}{"Records":[]}',
    '{"Records":[1]}',
    '{"Records":["{",{}]}',
    '{"Records":[[{}]]}',
    '{"Records":[null,{}]}',
    '{"Records":[{},{},]}',
    '{"Records":[,{}]}',
    '{"Records":[{}{}]}',
    '{"Records":[{},,{}]}',
    '{"Records":[{"a":[}]}]}',
    '{"Records":[{"a":[1}}]}',
    '{"Records":[{]]}',
    '{"Records":[{"a":"}]}',
    '{"Records":[{"a":"\\"}]}',
    '{"Records":[{}\u0000]}',
    '{"Records":[{}\u00a0]}',
  ])("%j", (text) => {
    expect(scanFor(Buffer.from(text), ["agent"])).toBeNull();
  });
});

describe("a document with some bytes changed, lost or added", () => {
  it("never throws, and where JSON can still be read, misses nothing", () => {
    fc.assert(
      fc.property(mutated, markerSets, (document, markers) => {
        expectSound(document, markers);
      }),
      { numRuns: 3_000 },
    );
  });

  it("keeps its records where bytes of a string are no UTF-8", () => {
    const document = Buffer.concat([
      Buffer.from('{"Records":[{"a":"'),
      Buffer.from([0xe2, 0x82, 0xff, 0xc3]),
      Buffer.from('agent"},{"b":"'),
      Buffer.from([0xf0]),
      Buffer.from('"},{"c":"agen\u0000t"}]}'),
    ]);
    expect(selected(document, ["agent"])).toEqual([0]);
  });
});

describe("a marker is found", () => {
  const anyPad = Array.from({ length: 131 }, (_, pad) => pad);

  it.each([
    ["in a value", (marker: string) => `{"a":"${marker}"}`],
    ["in a key", (marker: string) => `{"${marker}":1}`],
    ["deep inside", (marker: string) => `{"a":[{"b":[["x","..${marker}.."]]}]}`],
    ["after escaped backslashes", (marker: string) => `{"a":"\\\\\\\\${marker}"}`],
    ["after an escaped quote", (marker: string) => `{"a":"\\\\\\"${marker}"}`],
    ["with an escaped byte", (marker: string) => `{"a":"${marker.replace("e", "\\u0065")}"}`],
  ])("%s, wherever the borders of 16 and 64 bytes fall", (_, record) => {
    const padded = (pad: number) =>
      Buffer.from(`{"Records":[{"p":"${"-".repeat(pad)}"},${record("agent/x1")},{"q":"agent"}]}`);
    for (const markers of [["agent/x1"], ["nt/x"], ["age"], ["agent/x1", "other-marker"]]) {
      const wanted = markers.includes("age") ? [1, 2] : [1];
      for (const pad of anyPad) expect(candidates(padded(pad), markers)).toEqual(wanted);
    }
  });

  it("across the border of a scanned piece at any byte, with its escape or its backslashes", () => {
    for (const value of ["agent/x1", "\\u0061gent/x1", "agent\\/x1", '\\\\\\"agent/x1']) {
      for (let back = 0; back < 60; back++) {
        const filler = "-".repeat(pieceBytes - back);
        const text = `{"Records":[{"p":"${filler}"},{"a":"${value}"},{"b":"gent/x1"}]}`;
        expect(selected(Buffer.from(text), ["agent/x1"])).toEqual([1]);
      }
    }
  });

  it("at any length and in any number", () => {
    const long = "long-".repeat(1_000);
    const many = Array.from({ length: 3_000 }, (_, i) => `role/agent-${i}-x`);
    const names = [long, "role/agent-2999-x", "role/agent-2999", "role/agent-7-x"];
    const text = JSON.stringify({ Records: names.map((name) => ({ name })) });
    expect(candidates(Buffer.from(text), [...many, long])).toEqual([0, 1, 3]);
  });
});

describe("an escape makes a candidate only of a record where it may hide a marker's byte", () => {
  it.each([
    ["\\u003d", ["agent"], false],
    ["\\u003d", ["id=7"], true],
    ["\\u003D", ["id=7"], true],
    ["\\\\u003d", ["id=7"], false],
    ["\\\\\\u003d", ["id=7"], true],
    ["\\u013d", ["id=7"], false],
    ["\\u0026", ["id=7"], false],
    ["\\/", ["agent"], false],
    ["\\/", ["role/"], true],
    ['\\"', ["agent"], false],
    ['\\"', ['a"b'], true],
    ["\\\\", ["agent"], false],
    ["\\\\", ["a\\b"], true],
    ["\\n\\b\\t\\f\\r", ["nbtfr"], false],
    ["\\ud83d\\ude00", ["agent"], false],
  ])("%s with the marker %j: %j", (text, markers, isCandidate) => {
    const document = Buffer.from(`{"Records":[{"a":"${text}"},{}]}`);
    expect(candidates(document, markers)).toEqual(isCandidate ? [0] : []);
  });
});

describe("the scanner", () => {
  it("sees nothing of an earlier document or of earlier markers", () => {
    const first = Buffer.from('{"Records":[{"a":"agent-one"}]}');
    const second = Buffer.from('{"Records":[{"a":"robot-two"}]}');
    expect(candidates(first, ["agent-one"])).toEqual([0]);
    expect(candidates(second, ["agent-one"])).toEqual([]);
    expect(candidates(second, ["robot-two"])).toEqual([0]);
    expect(candidates(first, ["robot-two"])).toEqual([]);
    expect(candidates(first, [])).toEqual([]);
    expect(candidates(first.subarray(0, -2), ["agent-one"])).toBeNull();
  });

  it.each([[["ab"]], [["agent", ""]], [["agént"]], [["agent\n"]], [["x".repeat(300_000)]]])(
    "leaves markers it cannot enter to the plain path, but cuts long ones: %#",
    (markers) => {
      const result = scanFor(Buffer.from('{"Records":[]}'), markers);
      expect(result === null).toBe(markers[0]?.length !== 300_000);
    },
  );

  it("is not there where WebAssembly is missing or refuses the module", () => {
    const refuse = function (): object {
      throw new Error("Invalid opcode 0xfd.");
    };
    expect(makeScanner({})).toBeNull();
    expect(makeScanner({ WebAssembly: { Module: refuse } })).toBeNull();
    expect(makeScanner()).not.toBeNull();
  });
});
