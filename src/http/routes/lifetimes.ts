import { z } from "zod";
import { lifetimeReport, reportKeys } from "../../lifetime-report.ts";
import { reportView } from "../../tasks/lifetime-view.ts";
import type { Api, ServerOptions } from "../options.ts";
import { LifetimeReportShape } from "../shapes-lifetime.ts";
import { AskedInstant, paging, refusals } from "../shapes.ts";

const Query = z.strictObject({
  by: z.enum(reportKeys, { error: "expected agent, role or task" }).default("agent")
    .meta({ description: "Whose credentials are added up.", example: "agent" }),
  since: AskedInstant.optional().meta({
    description: "Only credentials issued at this instant or after.",
    example: "2026-03-01T10:00:00Z",
  }),
  until: AskedInstant.optional().meta({
    description: "Only those issued before this instant.", example: "2026-03-01T11:00:00Z",
  }),
  limit: paging.limit.meta({
    description: "At most so many items, those with the most zombie seconds first.", example: 50,
  }),
});

export function addLifetimes(api: Api, { store, now, config }: ServerOptions): void {
  api.get("/v1/lifetimes", {
    config: { role: "viewer" },
    schema: {
      summary: "How long agents' credentials were issued for, used, and zombies",
      description: "Of the temporary credentials issued within the time, told of or seen. It " +
        "reads all of them: ask for less time where there are many.",
      tags: ["tasks"],
      querystring: Query,
      response: { 200: LifetimeReportShape, ...refusals },
    },
  }, async ({ query, signal }) => {
    const { idleSeconds } = config().tasks;
    const asked = { ...query, asOf: now(), idleSeconds, signal };
    return reportView(await lifetimeReport(store, asked), asked);
  });
}
