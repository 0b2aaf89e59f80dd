import type { SessionWanted } from "../aws/session-wanted.ts";
import {
  Mode, writeModes, type AgentModeConfig, type GrantedMode,
} from "../config/run-schema.ts";
import type { AgentConfig, Config } from "../config/schema.ts";
import { matchesGlob } from "../sessions/glob.ts";
import {
  sessionNameFrom,
  sessionNameOf,
  tagValueOf,
  type MadeName,
} from "../sessions/session-name.ts";
import { ExternalId } from "../tasks/contract.ts";
import { nearest } from "../text/nearest.ts";
import { UsageError } from "../usage-error.ts";
import { credentialSeconds } from "./duration.ts";

/** What is asked for on the command line, with what the environment says. */
export interface RunAsked {
  readonly agent: string;
  /** The flag's, and that of TRAILWARDEN_MODE. */
  readonly mode: string | undefined;
  readonly modeOutside: string | undefined;
  /** The giver's name of the task. */
  readonly task: string;
  readonly expectedSeconds: number | null;
  readonly reason: string | null;
  readonly repository: string | null;
  readonly actor: string;
  /** ms UTC. */
  readonly at: number;
  /** Whether the credential can be replaced while the task lives. */
  readonly isRefreshed: boolean;
}

/** What will be done, before anything is. */
export interface Plan {
  readonly agent: string;
  readonly mode: GrantedMode;
  readonly task: string;
  readonly expectedSeconds: number | null;
  readonly reason: string | null;
  readonly repository: string | null;
  readonly actor: string;
  readonly at: number;
  /** As the config has it: JSON, or a file of it. */
  readonly sessionPolicy: string | null;
  readonly needsApproval: boolean;
  readonly session: Omit<SessionWanted, "policy">;
  /** What people should know of, as sentences. */
  readonly notes: readonly string[];
}

/** A UsageError says what is missing or contradicts itself. */
export function planOf(asked: RunAsked, config: Config): Plan {
  const agent = agentNamed(asked.agent, config);
  const mode = modeOf(asked);
  const granted = grantOf(agent, mode);
  const { task, reason, repository, actor, at } = asked;
  if (!ExternalId.safeParse(task).success) {
    throw new UsageError(`--task is ${task}: expected printable ASCII without spaces.`);
  }
  if (reason === null && (granted.needsReason || writeModes.includes(mode))) {
    throw new UsageError(`Mode ${mode} needs a reason. Give it with --reason "why".`);
  }
  const name = sessionNameFrom(agent.sessionName, {
    agent: agent.name, task, mode, actor, epoch: Math.floor(at / 1000),
  });
  const source = sessionNameOf(actor);
  const expectedSeconds = asked.expectedSeconds ?? granted.expectedSeconds ?? null;
  const longest = Math.min(granted.durationSeconds, agent.maxLifetimeSeconds ?? Infinity);
  return {
    agent: agent.name, mode, task, expectedSeconds, reason, repository, actor, at,
    sessionPolicy: granted.sessionPolicy ?? null,
    needsApproval: granted.approval,
    session: {
      roleArn: granted.role,
      sessionName: name.name,
      durationSeconds:
        credentialSeconds(expectedSeconds, { longest, isRefreshed: asked.isRefreshed }),
      tags: { agent: agent.name, task: tagValueOf(task), mode },
      // Not the mode: it is this role's, and a session opened from this one has another role.
      transitiveTags: ["agent", "task"],
      sourceIdentity: source.name,
    },
    notes: [
      ...changed("The session", name), ...changed("The source identity", source),
      ...unlike(agent, name.name),
    ],
  };
}

function agentNamed(name: string, { agents }: Config): AgentConfig {
  const agent = agents.find((each) => each.name === name);
  if (agent !== undefined) return agent;
  const names = agents.map((each) => each.name);
  const guess = nearest(name, names);
  const hint = guess === null ? "Declare it under agents in the config." : `Did you mean ${guess}?`;
  throw new UsageError(`There is no agent named ${name} in the config. ${hint}`);
}

/** From outside of what the agent can reach: who starts it says, or who set up where it runs. */
function modeOf({ mode: flag, modeOutside: variable }: RunAsked): GrantedMode {
  if (flag !== undefined && variable !== undefined && flag !== variable) {
    throw new UsageError(
      `--mode is ${flag}, and TRAILWARDEN_MODE is ${variable}: they have to agree. ` +
      "Leave one of them out.",
    );
  }
  const asked = flag ?? variable;
  if (asked === undefined) {
    throw new UsageError("No mode is given. Say --mode readonly, or set TRAILWARDEN_MODE.");
  }
  const known = Mode.safeParse(asked).data;
  if (known !== undefined) return known;
  const what = flag === undefined ? "TRAILWARDEN_MODE" : "--mode";
  throw new UsageError(`${what} is ${asked}: expected one of ${Mode.options.join(", ")}.`);
}

function grantOf({ name, modes }: AgentConfig, mode: GrantedMode): AgentModeConfig {
  const granted = modes[mode];
  if (granted !== undefined) return granted;
  const others = Object.keys(modes).join(", ");
  const has = others === "" ? "It has none" : `It has ${others}`;
  throw new UsageError(
    `Agent ${name} has no mode ${mode} in the config. ${has}. ` +
    `Give agents[].modes.${mode} a role.`,
  );
}

function changed(what: string, { name, wanted }: MadeName): readonly string[] {
  if (wanted === null) return [];
  return [`${what} is called ${name}: AWS does not take ${JSON.stringify(wanted)} as it stands.`];
}

/** Our own rules would say so, later and to others. */
function unlike({ name, sessionNames }: AgentConfig, session: string): readonly string[] {
  if (sessionNames.length === 0) return [];
  if (sessionNames.some((pattern) => matchesGlob(pattern, session))) return [];
  return [
    `The session name ${session} fits none of ${name}'s sessionNames: it will not be taken for ` +
    `${name}'s. Change sessionName in the config.`,
  ];
}
