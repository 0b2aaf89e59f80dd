import { openSession } from "../agents/task.ts";
import { makeCall } from "../call.ts";
import type { Caller } from "../caller.ts";
import { roleCaller, userCaller } from "../caller.ts";
import { minute, second } from "../instant.ts";
import { assumeRole, assumeWithSaml } from "../issuance.ts";
import { longTermUser } from "../noise/long-term-user.ts";
import { personRole } from "../noise/people.ts";
import type { OperationName } from "../operations/catalogue.ts";
import { operations } from "../operations/catalogue.ts";
import { awsCli, boto3, fixed, jsSdk } from "../user-agents.ts";
import { accounts, addressIn } from "../world.ts";
import type { Played, Script, Stage } from "./incident.ts";
import { begin, end } from "./scene.ts";

const { dev } = accounts;

/** Being somebody else, or somewhere else, than the credential was meant for. */
export const impersonationScripts: readonly Script[] = [
  {
    id: "stolen-session",
    rule: "second-network-in-session",
    alsoRules: ["user-agent-changed-in-session", "outside-declared-network"],
    story: "A thief uses codex's credential from elsewhere while codex still works.",
    play: (stage) => {
      const scene = begin(stage, { agent: "codex" });
      const address = addressIn("somewhere-else", stage.random);
      const client = fixed("Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 os/windows#10 lang/python#3.9");
      const thief = { ...scene.caller, address, client };
      const stolen = does({ stage, caller: thief, at: scene.at }, wandering);
      const own = does({ stage, caller: scene.caller, at: scene.at + 7 * second }, wandering);
      return end(scene, stolen, own);
    },
  },
  {
    id: "credential-source-flip",
    rule: "credential-source-flipped",
    story: "A container's credential works on from environment variables: it was copied out.",
    play: (stage) => {
      const scene = begin(stage, { agent: "ticket-triage" });
      const copied: Caller = { ...scene.caller, client: jsSdk("g", null) };
      return end(scene, does({ stage, caller: copied, at: scene.at }, wandering));
    },
  },
  {
    id: "outside-declared-network",
    rule: "outside-declared-network",
    alsoRules: ["issuer-network-differs"],
    story: "A Kiro session, issued as always, is used from a network nobody declared.",
    play: (stage) => {
      const scene = begin(stage, { agent: "kiro" });
      const { task } = scene;
      const opening = openSession(task, stage.at);
      const address = addressIn("another-place", stage.random);
      const caller = roleCaller(opening.issued, { address, client: task.client });
      const elsewhere = { ...scene, issued: opening.issued, calm: opening.events };
      return end(elsewhere, does({ stage, caller, at: stage.at + second }, wandering));
    },
  },
  {
    id: "long-lived-key",
    rule: "long-lived-key-used-by-agent",
    alsoRules: ["agent-under-human-identity"],
    story: "Claude Code runs on the long-term key of an old IAM user.",
    play: (stage) => {
      const user = longTermUser(stage.world, dev, "legacy-deployer");
      const codes = ["b", "AN", "n", "Z", "E"];
      const client = awsCli({ os: "macos#26.1.0", codes }, stage.random);
      const caller = userCaller(user, { address: addressIn("office", stage.random), client });
      const telling = does({ stage, caller, at: stage.at }, wandering);
      const { accessKeyId, name: sessionName } = user;
      const entity = { sessionName, roleArn: null, accessKeyId, account: dev };
      return { entity, events: telling, telling, tasks: [] };
    },
  },
  {
    id: "human-identity",
    rule: "agent-under-human-identity",
    story: "Claude Code borrows a developer's own Identity Center session, and writes with it.",
    play: (stage) => playPerson(stage, "AN"),
  },
  {
    id: "undeclared-agent",
    rule: "undeclared-agent",
    story: "Codex turns up in a role that belongs to no declared agent.",
    play: (stage) => {
      const { world, random, at } = stage;
      const user = longTermUser(world, dev, "reporting");
      const address = addressIn("office", random);
      const role = world.role(dev, "research/notebook");
      const sessionName = `botocore-session-${Math.floor(at / second)}`;
      const request = { role, sessionName, seconds: 3600, at, region: "eu-west-1", random };
      const opening = assumeRole(userCaller(user, { address, client: boto3("n") }), request);
      const client = awsCli({ os: "linux#6.8.0", codes: ["b", "AP", "i", "Z", "E"] }, random);
      const caller = roleCaller(opening.issued, { address, client });
      const telling = does({ stage, caller, at: at + 2 * second }, wandering);
      const { accessKeyId } = opening.issued;
      const entity = { sessionName, roleArn: role.arn, accessKeyId, account: dev };
      return { entity, events: [...opening.events, ...telling], telling, tasks: [] };
    },
  },
  {
    id: "session-name",
    rule: "session-name-breaks-convention",
    story: "aider's role is assumed under a session name that is not aider's.",
    play: (stage) => {
      const scene = begin(stage, { agent: "aider", sessionName: "fix-prod-now" });
      return end({ ...scene, calm: [], isTold: false }, scene.calm);
    },
  },
  {
    id: "attack-tool",
    rule: "attack-tool-user-agent",
    alsoRules: ["user-agent-changed-in-session"],
    story: "Pacu works with Cursor's credential.",
    play: (stage) => {
      const scene = begin(stage, { agent: "cursor" });
      const client = fixed("Pacu/1.6.0 Boto3/1.34.0 Python/3.11.8 Linux/6.6.9 Botocore/1.34.0");
      const caller = { ...scene.caller, client };
      return end(scene, does({ stage, caller, at: scene.at }, reconnaissance));
    },
  },
];

const wandering: readonly OperationName[] = [
  "sts:GetCallerIdentity",
  "ec2:DescribeInstances",
  "s3:ListBuckets",
  "lambda:ListFunctions",
  "ec2:DescribeSecurityGroups",
];

const reconnaissance: readonly OperationName[] = [
  "iam:ListUsers",
  "iam:ListRoles",
  "iam:ListAttachedRolePolicies",
  "ec2:DescribeSnapshots",
];

interface Scenelet {
  readonly stage: Stage;
  readonly caller: Caller;
  readonly at: number;
}

function does({ stage, caller, at: fromAt }: Scenelet, names: readonly OperationName[]) {
  const { world, random } = stage;
  let at = fromAt;
  return names.map((name) => {
    at += random.between(4, 30) * second;
    const operation = operations[name];
    return makeCall(caller, { world, operation, region: "eu-west-1", at, random });
  });
}

function playPerson(stage: Stage, agentCode: string): Played {
  const { world, random, at } = stage;
  const sessionName = "dara@example.com";
  const client = awsCli({ os: "macos#26.1.0", codes: ["b", agentCode, "r", "Z", "E"] }, random);
  const role = personRole(world, dev, "PowerUser_0f1e2d3c4b5a6978");
  const from = { address: addressIn("office", random), client };
  const request = { role, sessionName, seconds: 8 * 3600, at, region: "eu-west-1", random };
  const opening = assumeWithSaml(sessionName, { ...request, ...from });
  const caller = roleCaller(opening.issued, { ...from, stamps: { mfa: true } });
  const deeds: readonly OperationName[] = [...wandering, "ec2:CreateTags", "ecs:UpdateService"];
  const telling = does({ stage, caller, at: at + minute }, deeds);
  const { accessKeyId } = opening.issued;
  const entity = { sessionName, roleArn: role.arn, accessKeyId, account: dev };
  return { entity, events: [...opening.events, ...telling], telling, tasks: [] };
}

