import type { Call, Logged } from "../call.ts";
import { makeCall } from "../call.ts";
import type { Caller, Client, Issued, Stamps } from "../caller.ts";
import { roleCaller, serviceCaller } from "../caller.ts";
import { minute, second } from "../instant.ts";
import type { Opening, Request } from "../issuance.ts";
import { assumeRole, assumeWithWebIdentity } from "../issuance.ts";
import type { OperationName } from "../operations/catalogue.ts";
import { operations } from "../operations/catalogue.ts";
import type { Random, Weighted } from "../random.ts";
import type { World } from "../world.ts";
import { brokerAt } from "./broker.ts";
import type { AgentProfile, Home } from "./profile.ts";
import type { Route } from "./route.ts";

/** A task under way: an agent with a credential. What the incidents start from, too. */
export interface Task {
  readonly world: World;
  readonly profile: AgentProfile;
  readonly random: Random;
  readonly startAt: number;
  readonly home: Home;
  readonly sessionName: string;
  readonly client: Client;
  readonly route: Route;
}

export type TaskPlan = Pick<Task, "world" | "profile" | "random" | "startAt">;

export function planTask({ world, profile, random, startAt }: TaskPlan): Task {
  const home = random.pick(profile.homes);
  const sessionName = profile.sessionName(startAt, random);
  const client = profile.client(random);
  const route = profile.route(random);
  return { world, profile, random, startAt, home, sessionName, client, route };
}

/** What an agent did in the trail, and with which credentials. */
export interface Done {
  readonly events: readonly Logged[];
  /** Issued for its task. */
  readonly issued: readonly Issued[];
  /** Those of roles that it assumed from these. */
  readonly chained: readonly Issued[];
}

/** All that one ordinary task leaves in the trail. */
export function runTask(task: Task): Done {
  const sessions = [task, ...namesakes(task)].map(runSession);
  return {
    events: sessions.flatMap(({ events }) => events),
    issued: sessions.flatMap(({ issued }) => issued),
    chained: sessions.flatMap(({ chained }) => chained),
  };
}

/** The task's further sessions, at the same time under names of their own. */
function namesakes(task: Task): Task[] {
  const { sessionName, profile: { sessionsPerTask = 1 } } = task;
  return Array.from({ length: sessionsPerTask - 1 }, (_, i) => (
    { ...task, sessionName: `${sessionName}-${i + 2}` }
  ));
}

function runSession(task: Task): Done {
  const { profile, random, startAt } = task;
  const opening = openSession(task, startAt);
  const endAt = startAt + random.between(...profile.minutes) * minute;
  const span = { fromAt: startAt + 2 * second, endAt, operations: profile.operations };
  const { chain } = profile;
  if (chain !== undefined && random.chance(chain.ratio)) {
    const turnAt = startAt + (endAt - startAt) / 3;
    const before = work(task, opening.issued, { ...span, endAt: turnAt });
    const target = random.pick(chain.homes);
    const chained = chainTo(task, { issued: opening.issued, home: target, at: turnAt });
    const rest = { fromAt: turnAt + second, endAt, operations: chain.operations };
    const after = work(task, chained.issued, rest);
    return {
      events: [...opening.events, ...before.events, ...chained.events, ...after.events],
      issued: [opening.issued, ...before.issued],
      chained: [chained.issued],
    };
  }
  const whole = work(task, opening.issued, span);
  const events = [...opening.events, ...whole.events];
  return { events, issued: [opening.issued, ...whole.issued], chained: [] };
}

/** The task's first credential, or a fresh one under the same name. */
export function openSession(task: Task, at: number, seconds?: number): Opening {
  const { world, profile, random, home, sessionName } = task;
  const request: Request = {
    role: world.role(home.account, home.path),
    sessionName,
    seconds: seconds ?? random.pick(profile.lifetimesSeconds),
    at,
    region: "eu-west-1",
    random,
  };
  switch (profile.issuedBy) {
    case "broker":
      return assumeRole(brokerAt(world, at), request);
    case "github": {
      const subject = "repo:acme/shop:ref:refs/heads/main";
      const from = { client: githubClient, address: task.route(callerIdentity, 0).address };
      return assumeWithWebIdentity({ ...github, subject }, { ...request, ...from });
    }
    case "ecs-tasks.amazonaws.com":
    case "lambda.amazonaws.com":
      return assumeRole(serviceCaller(profile.issuedBy, home.account), request);
    default:
      return profile.issuedBy satisfies never;
  }
}

const github = { provider: "token.actions.githubusercontent.com", audience: "sts.amazonaws.com" };
const githubClient: Client = () =>
  "aws-sdk-js/3.900.0 ua/2.1 os/linux#6.11.0 lang/js md/nodejs#20.19.5 api/sts#3.900.0 " +
  "configure-aws-credentials-for-github-actions";
