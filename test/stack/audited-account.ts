import { stringify } from "yaml";
import { auditAt } from "../../monitoring/stack/audit-at.ts";
import type { Scrape } from "../../monitoring/stack/server.ts";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { ownAccount } from "../aws/sts-service.ts";
import { Workplace } from "../commands/program.ts";
import { IamPlace, policy, trust } from "../servers/iam/iam-place.ts";
import { watched } from "../telemetry/telemetry-bench.ts";
import { heard, scrapedWatch, type ScrapedWatch } from "./scraped-watch.ts";

const passing = { RoleName: "aider", PolicyName: "pass" };
const dayMs = 86_400_000;

/** A `watch` that audits no more; when it last did, an agent's role could pass on any other. */
export class AuditedAccount {
  readonly #aws: IamPlace;
  readonly #place: Workplace;
  readonly #watch: ScrapedWatch;

  private constructor(aws: IamPlace, place: Workplace, watch: ScrapedWatch) {
    this.#aws = aws;
    this.#place = place;
    this.#watch = watch;
  }

  static async open(): Promise<AuditedAccount> {
    const aws = new IamPlace();
    await aws.open();
    aws.own.act("CreateRole", { RoleName: "aider", AssumeRolePolicyDocument: trust });
    const PolicyDocument = policy({ Action: "iam:PassRole", Resource: "*" });
    aws.own.act("PutRolePolicy", { ...passing, PolicyDocument });
    const place = new Workplace();
    const store = await openSqliteStore({ path: place.path("trail.db") });
    await auditAt(Date.now() - 3 * dayMs, {
      store,
      normalise: createNormaliser(iamAccessLevels()),
      config: Config.parse(configOf(aws, {})),
      telemetry: watched().telemetry.audit,
    });
    await store.close();
    configure(place, configOf(aws, {}));
    return new AuditedAccount(aws, place, await scrapedWatch(place, "audits"));
  }

  get scrape(): Scrape {
    return this.#watch.scrape;
  }

  /** The role is mended, and audits go on. */
  mend(): void {
    this.#aws.own.act("DeleteRolePolicy", passing);
    configure(this.#place, configOf(this.#aws, { schedule: "* * * * *" }));
    this.#watch.process.child.kill("SIGHUP");
  }

  async close(): Promise<void> {
    await this.#watch.process.end("SIGTERM");
    await this.#aws.close();
    this.#place.remove();
  }
}

function configOf({ aws }: IamPlace, audit: object): object {
  const agents = [{ name: "aider", roles: [`arn:aws:iam::${ownAccount}:role/aider`] }];
  return { aws, agents, audit: { ...audit, accounts: [{ id: ownAccount }] } };
}

function configure(place: Workplace, config: object): void {
  place.write("trailwarden.yaml", stringify({ ...config, ...heard(place) }));
}
