import type { Script } from "./incident.ts";
import { act, begin, beginWith, end } from "./scene.ts";
import type { Deed } from "./scene.ts";

const looking: readonly Deed[] = [
  { action: "ecs:ListClusters", effect: { request: {} } },
  { action: "logs:DescribeLogGroups", effect: { request: { limit: 50 } } },
];

/** Credentials beyond what somebody has said beforehand. */
export const registrationScripts: readonly Script[] = [
  {
    id: "session-not-issued-by-us",
    rule: "session-not-issued-by-us",
    story: "The release manager's role is assumed by the right name, and nobody told of a task.",
    play: (stage) => {
      const scene = { ...begin(stage, { agent: "release-manager" }), isTold: false };
      return end(scene, act(scene, looking));
    },
  },
  {
    id: "break-glass-use",
    rule: "break-glass-use",
    story: "The on-call assistant takes its break-glass role for a task told as a readwrite one.",
    play: (stage) => {
      const scene = begin(stage, { agent: "on-call" });
      return end({ ...scene, telling: { mode: "readwrite" } }, act(scene, looking));
    },
  },
  {
    id: "too-many-live-credentials",
    rule: "too-many-live-credentials",
    story: "The dependency bot, which may have two live credentials, gets four at once.",
    play: (stage) => {
      const first = begin(stage, { agent: "dependency-bot" });
      const { task } = first;
      const others = [2, 3, 4].map((i) =>
        beginWith(stage, { ...task, sessionName: `${task.sessionName}-${i}` }));
      const calm = [first, ...others].flatMap((scene) => scene.calm);
      const further = others.map(({ issued }) => issued);
      return end({ ...first, calm, further }, act(first, looking));
    },
  },
];
