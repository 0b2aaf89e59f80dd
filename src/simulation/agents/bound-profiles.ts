import { awsCli, boto3 } from "../user-agents.ts";
import { accounts } from "../world.ts";
import { coding, epoch, home } from "./coding.ts";
import { habits } from "./habits.ts";
import type { AgentProfile } from "./profile.ts";
import { steady } from "./route.ts";

const { dev, prod } = accounts;

/** Agents whose credentials are bound by more than their roles; they run when they are told to. */
export const boundProfiles: readonly AgentProfile[] = [
  {
    ...coding,
    name: "dependency-bot",
    description: "Looks through dev twice a day for what is outdated, in two sessions at a time.",
    homes: [home(dev, "agents/dependency-bot-readonly")],
    schedule: [5, 13],
    sessionsPerTask: 2,
    minutes: [3, 8],
    calls: [3, 6],
    sessionName: (at) => `dependency-bot-${epoch(at)}`,
    sessionPattern: "dependency-bot-*",
    client: () => boto3("i"),
    route: (random) => steady("ci-runners", random),
    networks: ["ci-runners"],
    maxLiveCredentials: 2,
  },
  {
    ...coding,
    name: "release-manager",
    description: "Releases to production, when somebody asks for one by trailwarden run.",
    mode: "readwrite",
    homes: [home(prod, "agents/release-manager")],
    schedule: [],
    sessionName: (at) => `release-${epoch(at)}`,
    sessionPattern: "release-??????????",
    client: (random) =>
      awsCli({ os: "linux#6.8.0-51-generic", codes: ["b", "g", "Z", "E"] }, random),
    route: (random) => steady("ci-runners", random),
    networks: ["ci-runners"],
    operations: habits.deploying,
    mustRegister: true,
  },
  {
    ...coding,
    name: "on-call",
    description: "The assistant of whoever is on call: in production, when all else fails.",
    mode: "break-glass",
    homes: [home(prod, "agents/on-call-break-glass")],
    schedule: [],
    sessionName: (at) => `on-call-${epoch(at)}`,
    sessionPattern: "on-call-??????????",
    client: (random) => awsCli({ os: "macos#26.1.0", codes: ["b", "AN", "n", "Z", "E"] }, random),
    route: (random) => steady("vpn", random),
    networks: ["vpn"],
    operations: habits.debugging,
  },
];
