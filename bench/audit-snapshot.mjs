// A made-up account: roles and users as organisations have them, some of them agents'.
import { writeFileSync } from "node:fs";

const account = "111122223333";
const dayMs = 86_400_000;
export const madeAt = Date.UTC(2026, 5, 30);

const services = ["s3", "ec2", "sqs", "dynamodb", "lambda", "ssm", "logs", "kms", "iam", "ecr"];
const known = (value) => ({ known: true, at: madeAt, value });
const notAsked = (action) => ({ known: false, reason: "not-asked", action, said: "Not asked." });
const document = (...statements) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const arnOf = (kind, name) => `arn:aws:iam::${account}:${kind}/${name}`;

function own(i) {
  const service = services[i % services.length];
  const second = services[(i * 7 + 3) % services.length];
  return [{
    name: "own",
    document: document(
      { Effect: "Allow", Action: [`${service}:Get*`, `${service}:List*`, `${second}:*`],
        Resource: i % 3 === 0 ? "*" : `arn:aws:${service}:::team-${i % 40}/*` },
      ...(i % 9 === 0
        ? [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: arnOf("role", "team-*") }] : []),
      ...(i % 11 === 0 ? [{ Effect: "Deny", Action: "iam:*", Resource: "*" }] : []),
    ),
  }];
}

function role(i) {
  const isAgent = i % 5 === 0;
  const name = isAgent ? `agent-${i}${i % 2 === 0 ? "-readonly" : ""}` : `team-${i}`;
  const from = i % 4 === 0 ? `arn:aws:iam::${account}:root` : arnOf("role", `agent-${i - i % 5}`);
  return {
    name, id: `AROA${String(i).padStart(17, "0")}`, arn: arnOf("role", name), path: "/",
    createdAt: madeAt - (i % 700) * dayMs, inlinePolicies: own(i),
    attachedPolicyArns: [`arn:aws:iam::${account}:policy/shared-${i % 100}`], boundaryArn: null,
    tags: [{ key: "team", value: String(i % 40) }, { key: "owner", value: `team-${i % 40}` }],
    trust: document({
      Effect: "Allow", Action: "sts:AssumeRole",
      Principal: i % 6 === 0 ? { Service: "ec2.amazonaws.com" } : { AWS: from },
    }),
    maxSessionSeconds: known(i % 8 === 0 ? 43_200 : 3600),
    lastUsed: i % 3 === 0 ? null : { at: madeAt - (i % 90) * dayMs, region: "eu-west-1" },
    serviceUse: notAsked("iam:GenerateServiceLastAccessedDetails"),
  };
}

function user(i) {
  const name = i % 10 === 0 ? `agent-bot-${i}` : `person-${i}`;
  const key = (n) => ({
    id: `AKIA${String(i * 2 + n).padStart(16, "0")}`, isActive: true,
    createdAt: madeAt - ((i * 3) % 400) * dayMs,
    lastUsed: known(i % 4 === 0 ? null : { at: madeAt, service: "s3", region: "eu-west-1" }),
  });
  return {
    name, id: `AIDA${String(i).padStart(17, "0")}`, arn: arnOf("user", name), path: "/",
    createdAt: madeAt - (i % 700) * dayMs, inlinePolicies: own(i), attachedPolicyArns: [],
    groupNames: [`group-${i % 20}`], boundaryArn: null, tags: [],
    accessKeys: known(i % 2 === 0 ? [key(0), ...(i % 8 === 0 ? [key(1)] : [])] : []),
    serviceUse: notAsked("iam:GenerateServiceLastAccessedDetails"),
  };
}

export function snapshot({ roleCount, userCount }) {
  const roles = Array.from({ length: roleCount }, (_, i) => role(i));
  const users = Array.from({ length: userCount }, (_, i) => user(i));
  const policies = Array.from({ length: 100 }, (_, i) => ({
    name: `shared-${i}`, id: `ANPA${i}`, arn: `arn:aws:iam::${account}:policy/shared-${i}`,
    path: "/", createdAt: 0, updatedAt: 0, document: own(i * 3)[0].document,
    defaultVersionId: "v1", versionCount: 1, attachmentCount: 1, boundaryCount: 0,
  }));
  const groups = Array.from({ length: 20 }, (_, i) => ({
    name: `group-${i}`, id: `AGPA${i}`, arn: arnOf("group", `group-${i}`), path: "/", createdAt: 0,
    inlinePolicies: own(i), attachedPolicyArns: [],
  }));
  const reported = users.map(({ name, arn, createdAt }, i) => ({
    name, arn, createdAt, hasPassword: i % 3 === 0, passwordLastUsedAt: null,
    passwordChangedAt: null, hasMfa: i % 6 === 0, accessKeys: [], activeCertificateCount: 0,
  }));
  return {
    format: "trailwarden-identities-1", startedAt: madeAt, finishedAt: madeAt,
    accounts: [{
      id: account, partition: "aws", isManagement: null,
      identities: known({ users, groups, roles, policies }),
      credentialReport: known({ generatedAt: madeAt, users: reported }),
      oidcProviders: known([]), samlProviders: known([]), summary: known({}),
    }],
  };
}

export function writeSnapshot(path, counts) {
  writeFileSync(path, JSON.stringify(snapshot(counts)));
}
