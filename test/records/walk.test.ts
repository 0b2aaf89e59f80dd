import fc from "fast-check";
import { expect, it } from "vitest";
import { RecordWalker } from "../../src/records/walk.ts";

const limits = { recordBytesMax: 60, depthMax: 3 };

/**
 * All that the walk tells of bytes that arrive in these pieces; broken JSON is reported back as a
 * reader does.
 */
function walked(pieces: readonly Buffer[]): unknown[] {
  const walker = new RecordWalker(limits);
  const told: unknown[] = [];
  const drain = (): void => {
    for (let step = walker.next(); step !== null; step = walker.next()) {
      if (step.type === "damage") {
        told.push(step);
        continue;
      }
      const { bytes, start, end, offset, index, isTooDeep } = step;
      const text = bytes.toString("latin1", start, end);
      told.push({ text, offset, index, isTooDeep });
      if (!isJson(text)) walker.resumeInside(step);
    }
  };
  for (const piece of pieces) {
    walker.push(piece);
    drain();
  }
  walker.finish();
  drain();
  return told;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const documents = [
  '{"Records":[{"a":"\\\\\\"}]"},{"b":[{}]}, 1,"s" ,null]}',
  '{"big":"………………………………………………………………","Records":[{"a":1}],"Events":[{"b":2}]}\n{"c":3}\n',
  '\uFEFF[{"a":[[[[]]]]},{"eventVersion":"x"}]',
  '{"a":"x\n{"b":1}\n"{}"\ntext\n{"c":2',
  `[{"a":1},{"b":"${"y".repeat(60)}"},{"c":[,{"eventVersion":1},{"d":4}]`,
  `[{"a":1},{"b":["${"y".repeat(20)}", {"eventVersion":1}, {"d":4}, {"e":5}, {"f":6}]}`,
  '{"Records":[{"a":1},,{"b":2} {"c":3},]',
];

it.each(documents)(
  "tells the same of %j however it is cut in two, and byte by byte",
  (document) => {
    const bytes = Buffer.from(document);
    const whole = walked([bytes]);
    expect(whole.length).toBeGreaterThan(1);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect([cut, walked([bytes.subarray(0, cut), bytes.subarray(cut)])]).toEqual([cut, whole]);
    }
    expect(walked(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(whole);
  },
);

it("tells the same of any text however it is cut", () => {
  const token = fc.constantFrom(
    ...['{"Records":[', "[", "]", "{", "}", '"', "\\", ",", ":", "\n", " ", '"eventVersion"', "1"],
    ...['{"eventVersion":1}', ',{"eventVersion":2}', '\n{"a":{}}', "x".repeat(30)],
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 30 }), fc.nat(), fc.nat(), (tokens, first, second) => {
      const bytes = Buffer.from(tokens.join(""));
      const cuts = [first, second].map((n) => n % (bytes.length + 1));
      const [a, b] = [Math.min(...cuts), Math.max(...cuts)];
      const pieces = [bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)];
      expect(walked(pieces)).toEqual(walked([bytes]));
    }),
    { numRuns: 3000 },
  );
});

it("finds exactly the elements that JSON.parse finds", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ maxDepth: 2 })), fc.nat({ max: 3 }), (elements, indent) => {
      const values = elements.map((element) => ({ v: element }));
      const told = walked([Buffer.from(JSON.stringify({ Records: values }, null, indent))]);
      const isSmall = (value: unknown): boolean =>
        Buffer.byteLength(JSON.stringify(value, null, indent)) < 20;
      for (const [i, value] of values.entries()) {
        if (!isSmall(value)) continue;
        const text: unknown = (told[i] as { text?: string }).text;
        expect(JSON.parse(String(text))).toEqual(JSON.parse(JSON.stringify(value)));
      }
      expect(told.length).toBe(values.length);
    }),
  );
});
