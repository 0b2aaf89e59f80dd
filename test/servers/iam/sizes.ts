import { Refusal } from "../query.ts";

/**
 * IAM's quotas, in characters without white space, and in numbers.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const quotas = {
  inline: { role: 10_240, user: 2048, group: 5120 },
  managedPolicy: 6144,
  policyVersions: 5,
  trust: 2048,
  attachments: 10,
  accessKeys: 2,
  tags: 50,
} as const;

/** As IAM counts: white space is free, wherever it stands. */
export function countedCharacters(document: string): number {
  return document.replace(/\s/g, "").length;
}

export function limitExceeded(message: string): Refusal {
  return new Refusal(409, "LimitExceeded", message);
}

export function checkInline(
  owner: { readonly name: string; readonly inline: ReadonlyMap<string, string> },
  kind: "role" | "user" | "group",
  [policyName, document]: readonly [string, string],
): void {
  const others = [...owner.inline].filter(([name]) => name !== policyName).map(([, one]) => one);
  const sum = [...others, document].reduce((total, one) => total + countedCharacters(one), 0);
  const most = quotas.inline[kind];
  if (sum > most) {
    throw limitExceeded(`Maximum policy size of ${most} bytes exceeded for ${kind} ${owner.name}`);
  }
}

export function checkManaged(document: string): void {
  if (countedCharacters(document) > quotas.managedPolicy) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${quotas.managedPolicy}`);
  }
}

export function checkTrust(document: string): void {
  if (countedCharacters(document) > quotas.trust) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${quotas.trust}`);
  }
}
