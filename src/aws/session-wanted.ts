/** What a session is asked for. */
export interface SessionWanted {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  /** JSON that narrows the role. */
  readonly policy: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Of the tags: those that sessions which this one opens inherit. */
  readonly transitiveTags: readonly string[];
  readonly sourceIdentity: string | null;
}

/** Secret: never to be written, logged or sent but to the agent. */
export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ms UTC. */
  readonly expiresAt: number;
}

/** Gives a web identity token, freshly made or read, each time. */
export type WebToken = () => Promise<string>;

/** Opens sessions. Both ways to STS are one of these. */
export interface Sts {
  /** With the token where one is given, else with credentials of our own. */
  readonly open: (wanted: SessionWanted, webToken: string | null) => Promise<IssuedCredentials>;
  /** For the agent's own calls; null where nothing says. */
  readonly region: () => Promise<string | null>;
}
