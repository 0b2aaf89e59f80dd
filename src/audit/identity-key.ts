/**
 * Most records tell no path, and names are unique without: in whatever letter case.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function identityKey(arn: string): string {
  return arn.replace(/:(role|user)\/.*\//s, ":$1/").toLowerCase();
}
