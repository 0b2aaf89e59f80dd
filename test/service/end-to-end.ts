import { CreatePolicyCommand, CreateRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { ownRulesFolder, rulesAt } from "../../src/app.ts";
import { IamGate } from "../../src/aws/iam.ts";
import { Config } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { LiveJudge } from "../../src/judging/live-judge.ts";
import { ingestParts } from "../../src/pipeline.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { say } from "../../src/response/decide.ts";
import { round, type Responder } from "../../src/response/respond.ts";
import { Wishes } from "../../src/response/wishes.ts";
import { documentOf } from "../../src/revocations/document.ts";
import { stateOf } from "../../src/revocations/life-cycle.ts";
import { wholeList } from "../../src/revocations/store.ts";
import { observeMarked } from "../../src/service/observing.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { at } from "../builders/event.ts";
import { batchOf } from "../builders/living.ts";
import {
  assumed, instantAt, keyMade, record, roleIdentity, type Assumed, type RoleSession,
} from "../builders/record.ts";
import { isDenied } from "../iam/evaluate.ts";
import { policyName } from "../revocations/planned.ts";

const rules = await rulesAt({ onlyRules: ownRulesFolder });
const normalise = createNormaliser(iamAccessLevels());

/** An IAM that answers AWS's own client, and the account that callers belong to there. */
export interface Cloud {
  readonly client: IAMClient;
  readonly aws: { readonly endpoint: string; readonly region: string };
  readonly account: string;
}

/** The trust of a role of agents: not looked at by whoever answers. */
const AssumeRolePolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
});

/** What stands when something of the program was done: records in, findings and policies out. */
export async function wholeProgram({ client, aws, account }: Cloud, response: object) {
  const RoleName = "ro-inventory";
  const { Role } = await client.send(new CreateRoleCommand({
    RoleName, Path: "/agents/", AssumeRolePolicyDocument,
  }));
  const roleId = Role?.RoleId ?? "";
  const PolicyDocument = documentOf([], "managed") ?? "";
  await client.send(new CreatePolicyCommand({ PolicyName: policyName, PolicyDocument }));
  const config = Config.parse({
    aws, roles: [{ arn: "arn:aws:iam::*:role/agents/ro-*", mode: "readonly" }],
    response: {
      enabled: true, triggers: [{ only: { rules: ["creates-lasting-credentials"] } }], ...response,
    },
  });
  const store = await openSqliteStore({ path: ":memory:" });
  const judge = new LiveJudge({ store, rules, normalise, config }, { bytesMax: 1e6 });
  const gate = new IamGate(aws, { socketsMax: 4 });
  const clock = { at: at(600) };
  const responder: Responder = {
    store, config: config.response, gateOf: () => gate, ownRoles: [], holder: "one",
    now: () => clock.at, random: () => 0, wait: () => Promise.resolve(),
  };
  const wishes = new Wishes({
    store, config: config.response, now: responder.now, responder: () => Promise.resolve(responder),
  });
  const identity = (session: string, of: RoleSession = {}) => roleIdentity({
    roleId, session, account, role: RoleName, accessKeyId: `ASIA${session}`, ...of,
  });
  const newest = async () => (await store.listRevocations({}, wholeList)).at(0) ?? null;
  return {
    clock, store, responder,
    /** Of a session of the role, with a creation of its own. */
    call: (session: string, seconds: number, { fields = {}, ...of }: RoleSession & {
      readonly fields?: Readonly<Record<string, unknown>>;
    } = {}) => record({
      eventTime: instantAt(seconds), userIdentity: identity(session, of),
      recipientAccountId: account, ...fields,
    }),
    keyMade: (session: string, seconds: number) => keyMade({
      eventTime: instantAt(seconds), userIdentity: identity(session), recipientAccountId: account,
    }),
    issued: (session: string, of: Assumed = {}) => assumed({
      roleId, session, accessKeyId: `ASIA${session}`, expiration: "Mar 1, 2026, 11:00:00 AM",
      fields: { requestParameters: { roleArn: Role?.Arn, roleSessionName: session } }, ...of,
    }),
    /** Records come in and are judged; what the service does in a round is done. */
    async turn(seconds: number, records: readonly RawRecord[] = []) {
      clock.at = at(seconds);
      const parts = records.map((one) => ({
        delivery: { id: String(one["eventID"]), name: "d" }, batch: batchOf([one]),
      }));
      if (parts.length > 0) judge.note((await ingestParts({ store, normalise }, parts)).gains);
      await judge.judge({ asOf: 0, announceFrom: -Infinity });
      await observeMarked({ store, normalise }, clock.at);
      await wishes.grant();
      return (await round(responder)).map(({ as }) => as);
    },
    /** Another person's yes to what waits; why it does not count. */
    async yes() {
      const revocation = await newest();
      const version = revocation?.versions.at(-1)?.digest ?? "";
      const by = { actor: "token:bob", at: clock.at };
      const saying = { kind: "approve", version } as const;
      return (await say(revocation?.id ?? "", saying, { store, by }))?.refusal;
    },
    async state() {
      const revocation = await newest();
      return revocation && stateOf(revocation, clock.at);
    },
    newest,
    /** Every document on the role, as AWS's own client shows it. */
    async documents(): Promise<readonly string[]> {
      const role = await gate.role(RoleName);
      const managed = await Promise.all(
        (role?.attachedPolicyArns ?? []).map((arn) => gate.policy(arn)),
      );
      return [
        ...(role?.inlinePolicies ?? []).map(({ document }) => document),
        ...managed.map((policy) => policy?.document ?? ""),
      ];
    },
    async isLost(session: string, issuedAt = at(0)): Promise<boolean> {
      return isDenied(await this.documents(), {
        "aws:userid": `${roleId}:${session}`,
        "aws:TokenIssueTime": new Date(issuedAt).toISOString(),
      });
    },
    /** Those that speak of revocations. */
    async findings(): Promise<readonly string[]> {
      const found: string[] = [];
      for await (const page of store.findings()) {
        found.push(...page.map(({ rule, level }) => `${rule} ${level}`));
      }
      return found.filter((text) => text.includes("revocation")).sort();
    },
    async close(): Promise<void> {
      gate.close();
      await store.close();
    },
  };
}
