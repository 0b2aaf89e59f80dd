import type { WebToken } from "../aws/session-wanted.ts";
import { tokenInFile, tokenOfGitHub } from "../aws/web-token.ts";
import type { RunConfig } from "../config/run-schema.ts";
import { UsageError } from "../usage-error.ts";
import type { Environment } from "./child-environment.ts";

/**
 * The web identity that opens the agent's session; null: the SDK's own credentials do, whichever it
 * finds (variables, a profile, IRSA's role, an ECS task's or a pod's, an instance's).
 *
 * `auto` asks GitHub where its variables are and no keys are; reads a token file where no role goes
 * with it; else leaves it to the SDK, since only AssumeRole takes tags and a source identity.
 */
export function webIdentity(run: RunConfig, environment: Environment): WebToken | null {
  const { identity, audience, tokenFile } = run;
  const file = tokenFile ?? environment["AWS_WEB_IDENTITY_TOKEN_FILE"];
  const github = gitHubIn(environment);
  switch (identity) {
    case "aws":
      return null;
    case "github-actions":
      if (github !== null) return tokenOfGitHub(github.url, github.bearer, audience);
      throw new UsageError(
        "run.identity is github-actions, and GitHub offers this job no token. " +
        "Give the job the permission id-token: write.",
      );
    case "token-file":
      if (file) return tokenInFile(file);
      throw new UsageError(
        "run.identity is token-file, and no file is named. Set run.tokenFile, or " +
        "AWS_WEB_IDENTITY_TOKEN_FILE.",
      );
    case "auto":
      if (environment["AWS_ACCESS_KEY_ID"]) return null;
      if (github !== null) return tokenOfGitHub(github.url, github.bearer, audience);
      return file && !environment["AWS_ROLE_ARN"] ? tokenInFile(file) : null;
  }
}

function gitHubIn(environment: Environment): { url: string; bearer: string } | null {
  const url = environment["ACTIONS_ID_TOKEN_REQUEST_URL"];
  const bearer = environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"];
  return url && bearer ? { url, bearer } : null;
}
