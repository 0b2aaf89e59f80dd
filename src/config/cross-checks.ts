import { isAbsolute, relative, resolve } from "node:path";
import { nearest } from "../text/nearest.ts";
import type { Config, SinkConfig, SourceConfig } from "./schema.ts";

export type Path = readonly PropertyKey[];
export interface Misfit {
  readonly path: Path;
  readonly message: string;
}

/**
 * What the schema alone cannot see: names that point nowhere, things given twice, agents nothing
 * can match, doors left open.
 */
export function crossChecks(config: Config): readonly Misfit[] {
  const { agents, zones, networks, sources, sinks, http, response, audit } = config;
  return [
    ...Object.entries({ agents, zones, networks, sources, sinks }).flatMap(([key, named]) =>
      twice(named.map(({ name }) => name), { path: [key], key: "name", what: "The name" }),
    ),
    ...twice(http.tokens.map(({ name }) => name), {
      path: ["http", "tokens"], key: "name", what: "The name",
    }),
    ...twice(http.tokens.map(({ sha256 }) => sha256), {
      path: ["http", "tokens"], key: "sha256", what: "The token",
    }),
    ...twice(sinks.map((sink) => (sink.kind === "file" ? resolve(sink.path) : null)), {
      path: ["sinks"], key: "path", what: "The path",
    }),
    ...twice(response.accounts.map(({ id }) => id), {
      path: ["response", "accounts"], key: "id", what: "The account",
    }),
    ...twice(audit.accounts.map(({ id }) => id), {
      path: ["audit", "accounts"], key: "id", what: "The account",
    }),
    ...sourceChecks(sources),
    ...fedBack(sources, sinks),
    ...agentChecks(config),
    ...openDoor(http),
  ];
}

function sourceChecks(sources: readonly SourceConfig[]): Misfit[] {
  const of = (key: "queueUrl" | "path") => sources.map((source) => {
    if (key === "queueUrl") return source.kind === "sqs" ? source.queueUrl : null;
    return source.kind === "directory" ? resolve(source.path) : null;
  });
  return [
    ...twice(of("queueUrl"), { path: ["sources"], key: "queueUrl", what: "The queue" }),
    ...twice(of("path"), { path: ["sources"], key: "path", what: "The folder" }),
    ...sources.flatMap((source, i) =>
      source.kind !== "lookup-events" ? [] : [
        ...twice(source.accounts.map(({ id }) => id), {
          path: ["sources", i, "accounts"], key: "id", what: "The account",
        }),
        ...twice(source.regions, {
          path: ["sources", i, "regions"], key: null, what: "The region",
        }),
      ],
    ),
  ];
}

interface Listed {
  /** Of the list. */
  readonly path: Path;
  /** Of the value within each; null: the elements themselves. */
  readonly key: string | null;
  readonly what: string;
}

/** What is given again after its first time; null is none. A token's hash is not repeated here. */
function twice(values: readonly (string | null)[], { path, key, what }: Listed): Misfit[] {
  return values.flatMap((value, i) =>
    value !== null && values.indexOf(value) < i
      ? [{
          path: key === null ? [...path, i] : [...path, i, key],
          message:
            `${what} is declared twice: ${path.join(".")}[${values.indexOf(value)}] has it too. ` +
            "Give each its own.",
        }]
      : [],
  );
}

/** Findings are no CloudTrail: written where it is read, each would be rejected as such. */
function fedBack(sources: readonly SourceConfig[], sinks: readonly SinkConfig[]): Misfit[] {
  return sinks.flatMap((sink, i) =>
    sources
      .filter((source) => source.kind === "directory" && sink.kind === "file" &&
        isWithin(source.path, sink.path))
      .map(({ name }) => ({
        path: ["sinks", i, "path"],
        message: `The source "${name}" reads what is written here. Choose a path outside it.`,
      })),
  );
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return !way.startsWith("..") && !isAbsolute(way);
}

function agentChecks({ agents, zones, networks }: Config): Misfit[] {
  const zoneNames = zones.map(({ name }) => name);
  const groups = networks.map(({ name }) => name);
  return agents.flatMap((agent, i) => [
    ...unknownNames(agent.forbiddenZones, zoneNames, ["agents", i, "forbiddenZones"]),
    ...unknownNames(
      agent.networks.filter((name) => !name.includes("/") && !name.startsWith("vpce-")),
      groups,
      ["agents", i, "networks"],
    ),
    ...(hasMatcher(agent) ? [] : [{
      path: ["agents", i],
      message:
        `Agent "${agent.name}" has nothing to be recognised by. ` +
        "Give it roles, sessionNames, sourceIdentities, sessionTags or userAgents.",
    }]),
  ]);
}

function hasMatcher(agent: Config["agents"][number]): boolean {
  const lists = [agent.roles, agent.sessionNames, agent.sourceIdentities, agent.userAgents];
  return lists.some((list) => list.length > 0) || Object.keys(agent.sessionTags).length > 0;
}

function unknownNames(names: readonly string[], known: readonly string[], path: Path): Misfit[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const guess = nearest(name, known);
      const hint = guess === null ? "Declare it first." : `Did you mean "${guess}"?`;
      return { path, message: `Nothing is declared under the name "${name}". ${hint}` };
    });
}

/** Whoever reaches the API may read everything: beyond this machine, only with a token. */
function openDoor({ host, tokens }: Config["http"]): Misfit[] {
  if (isLoopback(host) || tokens.length > 0) return [];
  return [{
    path: ["http", "host"],
    message:
      `Everybody who reaches "${host}" could read everything. Give http.tokens ` +
      "(make one with: trailwarden token new), or listen on 127.0.0.1.",
  }];
}

/** RFC 1122 gives all of 127/8 to the machine itself; a name could mean anything but this one. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
