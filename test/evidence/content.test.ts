import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentOf } from "../../src/evidence/content.ts";
import { readDigest } from "../../src/evidence/digest.ts";
import { digestName } from "../../src/evidence/digest-name.ts";
import { publicKeyIn } from "../../src/evidence/signature.ts";

const megabyte = 1024 ** 2;

async function* once(...chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describe("a file's content", () => {
  const content = Buffer.from('{"Records":[]}');
  const all = { bytesMax: megabyte, isKept: true };

  it.each<[string, readonly Buffer[], Buffer]>([
    ["gzip", [gzipSync(content)], content],
    ["gzip in pieces of a byte", [...gzipSync(content)].map((byte) => Buffer.of(byte)), content],
    ["gzip of several members", [gzipSync(content), gzipSync(content)],
      Buffer.concat([content, content])],
    ["not compressed", [content], content],
    ["nothing", [], Buffer.alloc(0)],
  ])("is hashed as it is inflated: %s", async (_what, chunks, expected) => {
    expect(await contentOf(once(...chunks), all))
      .toEqual({ sha256: sha256(expected), bytes: expected, damage: null });
  });

  it("that is damaged, or too much, says so", async () => {
    const packed = gzipSync(content);
    const cut = await contentOf(once(packed.subarray(0, packed.length - 9)), all);
    expect(cut.damage).toBe("It cannot be inflated (Z_BUF_ERROR).");
    const large = await contentOf(once(gzipSync(Buffer.alloc(megabyte + 1))), all);
    expect(large.damage).toBe("It holds more than 1048576 bytes.");
  });

  it("of 500 MB is never held", async () => {
    // The longest zlib makes of it is half a megabyte, which is sent a thousand times.
    const member = gzipSync(Buffer.alloc(megabyte / 2, "a trail's record"));
    const hash = createHash("sha256");
    let heldMax = 0;
    async function* many(): AsyncGenerator<Buffer> {
      const piece = Buffer.alloc(megabyte / 2, "a trail's record");
      for (let i = 0; i < 1000; i += 1) {
        hash.update(piece);
        heldMax = Math.max(heldMax, process.memoryUsage().arrayBuffers);
        yield await Promise.resolve(member);
      }
    }
    const before = process.memoryUsage().arrayBuffers;
    const { sha256: found, damage } =
      await contentOf(many(), { bytesMax: 1024 * megabyte, isKept: false });
    expect({ found, damage }).toEqual({ found: hash.digest("hex"), damage: null });
    expect((heldMax - before) / megabyte).toBeLessThan(64);
  });
});

describe("whatever somebody puts into a bucket", () => {
  it("is read as a digest, a digest's name or a key, or is told to be none", () => {
    const json = fc.json().map((text) => Buffer.from(text));
    fc.assert(fc.property(fc.oneof(json, fc.uint8Array().map((b) => Buffer.from(b))), (bytes) => {
      expect(typeof readDigest(bytes)).toBe("string");
      expect(publicKeyIn(bytes)).toBeNull();
      expect(digestName(bytes.toString())).toBeNull();
    }));
  });

  it.each<[string, string]>([
    ["__proto__", '{"__proto__":{"logFiles":[]}}'],
    ["null", "null"],
    ["a log file list that is none", '{"logFiles":{}}'],
    ["nesting", "[".repeat(100_000)],
  ])("is no digest: %s", (_what, text) => {
    expect(readDigest(Buffer.from(text))).toMatch(/^It (?:is no digest|holds no JSON)/);
  });
});
