import type { Session } from "../sessions/session.ts";
import { identityKey } from "./identity-key.ts";

/** A person's sign-in that agents worked under. */
export interface SeenSignIn {
  /** Of the person's user or role session; the id of what signed in where no record told it. */
  readonly arn: string;
  readonly account: string | null;
  readonly agents: readonly string[];
  /** ms UTC */
  readonly lastSessionAt: number;
}

/** Bounds for the odd and the hostile: people, and roles that sessions went on to. */
const seenMax = 10_000;

interface SignIn {
  readonly account: string | null;
  readonly agents: Set<string>;
  lastSessionAt: number;
}

/** What sessions tell beside what they called: noted in any order. */
export class SeenSessions {
  readonly #signIns = new Map<string, SignIn>();
  readonly #became = new Map<string, Set<string>>();

  note(session: Session): void {
    const { chain: [from], role, anchor, attribution: { agent } } = session;
    if (role !== null && from?.roleArn != null) {
      this.#noteBecame(identityKey(from.roleArn), role.arn);
    }
    if (anchor === "sign-in-session" && agent !== null) this.#noteSignIn(session, agent);
  }

  /** By ARN. */
  signIns(): readonly SeenSignIn[] {
    return [...this.#signIns].sort(([a], [b]) => a < b ? -1 : 1).map(([arn, one]) => ({
      arn, account: one.account, agents: [...one.agents].sort(), lastSessionAt: one.lastSessionAt,
    }));
  }

  /** Roles that sessions of this one went on to, as they named them. */
  became(roleArn: string): readonly string[] {
    return [...this.#became.get(identityKey(roleArn)) ?? []];
  }

  #noteBecame(from: string, to: string): void {
    const known = this.#became.get(from);
    if (known !== undefined) {
      if (known.size < seenMax) known.add(to);
    } else if (this.#became.size < seenMax) this.#became.set(from, new Set([to]));
  }

  #noteSignIn({ arn, principalId, account, lastAt }: Session, agent: string): void {
    const name = arn ?? principalId;
    if (name === null) return;
    const known = this.#signIns.get(name);
    if (known === undefined && this.#signIns.size >= seenMax) return;
    const signIn = known ?? { account, agents: new Set(), lastSessionAt: lastAt };
    signIn.agents.add(agent);
    signIn.lastSessionAt = Math.max(signIn.lastSessionAt, lastAt);
    this.#signIns.set(name, signIn);
  }
}
