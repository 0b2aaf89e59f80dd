import type { Logged } from "../call.ts";
import { makeCall } from "../call.ts";
import type { LongTermUser } from "../caller.ts";
import { userCaller } from "../caller.ts";
import { second } from "../instant.ts";
import { operations } from "../operations/catalogue.ts";
import type { Random } from "../random.ts";
import { stream } from "../random.ts";
import { fixed } from "../user-agents.ts";
import type { World } from "../world.ts";
import { accessKeyId, accounts, addressIn, uniqueId } from "../world.ts";

export function longTermUser(world: World, account: string, name: string): LongTermUser {
  const random = stream(world.seed, "user", account, name);
  const id = uniqueId("AIDA", random);
  return { account, name, id, accessKeyId: accessKeyId("AKIA", random) };
}

/** The old backup user, on its old machine, with its old SDK and its old key. */
export function backupRun(world: World, random: Random, startAt: number): Logged[] {
  const user = longTermUser(world, accounts.prod, "legacy-backup");
  const address = addressIn("on-premises", stream(world.seed, "backup host"));
  const client = fixed("Boto3/1.17.97 Python/3.6.8 Linux/3.10.0-1160.el7.x86_64 Botocore/1.20.97");
  const caller = userCaller(user, { address, client });
  const region = "eu-west-1";
  const events: Logged[] = [];
  let at = startAt;
  for (let i = 0; i < 8; i++) {
    for (const name of ["ec2:DescribeVolumes", "ec2:CreateSnapshot"] as const) {
      at += random.between(1, 6) * second;
      events.push(makeCall(caller, { world, operation: operations[name], region, at, random }));
    }
  }
  return events;
}
