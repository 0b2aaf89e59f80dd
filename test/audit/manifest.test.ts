import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { manifestOf, proved, type WrittenFile } from "../../src/audit/manifest.ts";

const { privateKey: key } = generateKeyPairSync("ed25519");
const { privateKey: another } = generateKeyPairSync("ed25519");
const files: readonly WrittenFile[] = [
  { name: "snapshot.json", role: "input", content: "{}\n" },
  { name: "audit.html", role: "output", content: "<p>ä</p>\n" },
];
const at = Date.UTC(2026, 5, 30);
const signed = manifestOf(files, { at, version: "1.2.3", key });
const unsigned = manifestOf(files, { at, version: "1.2.3", key: null });

const written = Object.fromEntries(files.map((one) => [one.name, one.content]));

function prove(text = signed, changes: Readonly<Record<string, string | null>> = {}) {
  const contents = { ...written, ...changes };
  return proved(text, {
    trusted: createPublicKey(key),
    read: (name) => {
      const content = contents[name] ?? null;
      return Promise.resolve(content === null ? null : Buffer.from(content));
    },
  });
}
const problems = async (...args: Parameters<typeof prove>) => (await prove(...args))?.problems;

describe("a manifest", () => {
  it("proves that files are those of a run, and by whose key", async () => {
    expect(await prove()).toEqual({
      at: "2026-06-30T00:00:00.000Z", fileCount: 2, problems: [],
      keyFingerprint: expect.stringMatching(/^SHA256:[\w+/]{43}$/) as unknown,
    });
    const spaced = JSON.stringify(JSON.parse(signed), null, 8);
    expect(await problems(spaced)).toEqual([]);
  });

  it.each<[string, Parameters<typeof prove>, readonly string[]]>([
    ["a file that was changed", [signed, { "snapshot.json": "{ }" }],
      ["snapshot.json was changed."]],
    ["a file that grew", [signed, { "audit.html": "<p>x</p>\nmore" }],
      ["audit.html has 13 bytes, not 10."]],
    ["a file that is gone", [signed, { "audit.html": null }], ["audit.html is not there."]],
    ["a hash that was changed with its file", [
      signed.replace(/"sha256": "[0-9a-f]{64}"/, `"sha256": "${"0".repeat(64)}"`),
    ], ["The signature does not fit: the manifest was changed.", "snapshot.json was changed."]],
    ["a file that was left out", [
      JSON.stringify({ ...(JSON.parse(signed) as object), files: [] }),
    ], ["The signature does not fit: the manifest was changed."]],
    ["another time", [signed.replace("2026-06-30", "2026-07-01")],
      ["The signature does not fit: the manifest was changed."]],
    ["another's signature", [manifestOf(files, { at, version: "1.2.3", key: another })],
      ["It is signed with another key than the one that was given."]],
    ["no signature", [unsigned], ["It is not signed."]],
    ["a key that is none", [signed.replace(/-----BEGIN.*?-----END[^"]*/s, "x")],
      ["The key that it names is no Ed25519 key."]],
  ])("names %s", async (_what, args, expected) => {
    expect(await problems(...args)).toEqual(expected);
  });

  it("without a key that must have signed it shows which did, or that none has", async () => {
    const read = (name: string) =>
      Promise.resolve(Buffer.from(files.find((one) => one.name === name)?.content ?? ""));
    const own = await proved(signed, { read, trusted: null });
    const others = await proved(manifestOf(files, { at, version: "1", key: another }), {
      read, trusted: null,
    });
    expect([own?.problems, others?.problems]).toEqual([[], []]);
    expect(own?.keyFingerprint).not.toBe(others?.keyFingerprint);
    expect(await proved(unsigned, { read, trusted: null })).toMatchObject({
      problems: [], keyFingerprint: null,
    });
  });

  it.each(["", "{}", "[]", unsigned.replace("snapshot.json", "../snapshot.json")])(
    "is not %j", async (text) => {
      expect(await prove(text)).toBeNull();
    });
});
