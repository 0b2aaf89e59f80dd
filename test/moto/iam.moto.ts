import {
  CreateAccessKeyCommand, CreateOpenIDConnectProviderCommand, CreatePolicyCommand,
  CreateRoleCommand, CreateUserCommand, IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, it } from "vitest";
import { collect, type Collecting } from "../../src/audit/collect.ts";
import { isAgents } from "../../src/audit/discovery.ts";
import { History } from "../../src/audit/history.ts";
import { emptySnapshot } from "../../src/audit/snapshot.ts";
import { IamGate } from "../../src/aws/iam.ts";
import { emptyConfig } from "../../src/config/schema.ts";
import { judgeAudit } from "../../src/judge-audit.ts";
import { systemClock } from "../../src/sources/clock.ts";
import { accountWanted } from "../../src/sources/identities.ts";
import { policy, reading, trust } from "../servers/iam/iam-place.ts";
import { startMoto, type MotoServer } from "./moto-server.ts";

/** The account that moto gives everybody. */
const id = "123456789012";
const RoleName = "agent";
const denied = policy({ Effect: "Deny", Action: "*", Resource: "*" });

let moto: MotoServer;
let aws: { readonly endpoint: string; readonly region: string };
let client: IAMClient;
beforeAll(async () => {
  moto = await startMoto();
  process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
  process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
  aws = { endpoint: moto.endpoint, region: "us-east-1" };
  client = new IAMClient(aws);
  await client.send(new CreateRoleCommand({
    RoleName, Path: "/agents/", AssumeRolePolicyDocument: trust, MaxSessionDuration: 7200,
    Tags: [{ Key: "agent", Value: "aider" }],
  }));
});
afterAll(() => {
  client.destroy();
  moto.stop();
});

it("moto's roles and policies are seen and changed as ours are", async () => {
  const gate = new IamGate(aws, { socketsMax: 4 });
  const created = new CreatePolicyCommand({ PolicyName: "Deny", PolicyDocument: denied });
  const arn = (await client.send(created)).Policy?.Arn ?? "";
  expect(await gate.putRolePolicy(RoleName, "deny", denied)).toBe("done");
  expect(await gate.putRolePolicy("absent", "deny", denied)).toBe("missing");
  await expect(gate.putRolePolicy(RoleName, "deny", "{")).rejects.toMatchObject({
    code: "invalid", retryable: false,
  });
  expect(await gate.attachRolePolicy(RoleName, arn)).toBe("done");
  expect(await gate.role(RoleName)).toMatchObject({
    arn: `arn:aws:iam::${id}:role/agents/agent`, path: "/agents/", tags: { agent: "aider" },
    maxSessionSeconds: 7200, inlinePolicies: [{ name: "deny", document: denied }],
    attachedPolicyArns: [arn],
  });
  for (let n = 2; n <= 5; n += 1) {
    expect(await gate.createPolicyVersion(arn, n === 5 ? reading : denied)).toBe("done");
  }
  expect(await gate.createPolicyVersion(arn, denied)).toBe("no-room");
  expect(await gate.deletePolicyVersion(arn, "v1")).toBe("done");
  expect(await gate.policy(arn)).toMatchObject({
    document: reading, versions: [{ id: "v2" }, { id: "v3" }, { id: "v4" }, { isDefault: true }],
  });
  expect(await gate.detachRolePolicy(RoleName, arn)).toBe("done");
  expect(await gate.detachRolePolicy(RoleName, arn)).toBe("missing");
  gate.close();
});

async function read(wantsUseOf: Collecting["wantsUseOf"]) {
  const { signal } = new AbortController();
  const quiet = () => undefined;
  const patience = { clock: systemClock, signal, failed: quiet, recovered: quiet };
  const { accounts } = await collect({
    accounts: [await accountWanted(aws, { id, isManagement: null }, patience)],
    wantsUseOf,
    now: () => systemClock.now(),
    signal,
    save: () => Promise.resolve(),
  }, emptySnapshot(systemClock.now()));
  return accounts;
}

it("moto's account is read whole", async () => {
  await client.send(new CreateUserCommand({ UserName: "bot" }));
  await client.send(new CreateAccessKeyCommand({ UserName: "bot" }));
  const accounts = await read(() => false);
  expect(accounts).toMatchObject([{
    id, partition: "aws",
    identities: { known: true, value: {
      roles: [{ name: RoleName, trust, maxSessionSeconds: { known: true, value: 7200 } }],
      users: [{ name: "bot", accessKeys: { value: [
        { isActive: true, lastUsed: { known: true, value: null } },
      ] } }],
    } },
    credentialReport: { known: true, value: { users: [{ name: "bot", hasMfa: false }] } },
    oidcProviders: { known: true, value: [] },
    samlProviders: { known: true, value: [] },
    summary: { known: true, value: { Users: 1, Roles: 1 } },
  }]);
});

it("moto's account is audited, over pages; what it cannot tell is unknown", async () => {
  const trusting = (Principal: object) => JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }],
  });
  const others = Array.from({ length: 120 }, (_, i) => `role-${i}`);
  for (const name of [...others, "agent-wide"]) {
    await client.send(new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: trusting(
        name === "agent-wide" ? { AWS: "*" } : { Service: "ec2.amazonaws.com" }),
    }));
  }
  const provider = new CreateOpenIDConnectProviderCommand({
    Url: "https://token.actions.githubusercontent.com", ClientIDList: ["sts.amazonaws.com"],
    ThumbprintList: ["0".repeat(40)],
  });
  await client.send(provider);
  const agents = isAgents({ agents: [] }, { observed: () => null });
  const accounts = await read(agents);
  expect(accounts).toMatchObject([{
    oidcProviders: { value: [{ clientIds: ["sts.amazonaws.com"] }] },
    identities: { value: { roles: { length: 122 } } },
  }]);
  const report = await judgeAudit({
    accounts, at: systemClock.now(), config: emptyConfig, only: [], before: null,
    history: new History(emptyConfig, true),
  });
  const failed = report.judgements.filter(({ result }) => result === "fail");
  expect(failed.filter(({ check }) => check === "trust-too-wide").map(({ subject }) => subject))
    .toEqual([`arn:aws:iam::${id}:role/agent-wide`, `arn:aws:iam::${id}:role/agents/agent`]);
  expect(report.inventory.identities.map(({ subject, services }) => [subject, services])).toEqual([
    [`arn:aws:iam::${id}:role/agents/agent`, null], [`arn:aws:iam::${id}:role/agent-wide`, null],
  ]);
  expect(report.unread).toMatchObject([{ account: id, count: 2 }]);
});
