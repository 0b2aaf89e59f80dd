import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { z } from "zod";
import { freePort } from "../../monitoring/stack/free-port.ts";
import { taskIdOf } from "../../src/sessions/task.ts";
import {
  AskApproval, EndTask, Heartbeat, StartTask, TellCredential, type ApprovalView, type TaskView,
} from "../../src/tasks/contract.ts";

/** What was told, in the order it came. */
export interface Told {
  readonly kind: "start" | "heartbeat" | "end" | "credentials" | "approval" | "approval-asked";
  readonly taskId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The service's side of `docs/tasks-api.md`, in memory: strict in what it takes, as the contract's
 * schemas are.
 */
export class TaskServer {
  readonly told: Told[] = [];
  readonly tasks = new Map<string, TaskView>();
  readonly token = "tw_test-token";
  /** What becomes of who asks for approval. */
  decision: ApprovalView["state"] = "granted";
  #server: Server | null = null;
  #port = 0;
  #waiting: { holds: () => boolean; resolve: () => void }[] = [];

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Again on the same port after {@link stop}: it was away. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const given = body === "" ? {} : JSON.parse(body) as Record<string, unknown>;
        const isKnown = request.headers.authorization === `Bearer ${this.token}`;
        const { status, answer } = isKnown
          ? this.#answered(request.url ?? "", given)
          : problem(401, "No such token.");
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(answer));
        this.#waiting = this.#waiting.filter(({ holds, resolve }) => {
          if (holds()) resolve();
          else return true;
          return false;
        });
      });
    });
    this.#port ||= await freePort();
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#server = server;
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  /** Of one task, or of all: the bodies of one kind. */
  of(kind: Told["kind"]): readonly Told["body"][] {
    return this.told.filter((each) => each.kind === kind).map(({ body }) => body);
  }

  /** Resolves when so many of a kind were told. */
  async heard(kind: Told["kind"], count = 1): Promise<void> {
    const holds = () => this.of(kind).length >= count;
    if (holds()) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push({ holds, resolve });
    });
  }

  #answered(path: string, given: Record<string, unknown>): { status: number; answer: unknown } {
    if (path === "/v1/tasks") return this.#started(StartTask.parse(given));
    const [, id = "", kind = ""] = /^\/v1\/tasks\/(\w+)\/(\w+)/.exec(path) ?? [];
    const task = this.tasks.get(id);
    if (task === undefined) return problem(404, "There is no such task.");
    if (path.includes("?waitSeconds=")) return this.#approval(id, {});
    switch (kind) {
      case "heartbeat": {
        const { at } = this.#heardOf(Heartbeat, given, { kind, taskId: id });
        if (task.endedAt !== null) return problem(409, "The task has ended.");
        return this.#kept({ ...task, heartbeatAt: at });
      }
      case "end": {
        const { at, outcome } = this.#heardOf(EndTask, given, { kind, taskId: id });
        return this.#kept({ ...task, endedAt: task.endedAt ?? at, outcome });
      }
      case "credentials": {
        const told = this.#heardOf(TellCredential, given, { kind, taskId: id });
        return this.#kept({ ...task, credentials: [...task.credentials, told] });
      }
      case "approval":
        this.#heardOf(AskApproval, given, { kind: "approval-asked", taskId: id });
        return this.#approval(id, given);
      default:
        return problem(404, "There is nothing here.");
    }
  }

  #started(body: StartTask): { status: number; answer: unknown } {
    const id = taskIdOf(body.agent, body.externalId);
    this.told.push({ kind: "start", taskId: id, body });
    const known = this.tasks.get(id);
    if (known !== undefined && known.endedAt !== null) return problem(409, "It has ended.");
    if (known !== undefined) return { status: 200, answer: known };
    const task: TaskView = {
      ...body, id, heartbeatAt: null, endedAt: null, outcome: null,
      basis: "told", confidence: "high", credentials: [],
    };
    return { ...this.#kept(task), status: 201 };
  }

  #approval(taskId: string, body: Record<string, unknown>): { status: number; answer: unknown } {
    if (!("expiresAt" in body)) this.told.push({ kind: "approval", taskId, body });
    const isAsked = "expiresAt" in body;
    const answer: ApprovalView = {
      // Nobody decides in the moment of asking.
      state: isAsked ? "pending" : this.decision,
      expiresAt: "2100-01-01T00:00:00.000Z",
      decidedBy: isAsked || this.decision === "pending" ? null : "bob",
      decidedAt: null,
      comment: this.decision === "denied" ? "not on a Friday" : null,
    };
    return { status: 200, answer };
  }

  #heardOf<T extends Record<string, unknown>>(
    schema: z.ZodType<T>,
    given: unknown,
    of: Pick<Told, "kind" | "taskId">,
  ): T {
    const body = schema.parse(given);
    this.told.push({ ...of, body });
    return body;
  }

  #kept(task: TaskView): { status: number; answer: TaskView } {
    this.tasks.set(task.id, task);
    return { status: 200, answer: task };
  }
}

function problem(status: number, detail: string): { status: number; answer: unknown } {
  return { status, answer: { type: "urn:trailwarden:problem:test", title: "", status, detail } };
}
