import { expect, it } from "vitest";
import { Room } from "../../src/service/room.ts";

/** Work that goes on until it is told to end. */
function work() {
  let end: () => void = () => undefined;
  const done = new Promise<void>((resolve) => { end = resolve; });
  return { done: () => done, end: () => { end(); } };
}

/** Everything that can go on without waiting for the world has. */
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

it("lets in what fits, and the rest in the order of asking", async () => {
  const room = new Room(10);
  const entered: string[] = [];
  const [a, b, c] = [work(), work(), work()];
  const enter = (name: string, size: number, { done }: typeof a) =>
    room.within(size, () => {
      entered.push(name);
      return done();
    });
  const all = [enter("a", 6, a), enter("b", 5, b), enter("c", 1, c)];
  await settled();
  // c would fit beside a, and waits: else b would wait for ever behind small ones.
  expect(entered).toEqual(["a"]);
  expect(room.taken).toBe(6);
  a.end();
  await settled();
  expect(entered).toEqual(["a", "b", "c"]);
  b.end();
  c.end();
  await Promise.all(all);
  expect(room.taken).toBe(0);
});

it("lets in alone what is larger than all of it", async () => {
  const room = new Room(10);
  expect(await room.within(1000, () => Promise.resolve(room.taken))).toBe(10);
  expect(room.taken).toBe(0);
});

it("is free again after work that failed", async () => {
  const room = new Room(10);
  await expect(room.within(10, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(room.taken).toBe(0);
});
