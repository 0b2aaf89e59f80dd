import type { FindingPart } from "../findings/finding.ts";
import type { FindingChange, Judgement } from "../findings/store.ts";
import { agentGroupKey, judgeMoments, taskGroupKey, useOf } from "../findings/task-judge.ts";
import { momentsOf, nextAfter, tooMany } from "../findings/task-moments.ts";
import type { Session } from "../sessions/session.ts";
import type { JudgedTask } from "../sessions/task-store.ts";
import type { Bench } from "./bench.ts";

/** Judged and committed together. */
const tasksAtOnce = 100;

/** Counting an agent's live credentials reads all of them: of each second, at most a quarter. */
const pauseRatio = 3;

/** @param announceFrom see `FindingStore.judged` */
interface When {
  /** ms UTC: what is true by then; never earlier than it was. */
  readonly by: number;
  readonly announceFrom: number;
}

/**
 * Judges what no event tells of tasks and agents' credentials, by the rules about tasks: whenever
 * something of them changed, or became true by then. Each as a whole: what it gives stands in the
 * place of what it gave before.
 */
export class LiveTasks {
  readonly #bench: Bench;
  /** Agents with a limit, by name: those to be counted, and when the others are. */
  readonly #dueAt: Map<string, number | null>;
  #restUntil = 0;

  constructor(bench: Bench) {
    this.#bench = bench;
    // What another process left half done is counted at the start.
    const limited = bench.config.agents.filter((agent) => agent.maxLiveCredentials !== undefined);
    this.#dueAt = new Map(limited.map(({ name }) => [name, -Infinity]));
  }

  /** Sessions that came or changed. */
  note(sessions: readonly Session[]): void {
    if (this.#dueAt.size === 0) return;
    for (const { attribution: { agent } } of sessions) this.#isDue(agent);
  }

  /** @param isFinal whether nothing may be put off */
  async judge(when: When, isFinal: boolean): Promise<readonly FindingChange[]> {
    const judgedBy = (await this.#bench.store.tasksJudgedBy()) ?? -Infinity;
    const { announceFrom } = when;
    const by = Math.max(when.by, judgedBy);
    const changes = await this.#judgeTasks({ by, announceFrom });
    if (!isFinal && performance.now() < this.#restUntil) return changes;
    return [...changes, ...(await this.#judgeAgents({ by, announceFrom }))];
  }

  #isDue(agent: string | null): void {
    if (agent !== null && this.#dueAt.has(agent)) this.#dueAt.set(agent, -Infinity);
  }

  async #judgeTasks({ by, announceFrom }: When): Promise<readonly FindingChange[]> {
    const { store, config } = this.#bench;
    const changes: FindingChange[] = [];
    for (;;) {
      const due = await store.dueTasks(by, tasksAtOnce);
      if (due.length === 0) return changes;
      const judged = due.map(({ task, revision, sessions }) => {
        const moments = momentsOf(useOf({ task, sessions }), config);
        const { agent, id } = task;
        this.#isDue(agent);
        const parts = judgeMoments({ agent, task }, moments, { ...this.#bench, asOf: by });
        const kept: JudgedTask = { id, revision, dueAt: nextAfter(moments, by) };
        return { judgement: judgementOf(taskGroupKey(id), parts), kept };
      });
      const all = await store.judged(judged.map(({ judgement }) => judgement), announceFrom);
      changes.push(...all.changes);
      await store.tasksJudged(judged.map(({ kept }) => kept), by);
      if (due.length < tasksAtOnce) return changes;
    }
  }

  async #judgeAgents({ by, announceFrom }: When): Promise<readonly FindingChange[]> {
    const { store, config } = this.#bench;
    const due = [...this.#dueAt].filter(([, at]) => at !== null && at <= by);
    const startedAt = performance.now();
    const judgements: Judgement[] = [];
    for (const [agent] of due) {
      const most = config.agents.find(({ name }) => name === agent)?.maxLiveCredentials;
      const moments = tooMany(await store.credentialsOfAgent(agent), most);
      const parts = judgeMoments({ agent, task: null }, moments, { ...this.#bench, asOf: by });
      judgements.push(judgementOf(agentGroupKey(agent), parts));
      this.#dueAt.set(agent, nextAfter(moments, by));
    }
    if (judgements.length === 0) return [];
    const { changes } = await store.judged(judgements, announceFrom);
    const endedAt = performance.now();
    this.#restUntil = endedAt + pauseRatio * (endedAt - startedAt);
    return changes;
  }
}

function judgementOf(groupKey: string, parts: readonly FindingPart[]): Judgement {
  return { groupKey, sessions: [], parts, hits: [] };
}
