import { tiesBy, type Effect } from "../revocations/effects.ts";
import type { RevocationStore } from "../revocations/store.ts";
import type { SessionContext } from "../sessions/derive.ts";
import type { GroupState } from "../sessions/state.ts";

export type EffectStore = Pick<RevocationStore, "effectsOn">;

/** What revocations take from sessions of each group's role, and from its keys: one query. */
export async function revokedIn(
  store: EffectStore,
  groups: readonly GroupState[],
): Promise<(group: GroupState) => Pick<SessionContext, "revocationsOf">> {
  const names = new Map(groups.map((group) => [group.key, namesOf(group)]));
  const found = await store.effectsOn([...new Set([...names.values()].flat())]);
  if (found.length === 0) return () => ({});
  const byName = new Map<string, Effect[]>();
  for (const effect of found) byName.set(effect.of, [...(byName.get(effect.of) ?? []), effect]);
  return ({ key }) => {
    const own = (names.get(key) ?? []).flatMap((name) => byName.get(name) ?? []);
    return own.length === 0 ? {} : { revocationsOf: (session) => tiesBy(own, session) };
  };
}

/** `AROA…:task-1` -> `AROA…`; and its access keys. */
function namesOf({ principalId, accessKeyIds }: GroupState): readonly string[] {
  const [roleId = ""] = principalId?.split(":", 1) ?? [];
  return [roleId, ...accessKeyIds];
}
