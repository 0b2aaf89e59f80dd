import { describe, expect, it } from "vitest";
import { merged } from "../../src/sources/merged.ts";

/** Gives these, and notes what it was asked for; `null` waits until the signal. */
async function* part(
  values: readonly (string | null)[],
  asked: string[],
  until: Promise<void> = Promise.resolve(),
): AsyncGenerator<string, void> {
  for (const value of values) {
    asked.push(String(value));
    if (value === null) await until;
    else yield await Promise.resolve(value);
  }
}

async function all(source: AsyncIterable<string>): Promise<readonly string[]> {
  const values: string[] = [];
  for await (const value of source) values.push(value);
  return values;
}

describe("several sources as one", () => {
  it("give all they have, each in its order", async () => {
    const parts = [part(["a1", "a2", "a3"], []), part([], []), part(["b1"], [])];
    const values = await all(merged(parts));
    expect([...values].sort()).toEqual(["a1", "a2", "a3", "b1"]);
    expect(values.filter((value) => value.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
    expect(await all(merged([]))).toEqual([]);
  });

  it("do not wait for one that has nothing to give", async () => {
    let release: () => void = () => undefined;
    const until = new Promise<void>((resolve) => { release = resolve; });
    const seen: string[] = [];
    const slow = part([null, "late"], [], until);
    for await (const value of merged([slow, part(["a", "b", "c"], [])])) {
      seen.push(value);
      if (value === "c") release();
    }
    expect(seen).toEqual(["a", "b", "c", "late"]);
  });

  it("are asked for no more than one ahead of what is taken", async () => {
    const asked: string[] = [];
    const values = merged([part(["a1", "a2", "a3"], asked), part(["b1", "b2", "b3"], asked)]);
    await values.next();
    await new Promise(setImmediate);
    expect([...asked].sort()).toEqual(["a1", "b1"]);
    await values.next();
    await new Promise(setImmediate);
    expect(asked.length).toBe(3);
  });

  it("fail when one fails", async () => {
    const broken = (async function* (): AsyncGenerator<string, void> {
      yield await Promise.resolve("x");
      throw new Error("It broke.");
    })();
    await expect(all(merged([broken, part(["a"], [])]))).rejects.toThrow("It broke.");
  });
});
