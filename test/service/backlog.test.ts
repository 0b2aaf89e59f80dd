import { expect, it } from "vitest";
import { Backlog } from "../../src/service/backlog.ts";

/** Everything that can go on without waiting for the world has. */
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

function waiting(backlog: Backlog) {
  const state = { isIn: false };
  void backlog.room().then(() => { state.isIn = true; });
  return state;
}

it("has room up to its bound, and none beyond it until a pass has judged", async () => {
  const backlog = new Backlog(10);
  backlog.add(10);
  const first = waiting(backlog);
  await settled();
  expect(first.isIn).toBe(true);

  backlog.add(1);
  const second = waiting(backlog);
  backlog.begin();
  await settled();
  expect(second.isIn).toBe(false);
  backlog.end();
  await settled();
  expect(second.isIn).toBe(true);
});

it("counts what comes during a pass as the next one's", async () => {
  const backlog = new Backlog(10);
  backlog.begin();
  backlog.add(11);
  backlog.end();
  const one = waiting(backlog);
  await settled();
  expect(one.isIn).toBe(false);
  backlog.begin();
  backlog.end();
  await settled();
  expect(one.isIn).toBe(true);
});

it("keeps what a failed pass did not judge", async () => {
  const backlog = new Backlog(10);
  backlog.add(6);
  backlog.begin();
  backlog.add(5);
  const one = waiting(backlog);
  backlog.begin();
  await settled();
  expect(one.isIn).toBe(false);
  backlog.end();
  await settled();
  expect(one.isIn).toBe(true);
});
