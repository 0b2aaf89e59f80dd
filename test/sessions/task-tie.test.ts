import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { taskAt, tiesOf, type Tied, type TaskTie } from "../../src/sessions/task-tie.ts";
import { taskOf, startTold, withNews, type TaskStart } from "../../src/sessions/task-told.ts";
import type { Task } from "../../src/sessions/task.ts";
import { issuance } from "../builders/session.ts";
import { after, begin, taskStart } from "../builders/task.ts";

const config = Config.parse({ agents: [{ name: "aider", roles: ["*"] }] });

function told(changes: Partial<TaskStart> = {}, endSeconds?: number): Task {
  const started = startTold(taskStart(changes), begin);
  if (endSeconds === undefined) return taskOf(started);
  const end = { at: after(endSeconds), outcome: "succeeded", exitCode: 0, revoke: false } as const;
  return taskOf(withNews(started, { kind: "end", end }));
}

const tied: Tied = {
  accessKeyId: "ASIAOWN", firstAt: after(10), issuance: null, links: [], agent: "aider",
  sessionName: null, sourceIdentity: null,
};
const chained: Tied["links"] = ["ASIAPARENT", "ASIAGRANDPARENT"].map((accessKeyId) => ({
  issuer: issuance({ issuer: { accessKeyId } }).issuer, issuance: null,
}));

interface Told {
  readonly keys?: Readonly<Record<string, readonly Task[]>>;
  readonly names?: Readonly<Record<string, readonly Task[]>>;
}

function tie(changes: Partial<Tied>, { keys = {}, names = {} }: Told): readonly string[] {
  const found = tiesOf({ ...tied, ...changes }, {
    byKey: new Map(Object.entries(keys)), byExternalId: new Map(Object.entries(names)),
  }, config);
  return found.map(({ externalId, by }) => `${externalId} by ${by}`);
}

const one = told();
const two = told({ externalId: "T-2", startedAt: after(-60) });

describe("a credential's tasks", () => {
  it.each<[string, Partial<Tied>, Told, readonly string[]]>([
    ["are those told of its key, the first started first",
      {}, { keys: { ASIAOWN: [one, two] } }, ["T-2 by access-key", "T-123 by access-key"]],
    ["are its own key's before those of the key that asked for it",
      { links: chained }, { keys: { ASIAOWN: [one], ASIAPARENT: [two] } }, ["T-123 by access-key"]],
    ["are those of the nearest key up the chain that has any",
      { links: chained }, { keys: { ASIAGRANDPARENT: [two] } }, ["T-2 by chain"]],
    ["may be named by a tag", { issuance: issuance({ at: begin, tags: { task: "T-123" } }) },
      { names: { "T-123": [one] } }, ["T-123 by name"]],
    ["may be named by the session's name, as the agent's convention has it",
      { sessionName: "aider-T-123" }, { names: { "T-123": [one] } }, ["T-123 by name"]],
    ["are no other agent's of that name",
      { sessionName: "aider-T-123" }, { names: { "T-123": [told({ agent: "other" })] } }, []],
    ["are none that had ended before it was issued: names come again",
      { sessionName: "aider-T-123", firstAt: after(31) },
      { names: { "T-123": [told({}, 30)] } }, []],
    ["are one that ended after it was issued",
      { sessionName: "aider-T-123", firstAt: after(29) },
      { names: { "T-123": [told({}, 30)] } }, ["T-123 by name"]],
    ["are none where nothing says so", { sessionName: "aider-T-9" },
      { keys: { ASIAOTHER: [one] }, names: { "T-123": [one] } }, []],
  ])("%s", (...[, changes, known, expected]) => {
    expect(tie(changes, known)).toEqual(expected);
  });
});

describe("the task of an instant", () => {
  const span = (id: string, from: number, to: number | null): TaskTie => ({
    id, externalId: id, agent: "aider", mode: "readonly", expectedSeconds: null,
    startedAt: after(from), endedAt: to === null ? null : after(to), outcome: null,
    by: "access-key",
  });

  it.each<[string, readonly TaskTie[], number, string | null]>([
    ["is none of none", [], 0, null],
    ["is the one that runs then", [span("a", 0, 10), span("b", 20, 30)], 25, "b"],
    ["is, of two that run, the one begun last", [span("a", 0, 50), span("b", 20, 50)], 25, "b"],
    ["is one's until the very instant of its end", [span("a", 0, 10), span("b", 11, 30)], 10, "a"],
    ["is, between two, the one that ended before", [span("a", 0, 10), span("b", 20, 30)], 15, "a"],
    ["is, after all, the one that ended last", [span("a", 0, 40), span("b", 20, 30)], 99, "a"],
    ["is, before all, the first to begin", [span("a", 10, 20), span("b", 20, null)], 5, "a"],
    ["is one that still runs, whatever ended", [span("a", 0, null), span("b", 5, 10)], 99, "a"],
  ])("%s", (...[, ties, at, expected]) => {
    expect(taskAt(ties, after(at))?.id ?? null).toBe(expected);
  });
});
