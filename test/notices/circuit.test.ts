import { expect, it } from "vitest";
import { afterFailure, closedCircuit, isOpen } from "../../src/notices/circuit.ts";

const failed = (times: number, askedMs: number | null = null) => {
  let circuit = closedCircuit;
  for (let i = 0; i < times; i += 1) circuit = afterFailure(circuit, 200, { askedMs, now: 1000 });
  return circuit;
};

it("tries again soon after the first failures, and leaves alone who goes on failing", () => {
  expect([isOpen(failed(4)), failed(4).notBefore]).toEqual([false, 1200]);
  expect([isOpen(failed(5)), failed(5).notBefore]).toEqual([true, 31_000]);
});

it("waits as long as it is asked to, within an hour", () => {
  expect(failed(1, 90_000).notBefore).toBe(91_000);
  expect(failed(1, 1).notBefore).toBe(1200);
  expect(failed(1, 86_400_000).notBefore).toBe(3_601_000);
});
