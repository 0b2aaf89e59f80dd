import { chainTo, openSession } from "../agents/task.ts";
import type { Caller, Issued } from "../caller.ts";
import { roleCaller } from "../caller.ts";
import { minute, second } from "../instant.ts";
import { tellOf } from "../told.ts";
import type { Telling } from "../told.ts";
import { accounts } from "../world.ts";
import type { Played, Script } from "./incident.ts";
import type { Deed, Scene } from "./scene.ts";
import { act, begin, entityOf } from "./scene.ts";

const { dev, staging } = accounts;
const claudeInDev = { agent: "claude-code", home: { account: dev, path: "agents/claude-code" } };

/** Credentials that outlive their task: seen only by who is told of tasks. */
export const zombieScripts: readonly Script[] = [
  {
    id: "zombie-use",
    rule: "zombie-use",
    story: "aider's credential reads on five minutes after its task has ended.",
    play: (stage) => usedAfter(begin(stage, { agent: "aider" }), reads),
  },
  {
    id: "zombie-use-write",
    rule: "zombie-use",
    story: "Claude Code's credential tags an instance five minutes after its task has ended.",
    play: (stage) => {
      const [instanceId = ""] = stage.world.inventory(dev).instances;
      const request = {
        resourcesSet: { items: [{ resourceId: instanceId }] },
        tagSet: { items: [{ key: "Owner", value: "nobody" }] },
      };
      const effect = { request, response: { requestId: stage.random.uuid(), _return: true } };
      return usedAfter(begin(stage, claudeInDev), [{ action: "ec2:CreateTags", effect }]);
    },
  },
  {
    id: "zombie-use-refreshed",
    rule: "zombie-use",
    story: "codex's second credential, refreshed under way, is used after the task's end.",
    play: (stage) => {
      const scene = begin(stage, { agent: "codex" });
      const { issued, events } = openSession(scene.task, scene.at);
      const caller = roleCaller(issued, scene.caller);
      const calm = [...scene.calm, ...events, ...act(scene, reads, caller)];
      return usedAfter({ ...scene, calm, at: scene.at + 4 * minute }, reads, {
        issued, caller, told: [scene.issued, issued],
      });
    },
  },
  {
    id: "zombie-use-chained",
    rule: "zombie-use",
    story: "The role that a Terraform run has assumed is used after the run's end.",
    play: (stage) => {
      const scene = begin(stage, { agent: "terraform" });
      const home = { account: staging, path: "agents/terraform-deploy" };
      const chained = chainTo(scene.task, { issued: scene.issued, home, at: scene.at + second });
      const caller = roleCaller(chained.issued, scene.caller);
      const planned = act({ ...scene, at: scene.at + minute }, reads, caller);
      const calm = [...scene.calm, ...chained.events, ...planned];
      return usedAfter({ ...scene, calm, at: scene.at + 4 * minute }, reads, {
        issued: chained.issued, caller, told: [scene.issued], chained: [chained.issued],
      });
    },
  },
  {
    id: "zombie-use-lost",
    rule: "zombie-use",
    story: "Cursor's signs of life stop; its credential is used on.",
    play: (stage) => {
      const scene = begin(stage, { agent: "cursor", minutes: 3 });
      const uses = act({ ...scene, at: stage.at + 12 * minute }, reads);
      const told = tell(scene, { silentFrom: scene.at });
      return { ...told, events: [...told.events, ...uses], telling: uses };
    },
  },
  {
    id: "zombie-credential",
    rule: "zombie-credential",
    story: "Claude Code takes two minutes; its credential, unused since, is good for an hour.",
    isLast: true,
    play: (stage) => {
      const scene = begin(stage, { ...claudeInDev, minutes: 2, seconds: 3600 });
      return tell(scene, { endAt: scene.at });
    },
  },
  {
    id: "task-overrun",
    rule: "task-overrun",
    story: "Kiro takes three times as long as was expected, and its credential still works.",
    play: (stage) => {
      const scene = begin(stage, { agent: "kiro" });
      const late = act({ ...scene, at: stage.at + 14 * minute }, reads.slice(0, 1));
      const calm = [...scene.calm, ...act({ ...scene, at: stage.at + 9 * minute }, reads), ...late];
      const telling = { expectedSeconds: 300, endAt: stage.at + 15 * minute };
      const told = tell({ ...scene, calm }, telling);
      return { ...told, telling: late };
    },
  },
];

const reads: readonly Deed[] = [
  { action: "ec2:DescribeInstances", effect: { request: { instancesSet: {}, filterSet: {} } } },
  { action: "s3:ListBuckets", effect: { request: null } },
  { action: "ec2:DescribeVpcs", effect: { request: { vpcSet: {}, filterSet: {} } } },
];

/** Which of the task's credentials does it, where that is not its only one. */
interface Using {
  readonly issued: Issued;
  readonly caller: Caller;
  readonly told: readonly Issued[];
  readonly chained?: readonly Issued[];
}

/** The task is told to have ended, and five minutes later a credential of it is at work. */
function usedAfter(scene: Scene, deeds: readonly Deed[], using?: Using): Played {
  const endAt = scene.at + 10 * second;
  const uses = act({ ...scene, at: endAt + 5 * minute }, deeds, using?.caller);
  const { events, tasks } = tell(scene, { endAt }, using);
  const entity = entityOf(using?.issued ?? scene.issued);
  return { entity, events: [...events, ...uses], telling: uses, tasks };
}

/** The scene, and what is told of it; what shows it is that it was issued. */
function tell(
  { task, issued, calm }: Scene,
  telling: Telling,
  { told = [issued], chained = [] }: Partial<Using> = {},
): Played {
  const tasks = [tellOf(task, { events: calm, issued: told, chained }, telling)];
  return { entity: entityOf(issued), events: calm, telling: calm.slice(0, 1), tasks };
}
