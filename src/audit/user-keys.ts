import type { AccessKey, User } from "./identities.ts";
import { cli, unknown, type Remedy, type Verdict } from "./verdict.ts";

/** The oldest first; null where they are not known. */
export function activeKeys({ accessKeys }: User): readonly AccessKey[] | null {
  if (!accessKeys.known) return null;
  return accessKeys.value.filter(({ isActive }) => isActive)
    .sort((a, b) => a.createdAt - b.createdAt);
}

/** When they are not. */
export function keysUnknown({ accessKeys }: User): Verdict {
  return accessKeys.known ? unknown("Its access keys are not known.")
    : unknown(accessKeys.said, { action: accessKeys.action });
}

/** It can be taken back, until the key is deleted. */
export function deactivate({ name }: User, { id }: AccessKey): Remedy {
  return cli("iam update-access-key", {
    "user-name": name, "access-key-id": id, status: "Inactive",
  });
}
