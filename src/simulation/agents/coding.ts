import { second } from "../instant.ts";
import { Weighted } from "../random.ts";
import { habits } from "./habits.ts";
import type { AgentProfile, Home } from "./profile.ts";

export const epoch = (at: number): string => String(Math.floor(at / second));
export const home = (account: string, path: string): Home => ({ account, path });

/** What most coding agents have in common; a profile says where it differs. */
export const coding = {
  mode: "readonly",
  issuedBy: "broker",
  tasksPerDay: 5,
  weekendRatio: 0.15,
  hours: [7, 18],
  minutes: [2, 20],
  calls: [8, 36],
  lifetimesSeconds: [900],
  regions: new Weighted([["eu-west-1", 9], ["us-east-1", 1]] as const),
  operations: habits.exploring,
  deniedRatio: 0.01,
  failedRatio: 0.02,
  refreshRatio: 0,
} as const satisfies Partial<AgentProfile>;
