import type { Logged } from "../call.ts";
import { makeCall, writeRecord } from "../call.ts";
import type { Issued } from "../caller.ts";
import { roleCaller, roleIdentity, serviceCaller } from "../caller.ts";
import { hour, second } from "../instant.ts";
import { assumeRole } from "../issuance.ts";
import type { OperationName } from "../operations/catalogue.ts";
import { operations } from "../operations/catalogue.ts";
import type { Random } from "../random.ts";
import { stream, Weighted } from "../random.ts";
import { boto3, fixed } from "../user-agents.ts";
import type { Role, World } from "../world.ts";
import { accessKeyId as makeKeyId, addressIn, regions } from "../world.ts";

/** What AWS and the applications do by themselves in one account: a burst of it. */
export interface Background {
  readonly world: World;
  readonly account: string;
  readonly random: Random;
  readonly at: number;
}

/** One burst: everything within a minute, in one region, of one kind. */
export function backgroundBurst(background: Background): Logged[] {
  return kinds.draw(background.random)(background, background.random.between(10, 28));
}

type Burst = (background: Background, count: number) => Logged[];

const kinds = new Weighted<Burst>([
  [serviceRoles, 25],
  [configRecorder, 22],
  [applications, 22],
  [serviceKeys, 14],
  [deployedStack, 8],
  [instances, 6],
  [rotations, 3],
]);

/** Lambda, EC2 and friends open the sessions that workloads run under. */
function serviceRoles({ world, account, random, at }: Background, count: number): Logged[] {
  const region = regionOf(random);
  return times(count).flatMap((i) => {
    const isLambda = random.chance(0.7);
    const name = random.pick(world.inventory(account).functions);
    const issuer = serviceCaller(isLambda ? "lambda.amazonaws.com" : "ec2.amazonaws.com", account);
    return assumeRole(issuer, {
      role: isLambda ? applicationRole(world, account, name) : instanceRole(world, account),
      sessionName: isLambda ? name : random.pick(world.inventory(account).instances),
      seconds: isLambda ? 43_200 : 23_700,
      at: at + i * 2 * second,
      region,
      random,
    }).events;
  });
}

/** AWS Config reads everything, all day, under its service-linked role. */
function configRecorder(background: Background, count: number): Logged[] {
  const { world, account, random, at } = background;
  const path = "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
  const issued = sessionOf(world.role(account, path), "AWSConfig-Describe", background);
  const service = "config.amazonaws.com";
  const from = { address: service, client: fixed(service), stamps: { invokedBy: service } };
  const caller = roleCaller(issued, from);
  return draw(background, { caller, habit: recorded, times: count, region: regionOf(random), at });
}

/** The company's own functions at work. */
function applications(background: Background, count: number): Logged[] {
  const { world, account, random, at } = background;
  const name = random.pick(world.inventory(account).functions);
  const issued = sessionOf(applicationRole(world, account, name), name, background);
  const address = addressIn("prod-nat", random);
  const client = boto3("g", "AWS_Lambda_python3.13");
  const caller = roleCaller(issued, { address, client });
  return draw(background, { caller, habit: applied, times: count, region: "eu-west-1", at });
}

/** Services encrypt on their own account. */
function serviceKeys({ world, account, random, at }: Background, count: number): Logged[] {
  const service = random.pick(["cloudtrail.amazonaws.com", "secretsmanager.amazonaws.com"]);
  const caller = serviceCaller(service, account);
  const region = regionOf(random);
  return times(count).map((i) => {
    const operation = operations[random.chance(0.7) ? "kms:GenerateDataKey" : "kms:Decrypt"];
    return makeCall(caller, { world, operation, region, at: at + i * second, random });
  });
}

/**
 * CloudFormation acts for whoever deploys: the deployer's identity without its key (a forward
 * access session).
 */
function deployedStack(background: Background, count: number): Logged[] {
  const { world, account, at } = background;
  const issued = sessionOf(world.role(account, "platform/stack-deployer"), "pipeline", background);
  const service = "cloudformation.amazonaws.com";
  const identity = roleIdentity(issued, { accessKeyId: null, invokedBy: service });
  const caller = { ...roleCaller(issued, { address: service, client: fixed(service) }), identity };
  return draw(background, { caller, habit: deployed, times: count, region: "eu-west-1", at });
}