const callerIdentity = operations["sts:GetCallerIdentity"];

/** The task's session assumes another role; the session name stays. */
export function chainTo(task: Task, hop: Hop): Opening {
  const { world, random, sessionName } = task;
  const role = world.role(hop.home.account, hop.home.path);
  const issuer = callerOf(task, hop.issued);
  const region = "eu-west-1";
  return assumeRole(issuer, { role, sessionName, seconds: 3600, at: hop.at, region, random });
}

export interface Hop {
  readonly issued: Issued;
  readonly home: Home;
  readonly at: number;
}

/** The task's session as a caller from where the task begins. */
export function callerOf(task: Task, issued: Issued): Caller {
  const { address } = task.route(callerIdentity, 0);
  return roleCaller(issued, { address, client: task.client, stamps: stampsOf(task) });
}

function stampsOf({ profile, home }: Task): Stamps {
  switch (profile.issuedBy) {
    case "github": {
      const provider = `arn:aws:iam::${home.account}:oidc-provider/${github.provider}`;
      return { federatedProvider: provider };
    }
    case "lambda.amazonaws.com": {
      const sourceArn = `arn:aws:lambda:eu-west-1:${home.account}:function:${profile.name}`;
      const issuerType = "AWS::Lambda::Function";
      const credentialsIssuedTo = sourceArn;
      const sourceAccount = home.account;
      return { inScopeOf: { sourceArn, sourceAccount, issuerType, credentialsIssuedTo } };
    }
    case "broker":
    case "ecs-tasks.amazonaws.com":
      return {};
    default:
      return profile.issuedBy satisfies never;
  }
}

export interface Span {
  readonly fromAt: number;
  readonly endAt: number;
  readonly operations: Weighted<OperationName>;
}

/** Ordinary calls over a stretch of time; takes fresh credentials as the profile does. */
export function work(task: Task, issued: Issued, span: Span): Pick<Done, "events" | "issued"> {
  const { profile, random } = task;
  const count = random.between(...profile.calls);
  const pause = (span.endAt - span.fromAt) / count;
  const isChained = issued.role.account !== task.home.account;
  const events: Logged[] = [];
  const refreshed: Issued[] = [];
  let refreshAt = isChained ? issued.expiresAt : refreshTime(task, issued, span);
  let live = [{ caller: callerOf(task, issued), expiresAt: issued.expiresAt }];
  for (let i = 0, at = span.fromAt; i < count; i++, at += random.exponential(pause)) {
    if (at >= refreshAt) {
      if (isChained) break;
      const fresh = openSession(task, at);
      events.push(...fresh.events);
      refreshed.push(fresh.issued);
      refreshAt = fresh.issued.expiresAt - 5 * minute;
      // Workers of one task keep the older key for a while: two keys, both in use, both honest.
      const newest = { caller: callerOf(task, fresh.issued), expiresAt: fresh.issued.expiresAt };
      live = [newest, ...live.slice(0, 1)];
    }
    const [newest] = live;
    if (newest !== undefined && (random.chance(0.1) || live.some((key) => key.expiresAt <= at))) {
      live = [newest];
    }
    const progress = Math.min(1, (at - span.fromAt) / (span.endAt - span.fromAt));
    const { caller } = random.pick(live);
    events.push(ordinaryCall(task, caller, { at, progress, operations: span.operations }));
  }
  return { events, issued: refreshed };
}

function refreshTime({ profile, random }: Task, issued: Issued, span: Span): number {
  if (!random.chance(profile.refreshRatio)) return issued.expiresAt - 5 * second;
  return span.fromAt + (span.endAt - span.fromAt) * (0.4 + 0.3 * random.ratio());
}

interface Moment {
  readonly at: number;
  readonly progress: number;
  readonly operations: Weighted<OperationName>;
}

function ordinaryCall(task: Task, caller: Caller, moment: Moment): Logged {
  const { world, profile, random } = task;
  const operation = operations[moment.operations.draw(random)];
  const region = profile.regions.draw(random);
  const exit = task.route(operation, moment.progress);
  const drawn = random.ratio();
  const { deniedRatio, failedRatio } = profile;
  const isReadDenied = drawn < deniedRatio && operation.readOnly;
  const isFailed = drawn >= deniedRatio && drawn < deniedRatio + failedRatio;
  const outcome = isReadDenied ? "denied" : isFailed ? "failed" : "allowed";
  const call: Call = { world, operation, region, at: moment.at, random, outcome };
  return makeCall(exit.address === caller.address ? caller : { ...caller, ...exit }, call);
}
