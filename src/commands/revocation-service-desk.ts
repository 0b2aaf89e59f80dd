import type { z } from "zod";
import { AskedView, ResponseView, RevocationPage, RevocationView } from "../response/contract.ts";
import type { RevocationFilter } from "../revocations/store.ts";
import { isoAt } from "../tasks/call.ts";
import { answered, askService, tellOnce, type ServiceAddress } from "../tasks/service.ts";
import { exitCodes } from "./exit-codes.ts";
import type { RevocationDesk } from "./revocation-desk.ts";

/** To plan, the service asks IAM, which may be throttling: longer than it insists. */
const patienceMs = 60_000;
/** The most that the service gives at once. */
const pageMax = 200;

/** The running service: its next round carries out what is decided. Throws TaskFaults. */
export function revocationServiceDesk(address: ServiceAddress): RevocationDesk {
  const seen = async <T>(schema: z.ZodType<T>, path: string): Promise<T> =>
    answered(schema, await askService(address, path, patienceMs), address);
  const told = async <T>(schema: z.ZodType<T>, path: string, body: object): Promise<T> =>
    answered(schema, await tellOnce(address, { path, body: { ...body } }, patienceMs), address);
  const pathOf = (id: string) => `/v1/revocations/${encodeURIComponent(id)}`;
  return {
    ask: async (body) => {
      const asked = await told(AskedView, "/v1/revocations", body);
      if (asked.plan.changes.length === 0) process.exitCode = exitCodes.findings;
      return asked;
    },
    list: (filter, limit) => listed((query) => seen(RevocationPage, query), filter, limit),
    show: (id) => seen(RevocationView, pathOf(id)),
    say: (id, { kind, ...body }) => told(RevocationView, `${pathOf(id)}/${kind}`, body),
    pause: (reason) => reason === null
      ? told(ResponseView, "/v1/response/resume", {})
      : told(ResponseView, "/v1/response/pause", { reason }),
    status: () => seen(ResponseView, "/v1/response"),
  };
}

async function listed(
  pageOf: (path: string) => Promise<z.infer<typeof RevocationPage>>,
  { isOpen, since }: RevocationFilter,
  limit: number,
): Promise<readonly RevocationView[]> {
  const revocations: RevocationView[] = [];
  for (let cursor: string | null = ""; cursor !== null && revocations.length < limit; ) {
    const query = new URLSearchParams({
      limit: String(Math.min(pageMax, limit - revocations.length)),
      ...(isOpen === undefined ? {} : { open: String(isOpen) }),
      ...(since === undefined ? {} : { since: isoAt(since) }),
      ...(cursor === "" ? {} : { cursor }),
    });
    const page = await pageOf(`/v1/revocations?${query.toString()}`);
    revocations.push(...page.items);
    cursor = page.next;
  }
  return revocations;
}
