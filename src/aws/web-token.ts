import { readFile } from "node:fs/promises";
import { AwsFault } from "./fault.ts";
import type { WebToken } from "./session-wanted.ts";

/** A file that whoever runs the workload keeps fresh: Kubernetes, a CI. Read anew each time. */
export function tokenInFile(path: string): WebToken {
  return async () => {
    try {
      return (await readFile(path, "utf8")).trim();
    } catch (cause) {
      throw noToken(path, cause);
    }
  };
}

const timeoutMs = 10_000;

/**
 * GitHub's token for this job. Only jobs with `permissions: id-token: write` get these variables.
 * https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export function tokenOfGitHub(url: string, bearer: string, audience: string): WebToken {
  return async () => {
    try {
      const target = new URL(url);
      target.searchParams.set("audience", audience);
      const response = await fetch(target, {
        headers: { authorization: `bearer ${bearer}`, accept: "application/json" },
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok) throw new Error(`GitHub answers ${response.status}`);
      const answer = await response.json() as { readonly value?: unknown };
      if (typeof answer.value !== "string") throw new Error("GitHub answers without a token");
      return answer.value;
    } catch (cause) {
      throw noToken("GitHub's OIDC token", cause);
    }
  };
}

function noToken(what: string, cause: unknown): AwsFault {
  const said = cause instanceof Error ? cause.message : String(cause);
  const reason = Object.assign(new Error(said), { name: "TokenProviderError" });
  return new AwsFault(
    "no-credentials",
    { action: "sts:AssumeRoleWithWebIdentity", resource: what },
    reason,
  );
}
