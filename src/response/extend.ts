import { callerOf, denies } from "../revocations/denial.ts";
import { changesOf, endsAtOf, isClosed, removableAtOf } from "../revocations/life-cycle.ts";
import { endOf, marginMs, userLifeMs } from "../revocations/lifetime.ts";
import type { Revocation } from "../revocations/revocation.ts";
import type { Responder } from "./respond.ts";

/**
 * Before a revocation is taken out: where a credential that it hits is known by now to live longer
 * than was planned for, it stays in for longer.
 */
export async function extend(one: Revocation, { store, now }: Responder): Promise<void> {
  const asOf = now();
  if (asOf < removableAtOf(one) || isClosed(one) || one.undone !== null) return;
  const denials = changesOf(one).flatMap((change) => change.kind === "deny" ? change.denials : []);
  const roleIds = denials.map(({ roleId }) => roleId);
  const hit = (await store.sessionsOfRoles(roleIds, asOf - userLifeMs))
    .filter((session) => denials.some((denial) => denies(denial, callerOf(session))));
  const endsAt = Math.max(...hit.map(endOf));
  if (endsAt + marginMs <= asOf || endsAt <= endsAtOf(one)) return;
  const ends = { endsAt, removableAt: endsAt + marginMs };
  await store.tellRevocation(one.id, { kind: "extended", ends }, {
    actor: "trailwarden", at: asOf,
  });
}
