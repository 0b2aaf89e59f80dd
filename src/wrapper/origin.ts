import { userInfo } from "node:os";
import type { Environment } from "./child-environment.ts";

/** Who gives the task, where, and what they call it, as far as the surroundings say. */
export interface Origin {
  readonly actor: string;
  readonly repository: string | null;
  readonly task: string | null;
}

/**
 * https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * https://docs.gitlab.com/ci/variables/predefined_variables/
 */
export function originIn(environment: Environment): Origin {
  const of = (name: string): string | null => environment[name] || null;
  if (of("GITHUB_ACTIONS") !== null) {
    return {
      actor: of("GITHUB_TRIGGERING_ACTOR") ?? of("GITHUB_ACTOR") ?? "github-actions",
      repository: of("GITHUB_REPOSITORY"),
      task: of("GITHUB_RUN_ID") && `github-${of("GITHUB_RUN_ID")}-${of("GITHUB_RUN_ATTEMPT")}`,
    };
  }
  if (of("GITLAB_CI") !== null) {
    return {
      actor: of("GITLAB_USER_LOGIN") ?? "gitlab-ci",
      repository: of("CI_PROJECT_PATH"),
      task: of("CI_JOB_ID") && `gitlab-${of("CI_JOB_ID")}`,
    };
  }
  return { actor: userName(), repository: null, task: null };
}

/** A container's user may have no name: its number then. */
function userName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && "code" in error) return `uid-${process.getuid?.() ?? "unknown"}`;
    throw error;
  }
}
