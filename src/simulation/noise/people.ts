import type { Logged } from "../call.ts";
import { makeCall, writeRecord } from "../call.ts";
import type { Caller, Client, From, Issued } from "../caller.ts";
import { roleCaller, roleIdentity } from "../caller.ts";
import { hour, minute, second } from "../instant.ts";
import { assumeWithSaml } from "../issuance.ts";
import type { OperationName } from "../operations/catalogue.ts";
import { operations } from "../operations/catalogue.ts";
import type { Random } from "../random.ts";
import { Weighted } from "../random.ts";
import { awsCli, browser } from "../user-agents.ts";
import type { World } from "../world.ts";
import { accessKeyId, accounts, addressIn } from "../world.ts";

export const people = ["ana", "bo", "chidi", "dara", "emil", "fen", "gita", "hugo"] as const;

const permissionSets = ["PowerUser_0f1e2d3c4b5a6978", "ReadOnly_8796a5b4c3d2e1f0"] as const;

export function personRole(world: World, account: string, permissionSet: string) {
  const path = `aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_${permissionSet}`;
  return world.role(account, path);
}

/**
 * One stretch of a person's work: in the console, or with the CLI; Identity Center lets them in.
 */
export function personSession(world: World, random: Random, startAt: number): Logged[] {
  const person = random.pick(people);
  const account = random.pick([accounts.dev, accounts.dev, accounts.staging, accounts.prod]);
  const address = addressIn(random.chance(0.7) ? "office" : "staff-home", random);
  const isConsole = random.chance(0.6);
  const client = isConsole
    ? browser()
    : awsCli({ os: "macos#26.1.0", codes: ["b", "r", "Z", "E"] }, random);
  const permissionSet = random.pick(permissionSets);
  const opening = assumeWithSaml(`${person}@example.com`, {
    role: personRole(world, account, permissionSet),
    sessionName: `${person}@example.com`,
    seconds: 8 * 3600,
    at: startAt,
    region: "eu-west-1",
    random,
    address,
    client,
  });
  const work = isConsole ? inConsole : withCli;
  const session = { world, random, address, client, issued: opening.issued };
  const mayWrite = permissionSet.startsWith("PowerUser");
  const signIn = identityCenter({ random, address, client, account, startAt });
  return [signIn, ...opening.events, ...work(session, mayWrite ? changing : looking)];
}

interface PersonSession {
  readonly world: World;
  readonly random: Random;
  readonly address: string;
  readonly client: Client;
  readonly issued: Issued;
}

const looking = new Weighted<OperationName>([
  ["ec2:DescribeInstances", 12],
  ["ec2:DescribeSecurityGroups", 6],
  ["ec2:DescribeVolumes", 4],
  ["ec2:DescribeInstanceStatus", 8],
  ["cloudwatch:DescribeAlarms", 12],
  ["cloudwatch:GetMetricData", 14],
  ["logs:DescribeLogGroups", 8],
  ["logs:FilterLogEvents", 8],
  ["lambda:ListFunctions", 6],
  ["s3:ListBuckets", 6],
  ["s3:GetBucketLocation", 4],
  ["rds:DescribeDBInstances", 4],
  ["iam:ListRoles", 2],
  ["iam:GetAccountSummary", 2],
  ["cloudformation:DescribeStacks", 5],
]);

const changing = new Weighted<OperationName>([
  ["ec2:DescribeInstances", 20],
  ["cloudwatch:GetMetricData", 16],
  ["logs:FilterLogEvents", 14],
  ["lambda:GetFunctionConfiguration", 8],
  ["ecs:DescribeServices", 8],
  ["dynamodb:DescribeTable", 5],
  ["kms:DescribeKey", 4],
  ["ec2:CreateTags", 2],
  ["ecs:UpdateService", 2],
  ["cloudwatch:PutMetricAlarm", 2],
  ["lambda:UpdateFunctionCode", 2],
  ["ec2:StopInstances", 1],
]);

/** The console makes a key per request and asks for several things at once. */
function inConsole(session: PersonSession, habit: Weighted<OperationName>): Logged[] {
  const { world, random, issued, address, client } = session;
  const base = { ...roleCaller(issued, { address, client }), fromConsole: true };
  const pages = random.between(3, 14);
  const events: Logged[] = [];
  let at = issued.createdAt + 3 * second;
  for (let page = 0; page < pages; page++) {
    const count = random.between(1, 5);
    for (let i = 0; i < count; i++) {
      const stamps = { accessKeyId: accessKeyId("ASIA", random), mfa: true };
      const identity = roleIdentity(issued, stamps);
      const caller: Caller = { ...base, identity };
      const operation = operations[habit.draw(random)];
      events.push(makeCall(caller, { world, operation, region: "eu-west-1", at, random }));
      at += random.between(0, 1) * second;
    }
    at += random.exponential(1.5 * minute);
  }
  return events;
}

function withCli(session: PersonSession, habit: Weighted<OperationName>): Logged[] {
  const { world, random, issued, address, client } = session;
  const caller = roleCaller(issued, { address, client, stamps: { mfa: true } });
  const count = random.between(4, 26);
  const events: Logged[] = [];
  let at = issued.createdAt + 2 * second;
  for (let i = 0; i < count && at < issued.createdAt + 6 * hour; i++) {
    const operation = operations[habit.draw(random)];
    const outcome = random.chance(0.03) ? "failed" : "allowed";
    events.push(makeCall(caller, { world, operation, region: "eu-west-1", at, random, outcome }));
    at += random.exponential(minute);
  }
  return events;
}

/**
 * Identity Center vends the role: a bearer token, no ARN, and the key it hands out is not logged.
 */
function identityCenter(visit: Visit): Logged {
  const { random, address, client, account, startAt } = visit;
  const identity = {
    type: "IdentityCenterUser",
    accountId: accounts.security,
    onBehalfOf: {
      userId: random.uuid(),
      identityStoreArn: `arn:aws:identitystore::${accounts.security}:identitystore/d-5100000000`,
    },
    credentialId: random.hex(32),
  };
  const fields = { vpcEndpointId: null, fromConsole: false, arn: "", account: accounts.security };
  return writeRecord({ ...fields, identity, address, client }, {
    at: startAt - (startAt % second),
    region: "eu-west-1",
    source: "sso.amazonaws.com",
    name: "GetRoleCredentials",
    userAgent: client(operations["sts:GetCallerIdentity"], random),
    error: null,
    effect: { request: null, response: null },
    additional: { targetAccount: account },
    requestId: random.uuid(),
    eventId: random.uuid(),
    readOnly: true,
    isData: false,
    sharedId: null,
  });
}

interface Visit extends From {
  readonly random: Random;
  readonly account: string;
  readonly startAt: number;
}
