import { z } from "zod";
import type { Api, ServerOptions } from "../options.ts";
import { refusals } from "../shapes.ts";

const Ready = z
  .object({
    ready: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({
    id: "Readiness",
    example: { ready: true, checks: [{ name: "store", ok: true, detail: "Writes succeed." }] },
  });

/** For whoever runs the service: is it up, does it work, what does it count. */
export function addHealth(api: Api, { readiness, metrics }: ServerOptions): void {
  const tags = ["service"];
  api.get("/healthz", {
    config: { role: "open", rateLimit: false },
    schema: {
      summary: "The process answers",
      description: "The only address that asks for no token.",
      tags,
      security: [],
      response: { 200: z.object({ status: z.literal("up") }) },
    },
  }, () => ({ status: "up" as const }));

  api.get("/readyz", {
    config: { role: "viewer" },
    schema: {
      summary: "The service does its work; 503 where something stands in the way",
      tags,
      response: { ...refusals, 200: Ready, 503: Ready },
    },
  }, async (_request, reply) => {
    const { ready, checks } = readiness();
    return await reply.code(ready ? 200 : 503).send({ ready, checks: [...checks] });
  });

  api.get("/metrics", {
    config: { role: "viewer" },
    schema: {
      summary: "Metrics, for Prometheus",
      tags,
      response: {
        200: { description: "Prometheus text.", content: { "text/plain": { schema: z.string() } } },
        ...refusals,
      },
    },
  }, async (_request, reply) => {
    const { contentType, text } = await metrics();
    return await reply.type(contentType).send(text);
  });
}
