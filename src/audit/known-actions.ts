import { accessOverrides } from "../events/access-overrides.ts";
import type { Access } from "../events/event.ts";
import { iamActionsByLevel } from "../events/iam-actions-by-level.ts";
import { isWriteLike } from "../events/access.ts";
import { matchesGlob } from "../sessions/glob.ts";

/** An action that IAM knows. */
export interface KnownAction {
  /** `s3:GetObject` */
  readonly name: string;
  readonly access: Access;
  /** Whether a read-only role must not be able to. */
  readonly isWriteLike: boolean;
}

/** Every action IAM knows, by service prefix; made at first use. */
let actionsByService: ReadonlyMap<string, readonly KnownAction[]> | null = null;

function known(): ReadonlyMap<string, readonly KnownAction[]> {
  if (actionsByService !== null) return actionsByService;
  const found = new Map<string, KnownAction[]>();
  for (const line of iamActionsByLevel.trim().split("\n")) {
    const [service = "", level, ...names] = line.split(" ");
    const actions = names.map((name) => knownAction(`${service}:${name}`, level as Access));
    found.set(service, [...(found.get(service) ?? []), ...actions]);
  }
  actionsByService = found;
  return found;
}

/** Classified as calls are: see `events/access.ts`. */
function knownAction(name: string, level: Access): KnownAction {
  const access = accessOverrides.get(name) ?? level;
  return { name, access, isWriteLike: isWriteLike({ access, operation: name }) };
}

/** What a pattern of a policy stands for: `ec2:Describe*`, `*`. */
export function actionsLike(pattern: string): readonly KnownAction[] {
  const colon = pattern.indexOf(":");
  const service = (colon === -1 ? pattern : pattern.slice(0, colon)).toLowerCase();
  const services = /[*?]/.test(service)
    ? [...known()].filter(([name]) => matchesGlob(service, name)).map(([, actions]) => actions)
    : [known().get(service) ?? []];
  if (colon === -1) return services.flat();
  const wanted = pattern.slice(colon + 1).toLowerCase();
  return services.flat().filter(({ name }) =>
    matchesGlob(wanted, name.slice(name.indexOf(":") + 1).toLowerCase()));
}
