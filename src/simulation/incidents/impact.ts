import { grant, signInForMcp, toolCall } from "../agents/mcp.ts";
import { minute, second } from "../instant.ts";
import { accounts, foreignAccount } from "../world.ts";
import type { Script, Stage } from "./incident.ts";
import type { Deed, Scene } from "./scene.ts";
import { act, begin, end } from "./scene.ts";
import { createAccessKey } from "./permission.ts";

const { dev, staging } = accounts;
const claudeInDev = { agent: "claude-code", home: { account: dev, path: "agents/claude-code" } };

/** Data leaving, evidence vanishing, code running where it should not. */
export const impactScripts: readonly Script[] = [
  {
    id: "snapshot-shared",
    rule: "shares-data-out",
    story: "Claude Code shares a database volume's snapshot with a foreign account.",
    play: (stage) => {
      const scene = begin(stage, claudeInDev);
      return end(scene, act(scene, [shareSnapshot(stage)]));
    },
  },
  {
    id: "secrets-sweep",
    rule: "secrets-sweep",
    alsoRules: ["sensitive-read"],
    story: "Claude Code reads twenty-five secrets in a few minutes.",
    play: (stage) => {
      const scene = begin(stage, claudeInDev);
      return end(scene, act(scene, readSecrets(stage, 25)));
    },
  },
  {
    id: "parameter-decrypted",
    rule: "sensitive-read",
    story: "Kiro reads a decrypted parameter, which is not its work.",
    play: (stage) => {
      const scene = begin(stage, { agent: "kiro" });
      const [name = ""] = stage.world.inventory(staging).parameters;
      const effect = { request: { name, withDecryption: true } };
      return end(scene, act(scene, [{ action: "ssm:GetParameter", effect }]));
    },
  },
  {
    id: "stop-logging",
    rule: "logging-tamper",
    story: "Claude Code stops the trail.",
    play: (stage) => {
      const scene = begin(stage, claudeInDev);
      return end(scene, act(scene, [stopLogging]));
    },
  },
  {
    id: "send-command",
    rule: "escape-to-compute",
    story: "Cursor, read-only by declaration, runs a shell command on an instance.",
    play: (stage) => {
      const scene = begin(stage, { agent: "cursor" });
      const [instanceId = ""] = stage.world.inventory(dev).instances;
      const request = {
        instanceIds: [instanceId],
        documentName: "AWS-RunShellScript",
        parameters: "HIDDEN_DUE_TO_SECURITY_REASONS",
        interactive: false,
      };
      const command = { commandId: stage.random.uuid(), ...request, status: "Pending" };
      const effect = { request, response: { command } };
      return end(scene, act(scene, [{ action: "ssm:SendCommand", effect }]));
    },
  },
  {
    id: "mcp-write",
    rule: "mcp-write-without-approval",
    story: "An assistant behind the AWS MCP Server changes tags and redeploys a service.",
    play: (stage) => {
      const { world, random, at } = stage;
      const session = signInForMcp(world, random, at);
      const opening = grant(session, at + 16 * second);
      const telling = [
        ...toolCall(session, { at: at + minute, operation: "ec2:CreateTags" }),
        ...toolCall(session, { at: at + 2 * minute, operation: "ecs:UpdateService" }),
      ];
      const { role, sessionName, accessKeyId } = session.issued;
      const entity = { sessionName, roleArn: role.arn, accessKeyId, account: role.account };
      return { entity, events: [opening, ...telling], telling, tasks: [] };
    },
  },
  {
    id: "kill-chain",
    rule: "kill-chain",
    alsoRules: [
      "permission-probe",
      "sensitive-read",
      "secrets-sweep",
      "creates-lasting-credentials",
      "logging-tamper",
      "shares-data-out",
    ],
    story: "One session looks around, reads secrets, makes a key, stops the trail, leaks data.",
    play: (stage) => {
      const scene = begin(stage, claudeInDev);
      return end(scene, act(scene, killChain(scene)));
    },
  },
];

function killChain(scene: Scene): Deed[] {
  const { stage } = scene;
  const request = { filter: ["User", "Role"] };
  return [
    { action: "iam:GetAccountAuthorizationDetails", effect: { request } },
    ...readSecrets(stage, 12),
    createAccessKey(scene, "smtp-relay"),
    stopLogging,
    shareSnapshot(stage),
  ];
}

const stopLogging: Deed = {
  action: "cloudtrail:StopLogging",
  effect: {
    request: { name: `arn:aws:cloudtrail:eu-west-1:${dev}:trail/org-trail` },
    response: null,
  },
};

function readSecrets({ world }: Stage, count: number): Deed[] {
  return world
    .inventory(dev)
    .secrets.slice(0, count)
    .map((secretId) => ({
      action: "secretsmanager:GetSecretValue",
      effect: { request: { secretId } },
    }));
}

function shareSnapshot({ world, random }: Stage): Deed {
  const [snapshotId = ""] = world.inventory(dev).snapshots;
  const add = { items: [{ userId: foreignAccount }] };
  const request = {
    snapshotId,
    attributeType: "CREATE_VOLUME_PERMISSION",
    createVolumePermission: { add },
  };
  const response = { requestId: random.uuid(), _return: true };
  return { action: "ec2:ModifySnapshotAttribute", effect: { request, response } };
}
