import type { TokenConfig } from "../../src/config/schema.ts";

export interface Route {
  readonly method: string;
  /** As OpenAPI writes it. */
  readonly pattern: string;
  /** One to ask for. */
  readonly path: string;
  readonly least: TokenConfig["role"] | "open";
  readonly body?: unknown;
}

const finding = "/v1/findings/a000000000000000";
const task = `/v1/tasks/${"0".repeat(32)}`;
const at = "2026-03-01T10:00:00.000Z";
const reason = "As the test wants it.";

/** Every address that is served, and the least role that may: what docs/api.md says. */
export const everyRoute: readonly Route[] = [
  ...([
    ["/healthz", "/healthz", "open"],
    ["/readyz", "/readyz", "viewer"],
    ["/metrics", "/metrics", "viewer"],
    ["/v1/agents", "/v1/agents", "viewer"],
    ["/v1/roles", "/v1/roles", "viewer"],
    ["/v1/sessions", "/v1/sessions", "viewer"],
    ["/v1/sessions/{id}", "/v1/sessions/s1", "viewer"],
    ["/v1/sessions/{id}/timeline", "/v1/sessions/s1/timeline", "viewer"],
    ["/v1/credentials", "/v1/credentials", "viewer"],
    ["/v1/events", "/v1/events?session=s1", "viewer"],
    ["/v1/events/{id}", "/v1/events/e1", "viewer"],
    ["/v1/findings", "/v1/findings", "viewer"],
    ["/v1/findings/{id}", finding, "viewer"],
    ["/v1/suppressions", "/v1/suppressions", "viewer"],
    ["/v1/tasks", "/v1/tasks", "viewer"],
    ["/v1/tasks/{id}", task, "viewer"],
    ["/v1/tasks/{id}/approval", `${task}/approval`, "viewer"],
    ["/v1/lifetimes", "/v1/lifetimes", "viewer"],
    ["/v1/baselines", "/v1/baselines", "viewer"],
    ["/v1/baselines/{account}/{role}", "/v1/baselines/111122223333/ro", "viewer"],
    ["/v1/revocations", "/v1/revocations", "viewer"],
    ["/v1/revocations/{id}", "/v1/revocations/r1", "viewer"],
    ["/v1/response", "/v1/response", "viewer"],
    ["/v1/audits", "/v1/audits", "viewer"],
    ["/v1/audits/latest/failures", "/v1/audits/latest/failures", "viewer"],
    ["/v1/inventory", "/v1/inventory", "viewer"],
    ["/v1/audit-log", "/v1/audit-log", "admin"],
  ] as const).map(([pattern, path, least]) => ({ method: "GET", pattern, path, least })),
  {
    method: "POST", pattern: "/v1/findings/{id}/acknowledge", path: `${finding}/acknowledge`,
    least: "responder", body: { reason },
  },
  {
    method: "POST", pattern: "/v1/findings/{id}/close", path: `${finding}/close`,
    least: "responder", body: { verdict: "benign", reason },
  },
  {
    method: "POST", pattern: "/v1/suppressions", path: "/v1/suppressions",
    least: "responder", body: { rule: "rule-a", reason },
  },
  {
    method: "DELETE", pattern: "/v1/suppressions/{id}", path: "/v1/suppressions/s1",
    least: "responder", body: { reason },
  },
  {
    method: "POST", pattern: "/v1/baselines/{account}/{role}/reset",
    path: "/v1/baselines/111122223333/ro/reset", least: "responder", body: { reason },
  },
  ...([
    ["/v1/revocations", "/v1/revocations", {
      target: { kind: "agent", value: "aider" }, reason, dryRun: true,
    }],
    ["/v1/revocations/{id}/approve", "/v1/revocations/r1/approve", { version: "v1" }],
    ["/v1/revocations/{id}/decline", "/v1/revocations/r1/decline", { reason }],
    ["/v1/revocations/{id}/undo", "/v1/revocations/r1/undo", { reason }],
    ["/v1/response/pause", "/v1/response/pause", { reason }],
    ["/v1/response/resume", "/v1/response/resume", {}],
  ] as const).map(([pattern, path, body]) =>
    ({ method: "POST", pattern, path, least: "responder" as const, body })),
  ...([
    ["", {
      externalId: "T-1", agent: "aider", mode: "readonly", startedAt: at, expectedSeconds: null,
      heartbeatSeconds: null, repository: null, actor: null, reason: null,
    }],
    ["/heartbeat", { at }],
    ["/credentials", {
      accessKeyId: "ASIATASKKEY000000001", roleArn: "r", sessionName: "s", issuedAt: at,
      expiresAt: at,
    }],
    ["/end", { at, outcome: "succeeded", exitCode: 0, revoke: false }],
    ["/approval", { reason: null, expiresAt: at }],
    ["/approval/decision", { decision: "granted", comment: null }],
  ] as const).map(([path, body]) => ({
    method: "POST", pattern: path === "" ? "/v1/tasks" : `/v1/tasks/{id}${path}`,
    path: path === "" ? "/v1/tasks" : task + path, least: "responder" as const, body,
  })),
];

/** Pages for people, which the description leaves out. */
export const pages = ["/docs", "/docs/", "/docs/json", "/docs/yaml", "/docs/static/index.html"];
