import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Suppression } from "../../findings/finding.ts";
import { deciderOf } from "../access.ts";
import type { Api, ServerOptions } from "../options.ts";
import { Problem } from "../problem.ts";
import { SuppressionShape } from "../shapes-finding.ts";
import { notFound, Reason, refusals } from "../shapes.ts";

const dayMs = 86_400_000;
const pattern = z.string().min(1).max(2048).optional();
const daysError = "expected a number of days from 1 to 365";

const Body = z.strictObject({
  rule: pattern.meta({ description: "A rule's name, or a pattern.", example: "unknown-network" }),
  entity: pattern.meta({ description: "What findings are about: its id, or a pattern." }),
  agent: pattern.meta({ description: "An agent's name, or a pattern.", example: "aider" }),
  account: pattern.meta({ description: "An account id, or a pattern." }),
  reason: Reason,
  days: z.number({ error: daysError }).min(1, daysError).max(365, daysError).default(30)
    .meta({ description: "For how long." }),
});

export function addSuppressions(api: Api, { store, now }: ServerOptions): void {
  const tags = ["suppressions"];
  api.get("/v1/suppressions", {
    config: { role: "viewer" },
    schema: {
      summary: "What is suppressed, the oldest first, expired ones too",
      description: "All of them: people make these, one at a time.",
      tags,
      querystring: z.strictObject({}),
      response: { 200: z.object({ items: z.array(SuppressionShape) }), ...refusals },
    },
  }, async () => ({ items: (await store.suppressions()).map(suppressionJson) }));

  api.post("/v1/suppressions", {
    config: { role: "responder" },
    schema: {
      summary: "Accept findings, for a reason and a time",
      description: "At least one of rule, entity, agent and account is needed; all that are " +
        "given must match.",
      tags,
      body: Body,
      response: { 201: SuppressionShape, ...refusals },
    },
  }, async (request, reply) => {
    const suppression = suppressionOf(request.body, now());
    await store.suppress(suppression, deciderOf(request, suppression.createdAt));
    return await reply.code(201).send(suppressionJson(suppression));
  });

  api.delete("/v1/suppressions/:id", {
    config: { role: "responder" },
    schema: {
      summary: "End a suppression",
      tags,
      params: z.strictObject({ id: z.string().min(1).max(256) }),
      body: z.strictObject({ reason: Reason }),
      response: { 204: z.undefined().describe("It is ended."), ...refusals, ...notFound },
    },
  }, async (request, reply) => {
    const { params: { id }, body: { reason } } = request;
    if (!(await store.unsuppress(id, reason, deciderOf(request, now())))) {
      const what = "There is no suppression of this id. List them at /v1/suppressions.";
      throw new Problem("not-found", what);
    }
    return await reply.code(204).send();
  });
}

function suppressionOf(body: z.infer<typeof Body>, at: number): Suppression {
  const { rule, entity, agent, account, reason, days } = body;
  if ([rule, entity, agent, account].every((pattern) => pattern === undefined)) {
    throw new Problem(
      "invalid-request",
      "The body has no rule, entity, agent or account: a suppression of everything is none. " +
      "Give one of them.",
    );
  }
  return {
    id: randomBytes(8).toString("hex"),
    rule: rule ?? null, entity: entity ?? null, agent: agent ?? null, account: account ?? null,
    reason,
    createdAt: at, expiresAt: at + days * dayMs,
  };
}

function suppressionJson(suppression: Suppression): z.infer<typeof SuppressionShape> {
  return {
    ...suppression,
    createdAt: new Date(suppression.createdAt).toISOString(),
    expiresAt: new Date(suppression.expiresAt).toISOString(),
  };
}
