import type { ResponseConfig } from "../config/schema.ts";
import { judgeRelease, judgeYes, spentBy, type Answer } from "../revocations/approve.ts";
import {
  awaitedVersion, isClosed, revocationStates, stateOf,
} from "../revocations/life-cycle.ts";
import type { Revocation } from "../revocations/revocation.ts";
import { wholeList, type RevocationStore } from "../revocations/store.ts";
import type { Teller } from "../sessions/task-store.ts";
import type { ResponseView } from "./contract.ts";
import { decisionView } from "./view.ts";

/** What somebody says to a revocation. */
export type Saying =
  | { readonly kind: "approve"; readonly version: string }
  | { readonly kind: "decline" | "undo"; readonly reason: string };

/** What became of it: the revocation as it stands now. */
export interface Said {
  readonly revocation: Revocation;
  /** Why it does not count; null: it does. */
  readonly refusal: string | null;
}

/** Null: there is no such revocation. What is carried out for it, the next round does. */
export async function say(
  id: string,
  saying: Saying,
  { store, by }: { readonly store: RevocationStore; readonly by: Teller },
): Promise<Said | null> {
  const revocation = await store.revocation(id);
  if (revocation === null) return null;
  const { actor, at } = by;
  const refusal = refusalOf(revocation, saying, by);
  if (refusal !== null) return { revocation, refusal };
  const told = await store.tellRevocation(id, saying.kind === "approve"
    ? { kind: "approved", said: { digest: saying.version, by: actor, at } }
    : {
      kind: saying.kind === "undo" ? "undone" : "declined",
      decision: { by: actor, reason: saying.reason, at },
    }, by);
  return { revocation: told ?? revocation, refusal: null };
}

function refusalOf(revocation: Revocation, saying: Saying, { actor, at }: Teller): string | null {
  switch (saying.kind) {
    case "approve": {
      const answer = judgeYes(revocation, { by: actor, digest: saying.version, at });
      return answer === "counts" ? null : uncounted[answer];
    }
    case "decline":
      return awaitedVersion(revocation, at) === null ? uncounted["not-awaited"] : null;
    case "undo":
      return revocation.undone === null && !isClosed(revocation)
        ? null : "It is over: there is nothing to undo.";
    default:
      return saying satisfies never;
  }
}

const uncounted: Readonly<Record<Exclude<Answer, "counts">, string>> = {
  "other-version": "It was planned anew since. Look at the plan as it is now; name its version.",
  "same-person": "You have asked for it, or said yes already. Another person has to.",
  "not-awaited": "Nothing of it waits for people any more.",
};

/** What is enabled, paused, open, and waited for. */
export async function responseView(
  store: RevocationStore,
  { config, asOf }: { readonly config: ResponseConfig; readonly asOf: number },
): Promise<ResponseView> {
  const open = await store.listRevocations({ isOpen: true }, wholeList);
  const paused = await store.responsePause();
  const spent = spentBy(await store.listRevocations({ since: asOf - hourMs }, wholeList), asOf);
  const waiting = open.filter(({ releasedAt }) => releasedAt === null).flatMap((one) => {
    const judged = judgeRelease(one, { config, paused, spent, asOf });
    return judged.kind === "wait" ? { id: one.id, for: judged.for, because: judged.because } : [];
  });
  const states = open.map((one) => stateOf(one, asOf));
  return {
    enabled: config.enabled,
    paused: decisionView(paused),
    open: revocationStates
      .map((state) => ({ state, count: states.filter((one) => one === state).length }))
      .filter(({ count }) => count > 0),
    waiting,
  };
}
const hourMs = 3_600_000;
