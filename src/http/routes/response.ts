import { z } from "zod";
import { responseView } from "../../response/decide.ts";
import { deciderOf } from "../access.ts";
import type { Api, ServerOptions } from "../options.ts";
import { ResponseShape } from "../shapes-revocation.ts";
import { Reason, refusals } from "../shapes.ts";

const tags = ["revocations"];
const answers = { 200: ResponseShape, ...refusals };

/** The off-switch of everything that changes accounts. */
export function addResponse(api: Api, { store, now, config, response }: ServerOptions): void {
  const view = () => responseView(store, { config: config().response, asOf: now() });

  api.get("/v1/response", {
    config: { role: "viewer" },
    schema: {
      summary: "Whether responses are enabled and paused, and what waits for what",
      tags,
      querystring: z.strictObject({}),
      response: answers,
    },
  }, view);

  api.post("/v1/response/pause", {
    config: { role: "responder" },
    schema: {
      summary: "Stop everything that changes accounts: what stands in policies stays",
      tags,
      body: z.strictObject({ reason: Reason }),
      response: answers,
    },
  }, async (request) => {
    await store.pauseResponse(request.body.reason, deciderOf(request, now()));
    return await view();
  });

  api.post("/v1/response/resume", {
    config: { role: "responder" },
    schema: {
      summary: "Let responses go on",
      tags,
      body: z.strictObject({}),
      response: answers,
    },
  }, async (request) => {
    await store.pauseResponse(null, deciderOf(request, now()));
    response.wake();
    return await view();
  });
}
