import { devNull } from "node:os";
import type { IssuedCredentials } from "../aws/session-wanted.ts";
import type { Plan } from "./plan.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** How the agent gets at its credentials. */
export type Given =
  | { readonly by: "endpoint"; readonly url: string; readonly token: string }
  | { readonly by: "variables"; readonly credentials: IssuedCredentials };

/**
 * Ours, or another way to AWS that SDKs prefer to what we give: all of them look at variables
 * before they look at a container's endpoint, most at profiles too.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
const shadows = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_CREDENTIAL_FILE",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/** Keys to what we do: with them an agent could end its task, or ask for another role. */
const ours = [
  "TRAILWARDEN_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_URL",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
];

/** What the agent runs with: no credential but those that were issued to it. */
export function childEnvironment(
  parent: Environment,
  given: Given,
  { agent, mode, task, region }: Pick<Plan, "agent" | "mode" | "task"> & { region: string | null },
): Environment {
  const hidden = new Set([...shadows, ...ours]);
  const kept = Object.entries(parent).filter(([name]) => !hidden.has(name));
  return {
    // The profile that went with the files below may have said it.
    ...(region === null ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    TRAILWARDEN_AGENT: agent,
    TRAILWARDEN_MODE: mode,
    TRAILWARDEN_TASK: task,
    ...variablesOf(given),
  };
}

function variablesOf(given: Given): Environment {
  if (given.by === "endpoint") {
    return {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: given.url,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: given.token,
    };
  }
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = given.credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: new Date(expiresAt).toISOString(),
  };
}
