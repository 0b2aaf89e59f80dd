import { Weighted } from "../random.ts";
import { awsCli, boto3, fixed, jsSdk, terraform } from "../user-agents.ts";
import { accounts } from "../world.ts";
import { boundProfiles } from "./bound-profiles.ts";
import { coding, epoch, home } from "./coding.ts";
import { habits } from "./habits.ts";
import type { AgentProfile } from "./profile.ts";
import { dualStack, endpoints, moving, steady } from "./route.ts";

const { dev, staging, prod, security } = accounts;
const twoRegions = new Weighted([["eu-west-1", 6], ["eu-central-1", 3]] as const);
const everywhere = new Weighted(
  [["eu-west-1", 4], ["us-east-1", 2], ["eu-central-1", 2], ["us-west-2", 1]] as const,
);
const developers = ["ana", "bo", "chidi", "dara"];

export const profiles: readonly AgentProfile[] = [
  {
    ...coding,
    name: "aider",
    description: "aider in its sandbox: answers questions about dev, changes nothing.",
    homes: [home(dev, "agents/aider-readonly")],
    sessionName: (at) => `aider-${epoch(at)}`,
    sessionPattern: "aider-??????????",
    client: (random) => {
      const codes = ["b", "Z", "E", "g"];
      return awsCli({ version: "2.34.30", os: "linux#6.8.0-51-generic", codes }, random);
    },
    route: (random) => moving("agents-nat", "agents-nat-b", random),
    networks: ["agents-nat", "agents-nat-b"],
  },
  {
    ...coding,
    name: "claude-code",
    description: "Claude Code on developers' machines: may change dev and staging.",
    mode: "readwrite",
    homes: [home(dev, "agents/claude-code"), home(staging, "agents/claude-code")],
    tasksPerDay: 6,
    lifetimesSeconds: [1800, 3600],
    sessionName: (at, random) => `claude-${random.pick(developers)}-${epoch(at)}`,
    sessionPattern: "claude-*-??????????",
    client: (random) => awsCli({ os: "macos#26.1.0", codes: ["b", "AN", "n", "Z", "E"] }, random),
    route: (random) => dualStack("office", random),
    networks: ["office"],
    operations: habits.developing,
  },
  {
    ...coding,
    name: "codex",
    description: "Codex in its sandbox; long tasks, whose credential is refreshed under way.",
    homes: [home(dev, "agents/codex-readonly")],
    minutes: [6, 20],
    sessionName: (at) => `codex-${epoch(at)}`,
    sessionPattern: "codex-??????????",
    client: (random) =>
      awsCli({ os: "linux#6.8.0-51-generic", codes: ["b", "AP", "g", "Z", "E"] }, random),
    route: (random) => steady("agents-nat", random),
    networks: ["agents-nat"],
    operations: habits.debugging,
    refreshRatio: 0.6,
  },
  {
    ...coding,
    name: "cursor",
    description: "Cursor on laptops that move between the office and the VPN.",
    homes: [home(dev, "agents/cursor-readonly")],
    tasksPerDay: 4,
    sessionName: (at, random) => `cursor-${random.pick(developers)}-${epoch(at)}`,
    sessionPattern: "cursor-*-??????????",
    client: (random) => awsCli({ os: "macos#26.1.0", codes: ["b", "AW", "n", "Z", "E"] }, random),
    route: (random) => moving("office", "vpn", random),
    networks: ["office", "vpn"],
  },
  {
    ...coding,
    name: "kiro",
    description: "Kiro CLI (the former Amazon Q CLI) reading staging.",
    homes: [home(staging, "agents/kiro-readonly")],
    tasksPerDay: 4,
    lifetimesSeconds: [1800],
    sessionName: (at) => `kiro-${epoch(at)}`,
    sessionPattern: "kiro-??????????",
    client: (random) => {
      const execEnv = "AmazonQ-For-CLI-Version-1.19.4";
      const codes = ["b", "AQ", "n", "Z", "E"];
      return awsCli({ os: "macos#26.1.0", codes, execEnv }, random);
    },
    route: (random) => dualStack("office", random),
    networks: ["office"],
    operations: habits.debugging,
    regions: twoRegions,
  },
  {
    ...coding,
    name: "terraform",
    description: "The Terraform runner: plans at home, applies by roles it may assume.",
    mode: "readwrite",
    homes: [home(security, "agents/terraform-runner")],
    tasksPerDay: 3,
    minutes: [4, 18],
    calls: [20, 50],
    lifetimesSeconds: [3600],
    sessionName: (_at, random) => `terraform-run-${random.hex(10)}`,
    sessionPattern: "terraform-run-??????????",
    client: () => terraform(),
    route: (random) => steady("ci-runners", random),
    networks: ["ci-runners"],
    operations: habits.planning,
    regions: everywhere,
    chain: {
      homes: [home(staging, "agents/terraform-deploy"), home(prod, "agents/terraform-deploy")],
      ratio: 0.7,
      operations: habits.applying,
    },
  },
  {
    ...coding,
    name: "ansible",
    description: "Ansible playbooks on dev's and staging's instances.",
    mode: "readwrite",
    homes: [home(dev, "automation/ansible-runner"), home(staging, "automation/ansible-runner")],
    tasksPerDay: 4,
    lifetimesSeconds: [1800],
    sessionName: (at) => `ansible-${epoch(at)}`,
    sessionPattern: "ansible-??????????",
    client: () => boto3("i"),
    route: (random) => steady("ci-runners", random),
    networks: ["ci-runners"],
    operations: habits.configuring,
  },
  {
    ...coding,
    name: "github-actions",
    description: "Deployments from GitHub Actions, by OIDC.",
    mode: "readwrite",
    homes: [home(staging, "ci/github-deploy"), home(prod, "ci/github-deploy")],
    issuedBy: "github",
    tasksPerDay: 6,
    minutes: [2, 12],
    lifetimesSeconds: [3600],
    sessionName: () => "GitHubActions",
    sessionPattern: "GitHubActions",
    client: (random) =>
      awsCli({ os: "linux#6.11.0-1018-azure", codes: ["b", "g", "Z", "E"] }, random),
    route: (random) => steady("github-hosted", random),
    networks: ["github-hosted"],
    operations: habits.deploying,
  },
  {
    ...coding,
    name: "ticket-triage",
    description: "An agent on ECS that reads the ticket queue and looks into logs.",
    homes: [home(prod, "agents/ticket-triage-task")],
    issuedBy: "ecs-tasks.amazonaws.com",
    tasksPerDay: 4,
    weekendRatio: 1,
    hours: [0, 23],
    minutes: [90, 330],
    calls: [20, 50],
    lifetimesSeconds: [21_600],
    sessionName: (_at, random) => random.hex(32),
    sessionPattern: "????????????????????????????????",
    client: () => jsSdk("z", "AWS_ECS_FARGATE"),
    route: (random) => endpoints("prod-nat", random),
    networks: ["prod-nat", "prod-endpoints"],
    operations: habits.triaging,
    sensitiveReads: ["secretsmanager:GetSecretValue"],
  },
  {
    ...coding,
    name: "report-writer",
    description: "An agent on Lambda that writes reports to S3.",
    mode: "readwrite",
    homes: [home(prod, "agents/report-writer")],
    issuedBy: "lambda.amazonaws.com",
    tasksPerDay: 3,
    weekendRatio: 1,
    hours: [0, 23],
    minutes: [120, 600],
    calls: [20, 50],
    lifetimesSeconds: [43_200],
    sessionName: () => "report-writer",
    sessionPattern: "report-writer",
    client: () => boto3("g", "AWS_Lambda_python3.13"),
    route: (random) => steady("prod-nat", random),
    networks: ["prod-nat"],
    operations: habits.reporting,
  },
  {
    ...coding,
    name: "nightly-audit",
    description: "The audit agent, at night, in every account.",
    homes: Object.values(accounts).map((account) => home(account, "audit/nightly-audit-readonly")),
    tasksPerDay: 4,
    weekendRatio: 1,
    hours: [1, 3],
    minutes: [5, 14],
    calls: [20, 50],
    sessionName: (at) => `nightly-audit-${epoch(at)}`,
    sessionPattern: "nightly-audit-??????????",
    client: () => fixed(auditClient),
    route: (random) => steady("agents-nat", random),
    networks: ["agents-nat"],
    operations: habits.auditing,
    regions: everywhere,
    deniedRatio: 0.005,
  },
  ...boundProfiles,
];

const auditClient =
  "aws-sdk-go-v2/1.39.2 ua/2.1 os/linux lang/go#1.24.6 md/GOOS#linux md/GOARCH#amd64 " +
  "exec-env/AWS_ECS_FARGATE app/nightly-audit m/C,g";
