import { Config, type TokenConfig } from "../../src/config/schema.ts";
import { taskIdOf } from "../../src/sessions/task.ts";
import { noon } from "../storage/made.ts";
import { serving, type Item, type Serving } from "./serving.ts";

export type Send = (
  path: string, body: unknown, as?: TokenConfig["role"],
) => Promise<{ readonly status: number; readonly json: Item }>;

const role = "arn:aws:iam::111122223333:role/agents/deployer";

/** A server with an agent whose modes have rules, at a time that tests can move. */
export async function tasksServing(): Promise<{
  readonly served: Serving;
  readonly clock: { at: number };
  readonly send: Send;
}> {
  const clock = { at: noon };
  const config = Config.parse({
    http: { requestsPerMinute: 1e9 },
    agents: [{
      name: "deployer",
      roles: [role],
      modes: {
        readonly: { role, needsReason: true, approval: true },
        readwrite: { role },
      },
    }],
  });
  const served = await serving({ config: () => config, now: () => clock.at });
  const send: Send = async (path, body, as = "responder") => {
    const response = await served.ask(path, { method: "POST", as, body });
    return { status: response.status, json: await response.json() as Item };
  };
  return { served, clock, send };
}

/** A start of a task. */
export function bodyOf(changes: { readonly externalId: string; readonly agent?: string }) {
  return {
    agent: "aider", mode: "readonly", startedAt: "2026-03-01T10:00:00.000Z", expectedSeconds: null,
    heartbeatSeconds: 60, repository: null, actor: "alice", reason: null,
    ...changes,
  };
}

/** The path of the approval of a task that needs one, and is started. */
export async function approvalCall(
  send: Send,
  externalId: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const body = { ...bodyOf({ externalId, agent: "deployer" }), reason: "release", ...changes };
  await send("/v1/tasks", body);
  return `/v1/tasks/${taskIdOf("deployer", externalId)}/approval`;
}
