import type { Access } from "./event.ts";
import { iamActionsByLevel } from "./iam-actions-by-level.ts";

export type IamAccess = Extract<Access, "read" | "list" | "write" | "permissions" | "tagging">;

/** IAM's access levels, by service prefix and action. */
export interface AccessLevels {
  isKnown(service: string): boolean;
  /** Of an action (`s3`, `GetObject`; any letter case); null when IAM has no such action. */
  levelOf(service: string, action: string): IamAccess | null;
}

/**
 * IAM's access levels, as AWS's service authorization reference has them. Of 450 services an
 * account uses some dozens: each is read when it is first asked about.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
export function iamAccessLevels(): AccessLevels {
  const lines = linesByService();
  const services = new Map<string, ReadonlyMap<string, IamAccess>>();
  return {
    isKnown: (service) => lines.has(service),
    levelOf(service, action) {
      const known = lines.get(service);
      if (known === undefined) return null;
      const actions = services.get(service) ?? new Map(known.flatMap(actionsOf));
      services.set(service, actions);
      return actions.get(action.toLowerCase()) ?? null;
    },
  };
}

function linesByService(): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, string[]>();
  for (const line of iamActionsByLevel.trim().split("\n")) {
    const service = line.slice(0, line.indexOf(" "));
    lines.set(service, [...(lines.get(service) ?? []), line]);
  }
  return lines;
}

/** Of `s3 read GetObject …`: an entry for each action. */
function actionsOf(line: string): readonly (readonly [action: string, access: IamAccess])[] {
  const [, access, ...names] = line.split(" ");
  return names.map((name) => [name.toLowerCase(), access as IamAccess]);
}
