import { stream } from "./random.ts";
import type { Random } from "./random.ts";

/**
 * What exists in one account: the names that requests are made about. Invented, the same for a
 * seed.
 */
export interface Inventory {
  readonly account: string;
  readonly instances: readonly string[];
  readonly images: readonly string[];
  readonly snapshots: readonly string[];
  readonly volumes: readonly string[];
  readonly securityGroups: readonly string[];
  readonly vpcs: readonly string[];
  readonly subnets: readonly string[];
  readonly buckets: readonly string[];
  readonly functions: readonly string[];
  readonly logGroups: readonly string[];
  readonly secrets: readonly string[];
  readonly parameters: readonly string[];
  readonly tables: readonly string[];
  readonly queues: readonly string[];
  readonly topics: readonly string[];
  readonly clusters: readonly string[];
  readonly services: readonly string[];
  readonly stacks: readonly string[];
  readonly alarms: readonly string[];
  readonly databases: readonly string[];
  readonly roles: readonly string[];
  readonly users: readonly string[];
  readonly keys: readonly string[];
  readonly zones: readonly string[];
  readonly repositories: readonly string[];
}

const products = ["orders", "payments", "catalog", "search", "ledger", "notify", "media", "users"];
const parts = ["api", "worker", "sync", "export", "web", "batch", "events", "cache"];

export function createInventory(seed: string, account: string, stage: string): Inventory {
  const random = stream(seed, "inventory", account);
  const ids = (count: number, prefix: string) => list(count, () => `${prefix}-0${random.hex(16)}`);
  const named = (count: number, form: (name: string) => string) => names(random, count).map(form);
  const functions = named(18, (name) => `${stage}-${name}`);
  return {
    account,
    instances: ids(24, "i"),
    images: ids(4, "ami"),
    snapshots: ids(12, "snap"),
    volumes: ids(16, "vol"),
    securityGroups: ids(16, "sg"),
    vpcs: ids(2, "vpc"),
    subnets: ids(6, "subnet"),
    buckets: named(10, (name) => `acme-${stage}-${name}-${account}`),
    functions,
    logGroups: [
      ...functions.map((name) => `/aws/lambda/${name}`),
      ...named(8, (name) => `/ecs/${stage}/${name}`),
    ],
    secrets: named(40, (name) => `${stage}/${name}/credentials`),
    parameters: named(30, (name) => `/${stage}/${name.replace("-", "/")}/config`),
    tables: named(8, (name) => `${stage}-${name}-table`),
    queues: named(6, (name) => `${stage}-${name}-queue`),
    topics: named(5, (name) => `${stage}-${name}-topic`),
    clusters: [`${stage}-main`, `${stage}-batch`, `${stage}-internal`],
    services: named(8, (name) => name),
    stacks: named(12, (name) => `${stage}-${name}-stack`),
    alarms: named(10, (name) => `${stage}-${name}-errors`),
    databases: named(4, (name) => `${stage}-${name}-db`),
    roles: named(25, (name) => `${stage}-${name}-role`),
    users: ["legacy-backup", "legacy-deployer", "ci-artifacts", "reporting", "smtp-relay"],
    keys: list(6, () => random.uuid()),
    zones: list(3, () => `Z0${random.hex(18).toUpperCase()}`),
    repositories: named(8, (name) => `acme/${name}`),
  };
}

function names(random: Random, count: number): string[] {
  const all = products.flatMap((product) => parts.map((part) => `${product}-${part}`));
  return random.shuffle(all).slice(0, count);
}

function list(count: number, make: () => string): string[] {
  return Array.from({ length: count }, make);
}
