import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flawWeights } from "../../src/evidence/flaw.ts";

describe("docs/verify-trail.md", () => {
  it("tells every kind of flaw, its weight, and no other", () => {
    const text = readFileSync(join(import.meta.dirname, "../../docs/verify-trail.md"), "utf8");
    const rows = [...text.matchAll(/^\| `([\w-]+)` \| (broken|unknown|note) \|/gm)];
    expect(Object.fromEntries(rows.map(([, kind, weight]) => [kind, weight]))).toEqual(flawWeights);
  });
});
