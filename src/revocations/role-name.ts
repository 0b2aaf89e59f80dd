import { readRoleArn } from "../events/arn.ts";

/** Which role it is, whether or not its ARN tells the path: names are unique within an account. */
export function roleKey(arn: string): string {
  const read = readRoleArn(arn);
  return read === null ? arn : `${read.account}/${read.name}`;
}

export function sameRole(one: string, other: string): boolean {
  return roleKey(one) === roleKey(other);
}
