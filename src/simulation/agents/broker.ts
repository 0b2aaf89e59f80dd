import type { Logged } from "../call.ts";
import type { Caller } from "../caller.ts";
import { roleCaller, serviceCaller } from "../caller.ts";
import { hour } from "../instant.ts";
import type { Opening } from "../issuance.ts";
import { assumeRole } from "../issuance.ts";
import { stream } from "../random.ts";
import { jsSdk } from "../user-agents.ts";
import type { World } from "../world.ts";
import { accounts, addressIn } from "../world.ts";

/**
 * The service that hands agents their credentials: a task on ECS, with a fresh credential every six
 * hours.
 */
const shift = 6 * hour;

/** The broker as it calls at an instant: the same for everyone who asks at the time. */
export function brokerAt(world: World, at: number): Caller {
  const opening = openShift(world, at);
  const random = stream(world.seed, "broker host");
  const client = jsSdk("z", "AWS_ECS_FARGATE");
  return roleCaller(opening.issued, { address: addressIn("agents-nat", random), client });
}

/** The broker's own credential being issued. */
export function brokerShift(world: World, at: number): readonly Logged[] {
  return openShift(world, at).events;
}

function openShift(world: World, at: number): Opening {
  const startAt = at - (at % shift);
  const random = stream(world.seed, "broker", startAt);
  const role = world.role(accounts.security, "platform/agent-broker");
  const sessionName = stream(world.seed, "broker task").hex(32);
  // Ten minutes more than a shift: the next credential is there before this one ends.
  const request = { role, sessionName, seconds: 22_200, at: startAt, region: "eu-west-1", random };
  return assumeRole(serviceCaller("ecs-tasks.amazonaws.com", accounts.security), request);
}
