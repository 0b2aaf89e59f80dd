import { AwsFault, awsFault, type AwsCall } from "./fault.ts";

/**
 * Why STS opened no session, with what has to be changed where: the first that fits AWS's words.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors
 */
export function issueFault(error: unknown, call: AwsCall): AwsFault {
  if (error instanceof AwsFault) return error;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const action = actionIn(said) ?? call.action;
  const fault = awsFault(error, { ...call, action });
  const advice = advices.find(([pattern]) => pattern.test(said))?.[1](call.resource) ??
    adviceOnAction.get(action)?.(call.resource);
  if (advice !== undefined) fault.message = `${fault.message} ${advice}`;
  return fault;
}

/** AWS names what is missing: sts:TagSession and sts:SetSourceIdentity are asked for on the way. */
function actionIn(said: string): string | null {
  return /not authorized to perform: ?(sts:\w+)/i.exec(said)?.[1] ?? null;
}

type Advice = (role: string) => string;

const trust = (action: string): Advice => (role) =>
  `The trust policy of ${role} has to allow ${action} to whoever assumes it, in the statement ` +
  `that allows sts:AssumeRole; their own policy has to allow ${action} on the role.`;

const adviceOnAction: ReadonlyMap<string, Advice> = new Map([
  ["sts:TagSession", trust("sts:TagSession")],
  ["sts:SetSourceIdentity", trust("sts:SetSourceIdentity")],
]);

const advices: readonly (readonly [RegExp, Advice])[] = [
  [
    /role chaining/,
    () => "A role that is assumed by a role lasts 3600 s at most: set durationSeconds to 3600.",
  ],
  [
    /exceeds the MaxSessionDuration/,
    (role) => `Raise MaxSessionDuration of ${role}, or lower durationSeconds of the mode.`,
  ],
  [
    /AssumeRoleWithWebIdentity/,
    (role) => `The trust policy of ${role} has to allow sts:AssumeRoleWithWebIdentity to the ` +
      "token's issuer, with conditions on aud and sub that fit the token.",
  ],
  [
    /InvalidIdentityToken|IDPRejectedClaim|IDPCommunicationError/,
    () => "Check that IAM has an OIDC provider for the token's issuer, and run.audience.",
  ],
  [
    /[Tt]ransitive|tag keys/,
    () => "The session that asks has transitive tags named agent or task: run outside of it.",
  ],
  [
    /PackedPolicyTooLarge|MalformedPolicyDocument/,
    () => "Check sessionPolicy: 2048 characters at most, less where tags are long.",
  ],
  [
    /Could not load credentials/,
    () => "Where trailwarden is the credential_process of that profile itself, name another one: " +
      "run.profile in the config.",
  ],
  [
    /Region is missing/,
    () => "Set AWS_REGION, or aws.region in the config.",
  ],
  [
    /[Ss]ource ?[Ii]dentity.*(?:already|cannot|different)/,
    () =>
      "Whoever asks has a source identity already, and it cannot be changed: give it as --actor.",
  ],
];
