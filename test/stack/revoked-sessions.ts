import { mkdirSync } from "node:fs";
import type { Scrape } from "../../monitoring/stack/server.ts";
import { agentUserAgent, roleIdentity } from "../builders/record.ts";
import { key, RevokePlace } from "../commands/revoked.ts";
import { until, WatchProcess } from "../commands/watch/watch-process.ts";

const store = ["--store", "trail.db"];
const otherKey = "ASIATASKKEY000000002";

/** A `watch` beside an IAM, whose revocations go wrong as the test asks. */
export class RevokedSessions {
  readonly #place: RevokePlace;
  readonly #watch: WatchProcess;
  scrape: Scrape = { job: "revocations", url: "", token: "" };

  private constructor(place: RevokePlace) {
    this.#place = place;
    // What no declared agent can have done is read too.
    this.#watch = new WatchProcess(place.work, ["--all-records", ...store], { env: place.env });
  }

  static async open(): Promise<RevokedSessions> {
    const place = await RevokePlace.open();
    mkdirSync(place.work.path("inbox"));
    configure(place, []);
    const sessions = new RevokedSessions(place);
    const token = /tw_[\w-]+/.exec(await sessions.#watch.says(/only token is/))?.[0] ?? "";
    const line = await sessions.#watch.says(/"msg":"Watching/);
    const { http: url } = JSON.parse(line) as { http: string };
    sessions.scrape = { job: "revocations", url, token };
    return sessions;
  }

  /** One is revoked and called through, another's revocation is held up by a pause. */
  async goWrong(): Promise<void> {
    const place = this.#place;
    place.work.trail("inbox/one.json", [
      place.call(-30),
      place.call(-20, this.#as("aider-ro", "task-2", otherKey)),
      place.call(-20, {
        ...this.#as("developer", "somebody", "ASIASOMEBODY00000001"), userAgent: agentUserAgent,
      }),
    ]);
    await until(async () => (await place.run("revoke", otherKey, ...store)).code === 0);
    await place.run("revoke", key, "-r", "leaked", "--yes", ...store);
    await until(async () => (await this.#metrics()).includes('revocations{state="applied"} 1'));
    // Later than IAM needs to enforce it.
    place.work.trail("inbox/two.json", [place.call(90)]);
    await place.run("response", "pause", "-r", "a drill", ...store);
    await place.run("revoke", otherKey, "-r", "leaked", "--yes", ...store);
  }

  async #metrics(): Promise<string> {
    const { url, token } = this.scrape;
    const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    return await answer.text();
  }

  /** So many sessions that try to write under a read-only role. */
  flood(count: number): void {
    this.#place.work.trail("inbox/flood.json", Array.from({ length: count }, (_, i) =>
      this.#place.call(-10, {
        ...this.#as("aider-ro", `flood-${i}`, `ASIAFLOODKEY${String(i).padStart(8, "0")}`),
        eventName: "TerminateInstances", readOnly: false,
        errorCode: "Client.UnauthorizedOperation", errorMessage: "You are not authorized.",
      })));
  }

  #as(role: string, session: string, accessKeyId: string) {
    const { userIdentity } = this.#place.call(0) as {
      readonly userIdentity: {
        readonly accountId: string;
        readonly sessionContext: { readonly sessionIssuer: { readonly principalId: string } };
      };
    };
    const { accountId: account, sessionContext } = userIdentity;
    return {
      userIdentity: roleIdentity({
        role, session, accessKeyId, account,
        roleId: sessionContext.sessionIssuer.principalId,
        createdAt: this.#place.createdAt,
      }),
    };
  }

  /** Everything is taken back, and who was not known is declared. */
  async mend(): Promise<void> {
    const { work } = this.#place;
    const roles = ["arn:aws:iam::*:role/agents/developer"];
    configure(this.#place, [{ name: "developer", roles }]);
    this.#watch.child.kill("SIGHUP");
    await this.#place.run("response", "resume", ...store);
    const listed = await this.#place.run("revocations", "list", ...store, "-f", "json");
    const ids = [...listed.stdout.matchAll(/"id": ?"([^"]+)"/g)].map(([, id = ""]) => id);
    for (const id of ids) {
      await this.#place.run("revocations", "undo", id, "-r", "a drill", ...store);
    }
    const text = await work.run([
      "findings", "suppress", "--rule", "*", "--reason", "a drill", ...store,
    ]);
    if (text.code !== 0) throw new Error(text.stderr);
  }

  async close(): Promise<void> {
    await this.#watch.end("SIGTERM");
    await this.#place.close();
  }
}

function configure(place: RevokePlace, more: readonly object[]): void {
  place.configure({ enabled: true }, {
    agents: [{ name: "aider", roles: ["arn:aws:iam::*:role/agents/aider-ro"] }, ...more],
    roles: [{ arn: "arn:aws:iam::*:role/agents/aider-ro", mode: "readonly" }],
    sources: [{ kind: "directory", name: "inbox", path: place.work.path("inbox") }],
    http: { port: 0, requestsPerMinute: 1_000_000 },
  });
}
