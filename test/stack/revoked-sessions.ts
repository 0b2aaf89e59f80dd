import type { Scrape } from "../../monitoring/stack/server.ts";
import { openApp } from "../../src/app.ts";
import { askOrShow } from "../../src/response/ask-or-show.ts";
import { openResponder } from "../../src/response/open-responder.ts";
import { agentUserAgent, roleIdentity } from "../builders/record.ts";
import { key, RevokePlace } from "../commands/revoked.ts";
import { until } from "../commands/watch/watch-process.ts";
import { heard, metricsOf, scrapedWatch, store, type ScrapedWatch } from "./scraped-watch.ts";

const otherKey = "ASIATASKKEY000000002";
const lateKey = "ASIATASKKEY000000003";

/** A `watch` beside an IAM, whose revocations go wrong as the test asks. */
export class RevokedSessions {
  readonly #place: RevokePlace;
  readonly #watch: ScrapedWatch;

  private constructor(place: RevokePlace, watch: ScrapedWatch) {
    this.#place = place;
    this.#watch = watch;
  }

  static async open(): Promise<RevokedSessions> {
    const place = await RevokePlace.open();
    configure(place, []);
    return new RevokedSessions(place, await scrapedWatch(place.work, "revocations"));
  }

  get scrape(): Scrape {
    return this.#watch.scrape;
  }

  /**
   * One is revoked late, and AWS refuses it at first, one is revoked and called through, another's
   * revocation is held up by a pause; a rule asks for that of a role which IAM does not know.
   */
  async goWrong(): Promise<void> {
    const place = this.#place;
    place.work.trail("inbox/one.json", [
      place.call(-30),
      place.call(-20, this.#as("aider-ro", "task-2", otherKey)),
      place.call(-20, this.#as("aider-ro", "task-3", lateKey)),
      place.call(-20, {
        ...this.#as("developer", "somebody", "ASIASOMEBODY00000001"), userAgent: agentUserAgent,
      }),
    ]);
    await until(async () => (await place.run("revoke", lateKey, ...store)).code === 0);
    place.iam.own.denied.add("iam:PutRolePolicy");
    await this.#askedBefore(20, lateKey);
    await this.#tells(/^trailwarden_revocation_failures_total\{code="denied"\} [1-9]/m);
    place.iam.own.denied.clear();
    await this.#tells(/^trailwarden_revocations\{state="applied"\} 1$/m);
    await place.run("revoke", key, "-r", "leaked", "--yes", ...store);
    await this.#tells(/^trailwarden_revocations\{state="applied"\} 2$/m);
    // Later than IAM needs to enforce it.
    place.work.trail("inbox/two.json", [place.call(90)]);
    await place.run("response", "pause", "-r", "a drill", ...store);
    await place.run("revoke", otherKey, "-r", "leaked", "--yes", ...store);
  }

  /** Somebody asked so many minutes ago, and nothing came of it until now. */
  async #askedBefore(minutes: number, accessKeyId: string): Promise<void> {
    const { work } = this.#place;
    const app = await openApp({
      store: work.path("trail.db"), config: work.path("trailwarden.yaml"),
    });
    const responder = await openResponder({ store: app.store, config: () => app.config });
    const target = { kind: "credential", value: accessKeyId } as const;
    await askOrShow(
      { target, reason: "leaked", dryRun: false },
      {
        store: app.store, config: app.config.response,
        responder: () => Promise.resolve(responder),
      },
      { actor: "cli:somebody", at: Date.now() - minutes * 60_000 },
    );
    responder.close();
    await app.close();
  }

  async #tells(line: RegExp): Promise<void> {
    await until(async () => line.test(await metricsOf(this.#watch)));
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
    this.#watch.process.child.kill("SIGHUP");
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
    await this.#watch.process.end("SIGTERM");
    await this.#place.close();
  }
}

function configure(place: RevokePlace, more: readonly object[]): void {
  const triggers = [{ only: { rules: ["undeclared-agent"] }, target: "role" }];
  place.configure({ enabled: true, triggers }, {
    agents: [{ name: "aider", roles: ["arn:aws:iam::*:role/agents/aider-ro"] }, ...more],
    roles: [{ arn: "arn:aws:iam::*:role/agents/aider-ro", mode: "readonly" }],
    ...heard(place.work),
  });
}