/** The SSM agent on EC2: one instance credential, seen from two addresses, and honest. */
function instances(background: Background, count: number): Logged[] {
  const { world, account, random, at } = background;
  const instance = random.pick(world.inventory(account).instances);
  const issued = sessionOf(instanceRole(world, account), instance, background);
  const text = "aws-sdk-go/1.55.5 (go1.24.6; linux; amd64) amazon-ssm-agent/3.3.2299.0";
  const from = { client: fixed(text), stamps: { ec2RoleDelivery: "2.0" } };
  const callers = (["prod-nat", "agents-nat"] as const).map((network) =>
    roleCaller(issued, { ...from, address: addressIn(network, random) }),
  );
  const operation = operations["ssm:UpdateInstanceInformation"];
  const region = "eu-west-1";
  return times(count).map((i) =>
    makeCall(random.pick(callers), { world, operation, region, at: at + i * second, random }),
  );
}

/** Service events carry no type and no caller. */
function rotations({ account, random, at, world }: Background, count: number): Logged[] {
  const invokedBy = "secretsmanager.amazonaws.com";
  const caller = {
    ...serviceCaller(invokedBy, account),
    identity: { accountId: account, invokedBy },
  };
  return times(count).map((i) => {
    const secretId = random.pick(world.inventory(account).secrets);
    return writeRecord(caller, {
      at: at - (at % second) + i * second,
      region: "eu-west-1",
      source: invokedBy,
      name: "RotationSucceeded",
      userAgent: invokedBy,
      error: null,
      effect: { request: null, response: null },
      additional: { SecretId: secretId },
      requestId: random.uuid(),
      eventId: random.uuid(),
      readOnly: false,
      isData: false,
      sharedId: null,
      type: "AwsServiceEvent",
    });
  });
}

const recorded = new Weighted<OperationName>([
  ["ec2:DescribeInstances", 10],
  ["ec2:DescribeSecurityGroups", 10],
  ["ec2:DescribeVolumes", 8],
  ["ec2:DescribeSubnets", 6],
  ["ec2:DescribeNetworkInterfaces", 8],
  ["s3:GetBucketPolicy", 6],
  ["s3:GetBucketAcl", 6],
  ["s3:GetBucketEncryption", 6],
  ["rds:DescribeDBInstances", 4],
  ["iam:GetRole", 6],
  ["kms:DescribeKey", 5],
  ["lambda:ListTags", 4],
]);

const applied = new Weighted<OperationName>([
  ["secretsmanager:GetSecretValue", 10],
  ["sqs:ReceiveMessage", 16],
  ["s3:GetObject", 14],
  ["s3:PutObject", 8],
  ["kms:Decrypt", 12],
  ["dynamodb:DescribeTable", 4],
  ["logs:DescribeLogStreams", 4],
]);

const deployed = new Weighted<OperationName>([
  ["ec2:DescribeSecurityGroups", 6],
  ["lambda:GetFunctionConfiguration", 8],
  ["ecs:DescribeServices", 8],
  ["ec2:CreateTags", 3],
  ["cloudwatch:PutMetricAlarm", 2],
]);

interface Draw {
  readonly caller: ReturnType<typeof roleCaller>;
  readonly habit: Weighted<OperationName>;
  readonly times: number;
  readonly region: string;
  readonly at: number;
}

function draw({ world, random }: Background, wanted: Draw): Logged[] {
  const { caller, habit, region } = wanted;
  return times(wanted.times).map((i) => {
    const operation = operations[habit.draw(random)];
    return makeCall(caller, { world, operation, region, at: wanted.at + i * second, random });
  });
}

/** The half-day's session of a workload: the same for every burst in it. */
function sessionOf(role: Role, sessionName: string, { world, at }: Background): Issued {
  const createdAt = at - (at % (12 * hour));
  const random = stream(world.seed, "workload", role.arn, sessionName, createdAt);
  const accessKeyId = makeKeyId("ASIA", random);
  const expiresAt = createdAt + 12 * hour;
  return { role, sessionName, accessKeyId, createdAt, expiresAt, sourceIdentity: null };
}

function applicationRole(world: World, account: string, name: string): Role {
  return world.role(account, `service-role/${name}-execution`);
}

function instanceRole(world: World, account: string): Role {
  return world.role(account, "platform/app-server");
}

function regionOf(random: Random): string {
  return random.chance(0.8) ? "eu-west-1" : random.pick(regions);
}

function times(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
