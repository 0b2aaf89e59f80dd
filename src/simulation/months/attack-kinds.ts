import type { Deed } from "../incidents/scene.ts";
import type { Logged } from "../call.ts";
import { operations } from "../operations/catalogue.ts";
import { makeCall } from "../call.ts";
import { second } from "../instant.ts";
import type { NetworkName } from "../world.ts";
import { intruderOf, intrude, type Attack, type AttackKind } from "./attack.ts";

/** From loud to slow: the bench's question to a detector. */
export const attackKinds: readonly AttackKind[] = [
  {
    id: "enumeration-tool",
    loudness: "loud",
    story: "A stolen key, and a tool that lists all it knows within five minutes.",
    play: (attack) => intrude(attack, deedsOf(listings),
      { network: "somewhere-else", pause: [1, 6] }),
  },
  {
    id: "destruction",
    loudness: "loud",
    story: "Thirty instances, tables and objects deleted in a row.",
    play: (attack) => intrude(attack, times(10, destructive), { pause: [1, 8] }),
  },
  {
    id: "denied-storm",
    loudness: "loud",
    story: "Forty attempts at what the role may not do.",
    play: (attack) => intrude(attack,
      times(8, [...minting, "iam:PutRolePolicy", "iam:PassRole"]).map(denied), { pause: [1, 6] }),
  },
  {
    id: "mining",
    loudness: "loud",
    story: "Instances started in four regions where the company has none.",
    play: (attack) => intrude(attack, farRegions.flatMap((region) =>
      deedsOf(["ec2:DescribeImages", "ec2:CreateKeyPair", "ec2:RunInstances"], region))),
  },
  {
    id: "minting",
    loudness: "loud",
    story: "A user with a key and administrator's rights.",
    play: (attack) => intrude(attack, deedsOf(minting)),
  },
  {
    id: "secrets-sweep",
    loudness: "loud",
    story: "Twenty-five secrets read within minutes.",
    play: (attack) => intrude(attack, secretsOf(attack, 25), { pause: [1, 12] }),
  },
  {
    id: "stolen-key",
    loudness: "medium",
    story: "The role's own kind of calls, from another network and client.",
    play: (attack) => usual(attack, 8, "another-place"),
  },
  {
    id: "far-look",
    loudness: "medium",
    story: "Three looks into each of two far regions.",
    play: (attack) => intrude(attack, farRegions.slice(0, 2).flatMap((region) => deedsOf(
      ["ec2:DescribeInstances", "lambda:ListFunctions", "rds:DescribeDBInstances"], region))),
  },
  {
    id: "snapshot-shared",
    loudness: "medium",
    story: "A snapshot made and shared with a foreign account.",
    play: (attack) => intrude(attack, deedsOf([
      "ec2:DescribeVolumes", "ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute",
    ])),
  },
  {
    id: "lateral",
    loudness: "medium",
    story: "Other roles looked up and tried, most of them denied.",
    play: (attack) => intrude(attack, [
      ...deedsOf(["iam:ListRoles", "iam:GetRole", "iam:GetRole"]),
      ...deedsOf(["sts:AssumeRole", "sts:AssumeRole", "sts:AssumeRole"]).map(denied),
    ]),
  },
  {
    id: "backdoor-function",
    loudness: "medium",
    story: "A function that anybody may call.",
    play: (attack) => intrude(attack, deedsOf([
      "lambda:CreateFunction", "lambda:AddPermission", "lambda:CreateFunctionUrlConfig",
    ])),
  },
  {
    id: "hoarding",
    loudness: "medium",
    story: "Four hundred objects fetched in a quarter of an hour.",
    play: (attack) => intrude(attack, times(400, ["s3:GetObject"]), { pause: [1, 3] }),
  },
  {
    id: "policy-opened",
    loudness: "medium",
    story: "A bucket's policy and its public access block changed.",
    play: (attack) => intrude(attack, deedsOf(["s3:PutBucketPolicy", "s3:PutPublicAccessBlock"])),
  },
  {
    id: "night-work",
    loudness: "slow",
    story: "The usual calls and more of them, half a day off the usual time.",
    shiftHours: 12,
    play: (attack) => usual(attack, 60),
  },
  {
    id: "quiet-look",
    loudness: "slow",
    story: "Two listings that the role never asked for, among ordinary calls.",
    play: (attack) => intrude(attack, deedsOf(["iam:ListUsers", "organizations:ListAccounts"]),
      { pause: [60, 300] }),
  },
  {
    id: "one-secret",
    loudness: "slow",
    story: "One secret read.",
    play: (attack) => intrude(attack, secretsOf(attack, 1)),
  },
  {
    id: "drip",
    loudness: "slow",
    story: "One new listing a day for ten days, each learned from the day before.",
    days: 10,
    play: (attack) => intrude(attack, deedsOf(listings.slice(0, attack.part + 1))),
  },
  {
    id: "mimic",
    loudness: "slow",
    story: "Twice the calls of a session, all of the usual kind, from the usual place.",
    play: (attack) => usual(attack, 45),
  },
];

const farRegions = ["ap-east-1", "sa-east-1", "me-south-1", "af-south-1"];
const minting = [
  "iam:CreateUser", "iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile",
];
const destructive = ["ec2:TerminateInstances", "dynamodb:DeleteTable", "s3:DeleteObject"];
const listings = [
  "iam:ListUsers", "iam:ListGroups", "organizations:ListAccounts", "s3:ListAllMyBuckets",
  "secretsmanager:ListSecrets", "ssm:DescribeParameters", "kms:ListKeys", "eks:ListClusters",
  "redshift:DescribeClusters", "elasticache:DescribeCacheClusters", "glue:GetDatabases",
  "athena:ListWorkGroups", "kinesis:ListStreams", "stepfunctions:ListStateMachines",
  "apigateway:GetRestApis", "cognito-idp:ListUserPools", "ecr:DescribeRepositories",
  "ses:ListIdentities", "sagemaker:ListNotebookInstances", "codebuild:ListProjects",
  "codecommit:ListRepositories", "batch:DescribeComputeEnvironments", "emr:ListClusters",
  "backup:ListBackupVaults", "efs:DescribeFileSystems", "fsx:DescribeFileSystems",
  "lightsail:GetInstances", "wafv2:ListWebACLs", "acm:ListCertificates", "events:ListRules",
];

function deedsOf(actions: readonly string[], region?: string): readonly Deed[] {
  const where = region === undefined ? {} : { region };
  return actions.map((action) => ({ action, effect: { request: null }, ...where }));
}

function times(count: number, actions: readonly string[]): readonly Deed[] {
  return Array.from({ length: count }, () => deedsOf(actions)).flat();
}

function denied(deed: Deed): Deed {
  return { ...deed, outcome: "denied" };
}

function secretsOf({ scene }: Attack, count: number): readonly Deed[] {
  const { secrets } = scene.stage.world.inventory(scene.issued.role.account);
  return secrets.slice(0, count).map((secretId) => ({
    action: "secretsmanager:GetSecretValue", effect: { request: { secretId } },
  }));
}

/** Of the role's own habits so many more, by the session's client or by another's. */
function usual(attack: Attack, count: number, network?: NetworkName): readonly Logged[] {
  const { scene, random } = attack;
  const { operations: habits, regions } = scene.task.profile;
  const caller = intruderOf(attack, network);
  return Array.from({ length: count }, (_, i) => {
    const operation = operations[habits.draw(random)];
    const at = scene.at + (i + 1) * 15 * second;
    return makeCall(caller, {
      world: scene.stage.world, operation, region: regions.draw(random), at, random,
    });
  });
}
