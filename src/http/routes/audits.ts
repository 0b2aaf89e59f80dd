import { z } from "zod";
import { identityKinds } from "../../audit/inventory.ts";
import { identityJson } from "../../audit/inventory-json.ts";
import { resultJson } from "../../audit/result-json.ts";
import type { AuditRun } from "../../audit/run.ts";
import type { Placed } from "../../audit/store.ts";
import { pageJson, placeIn, type CursorForm } from "../cursor.ts";
import type { Api, ServerOptions } from "../options.ts";
import { AgentIdentityShape, AuditFailureShape, AuditRunShape } from "../shapes-audit.ts";
import { LevelName, pageOf, paging, refusals } from "../shapes.ts";

const tags = ["audits"];
const forms = {
  runs: { of: "audits", kinds: ["number"] },
  failures: { of: "audit-failures", kinds: ["number"] },
  identities: { of: "inventory", kinds: ["number"] },
} satisfies Record<string, CursorForm>;

export function addAudits(api: Api, { store }: ServerOptions): void {
  api.get("/v1/audits", {
    config: { role: "viewer" },
    schema: {
      summary: "Runs of the audit, the latest first",
      tags,
      querystring: z.strictObject(paging),
      response: { 200: pageOf(AuditRunShape), ...refusals },
    },
  }, async ({ query: { limit, cursor } }) => {
    const runs = await store.auditRuns({ limit: limit + 1, after: after(forms.runs, cursor) });
    const placed = runs.map((item) => ({ item, place: item.id }));
    return pageJson(cut(placed, limit), forms.runs, runJson);
  });

  api.get("/v1/audits/latest/failures", {
    config: { role: "viewer" },
    schema: {
      summary: "What failed in the latest run, the worst first",
      tags,
      querystring: z.strictObject({
        ...paging,
        check: z.string().max(100).optional().meta({ description: "Only this check's." }),
        level: LevelName.optional().meta({ description: "This level and above." }),
      }),
      response: { 200: pageOf(AuditFailureShape), ...refusals },
    },
  }, async ({ query: { limit, cursor, check, level } }) => {
    const slice = { limit: limit + 1, after: after(forms.failures, cursor) };
    const found = await store.auditFailures({ check, minLevel: level }, slice);
    return pageJson(cut(found, limit), forms.failures, resultJson);
  });

  api.get("/v1/inventory", {
    config: { role: "viewer" },
    schema: {
      summary: "Agents' identities, as of the latest run of the audit",
      tags,
      querystring: z.strictObject({
        ...paging,
        kind: z.enum(identityKinds).optional().meta({ description: "Only these." }),
      }),
      response: { 200: pageOf(AgentIdentityShape), ...refusals },
    },
  }, async ({ query: { limit, cursor, kind } }) => {
    const slice = { limit: limit + 1, after: after(forms.identities, cursor) };
    const found = await store.agentIdentities(kind ?? null, slice);
    return pageJson(cut(found, limit), forms.identities, identityJson);
  });
}

function after(form: CursorForm, cursor: string | undefined): number | null {
  const [place] = placeIn(form, cursor) ?? [];
  return place === undefined ? null : Number(place);
}

/** @param found one more than fits, where there is more */
function cut<T>(found: readonly Placed<T>[], limit: number) {
  const kept = found.slice(0, limit);
  const last = kept.at(-1);
  const next = found.length > limit && last !== undefined ? [last.place] : null;
  return { items: kept.map(({ item }) => item), next };
}

function runJson({ accountIds, startedAt, at, ...run }: AuditRun) {
  return {
    ...run,
    startedAt: new Date(startedAt).toISOString(),
    at: new Date(at).toISOString(),
    accounts: accountIds,
    unread: run.unread.map(({ account, action, reason, said, count }) =>
      ({ account, action, reason, said, count })),
  };
}
