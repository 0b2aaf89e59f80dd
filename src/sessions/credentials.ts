import type { Joined, Used } from "./join.ts";
import { accessKeyOf } from "./lane.ts";
import { richerIssuance } from "./richness.ts";
import type { Credential, Sighting } from "./session.ts";
import type { Span, Spans } from "./spans.ts";
import type { Lane } from "./state.ts";

export type Join = (used: Pick<Used, "accessKeyId" | "firstAt">) => Joined | null;

/** A credential, and the link by which its issuance was found. */
export interface JoinedCredential {
  readonly credential: Credential;
  readonly joined: Joined | null;
}

/** The access keys among a session's lanes, in order of first use. */
export function credentialsOf(
  lanes: readonly (readonly [string, Lane])[],
  join: Join,
): readonly JoinedCredential[] {
  return lanes
    .map(([name, lane]) => {
      const accessKeyId = accessKeyOf(name);
      return accessKeyId === null ? null : credentialOf(accessKeyId, lane, join);
    })
    .filter((credential) => credential !== null)
    .sort((a, b) => inTime(a.credential, b.credential));
}

function inTime(a: Credential, b: Credential): number {
  return a.firstAt - b.firstAt || (a.accessKeyId < b.accessKeyId ? -1 : 1);
}

function credentialOf(accessKeyId: string, lane: Lane, join: Join): JoinedCredential {
  const firstAt = Math.min(...lane.windows.map((window) => window.firstAt));
  const joined = lane.kind === "long-term" ? null : join({ accessKeyId, firstAt });
  const credential: Credential = {
    accessKeyId,
    kind: lane.kind === "long-term" ? "long-term" : "temporary",
    issuance: joined?.issuance ?? null,
    expiresAt: joined?.issuance.expiresAt ?? null,
    firstAt,
    lastAt: Math.max(...lane.windows.map(({ lastAt }) => lastAt)),
    useCount: lane.windows.reduce((count, { eventCount }) => count + eventCount, 0),
    networks: sightings(lane.networks.entries.map(kindAndValue)),
    userAgents: sightings(lane.userAgents.entries.map(kindAndValue)),
    credentialSources: sightings(valuesOf(lane.credentialSources)),
    tasks: [],
  };
  return { credential, joined };
}

type Seen = readonly [kind: string, value: string, span: Span];

function kindAndValue([text, span]: readonly [string, Span]): Seen {
  const space = text.indexOf(" ");
  return [text.slice(0, space), text.slice(space + 1), span];
}

function valuesOf({ entries }: Spans): Seen[] {
  return entries.map(([value, span]) => ["", value, span]);
}

function sightings(seen: readonly Seen[]): readonly Sighting[] {
  return seen
    .map(([kind, value, [firstAt, lastAt, count]]) => ({ value, kind, firstAt, lastAt, count }))
    .sort((a, b) => a.firstAt - b.firstAt || (a.value < b.value ? -1 : 1));
}

/** The issuance that opened the session: known by its key before inferred, then the earliest. */
export function opening(credentials: readonly JoinedCredential[]): Joined | null {
  const [first] = credentials
    .map(({ joined }) => joined)
    .filter((joined) => joined !== null)
    .sort(
      (a, b) =>
        Number(b.by === "access-key") - Number(a.by === "access-key") ||
        a.issuance.at - b.issuance.at ||
        richerIssuance(a.issuance, b.issuance),
    );
  return first ?? null;
}
