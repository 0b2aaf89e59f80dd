import fc from "fast-check";
import { constants, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Inflater } from "../../src/records/inflater.ts";

const compressions = fc.record({
  level: fc.constantFrom(0, 1, 6, 9),
  strategy: fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_RLE),
});

/** Bytes that repeat, near and far, and bytes that do not, over several pieces of 64 kB. */
const contents = fc
  .array(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(600)).map(
        ([bytes, times]) => Buffer.concat(Array<Uint8Array>(times).fill(bytes)),
      ),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => Buffer.concat([Buffer.from("{"), ...parts]));

describe("inflating files into the same memory", () => {
  it("gives of each what was compressed, whatever came before", () => {
    const inflater = new Inflater();
    fc.assert(
      fc.property(contents, compressions, (bytes, options) => {
        expect(inflater.inflate(gzipSync(bytes, options))?.equals(bytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("gives the next file where the last one was", () => {
    const inflater = new Inflater();
    const first = inflater.inflate(gzipSync("{first}"));
    expect(String(first)).toBe("{first}");
    expect(String(inflater.inflate(gzipSync("{other}")))).toBe("{other}");
    expect(String(first)).toBe("{other}");
  });

  const file = gzipSync("{}");
  it.each([
    ["plain", Buffer.from("{}")],
    ["empty", Buffer.alloc(0)],
    ["empty inside", gzipSync("")],
    ["compressed twice", gzipSync(file)],
    ["cut off", file.subarray(0, -1)],
    ["of two members", Buffer.concat([file, file])],
    ["of another checksum", Buffer.from(file).fill(0, file.length - 8, file.length - 4)],
    ["larger than 16 MB inside", gzipSync(Buffer.alloc(16 * 1024 * 1024 + 1, "x"))],
  ])("leaves one that is %s to the plain path", (_, bytes) => {
    expect(new Inflater().inflate(bytes)).toBeNull();
  });
});
