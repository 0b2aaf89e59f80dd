import { z } from "zod";
import { pageJson, placeIn, type CursorForm } from "../cursor.ts";
import type { Api, ServerOptions } from "../options.ts";
import { Instant, pageOf, paging, refusals } from "../shapes.ts";

const form: CursorForm = { of: "audit-log", kinds: ["number"] };

const Entry = z
  .object({
    id: z.int(),
    at: Instant,
    actor: z.string().meta({ description: "token:<name>, or cli:<user>." }),
    action: z.string(),
    subject: z.string(),
    reason: z.string(),
  })
  .meta({
    id: "AuditEntry",
    description: "Who changed what, when and why.",
    example: {
      id: 17,
      at: "2026-03-01T10:20:00.000Z",
      actor: "token:alice",
      action: "finding.close benign",
      subject: "9fb01e1c5d3a7b42",
      reason: "A drill of ours.",
    },
  });

export function addAuditLog(api: Api, { store }: ServerOptions): void {
  api.get("/v1/audit-log", {
    config: { role: "admin" },
    schema: {
      summary: "Every change and who made it, the latest first",
      tags: ["audit log"],
      querystring: z.strictObject(paging),
      response: { 200: pageOf(Entry), ...refusals },
    },
  }, async ({ query: { limit, cursor } }) => {
    const [before] = placeIn(form, cursor) ?? [];
    const entries = await store.auditLog(limit + 1, before === undefined ? before : Number(before));
    const items = entries.slice(0, limit);
    const last = items.at(-1);
    const next = entries.length > limit && last !== undefined ? [last.id] : null;
    return pageJson({ items, next }, form, (entry) =>
      ({ ...entry, at: new Date(entry.at).toISOString() }));
  });
}
