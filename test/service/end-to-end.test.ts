import { DeleteRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { at } from "../builders/event.ts";
import { policyName } from "../revocations/planned.ts";
import { IamPlace } from "../servers/iam/iam-place.ts";
import { wholeProgram } from "./end-to-end.ts";

const place = new IamPlace();
let client: ReturnType<IamPlace["client"]>;
let here: Awaited<ReturnType<typeof wholeProgram>>;
beforeAll(async () => {
  await place.open();
  client = place.client();
});
afterEach(() => here.close());
afterAll(async () => {
  client.destroy();
  await place.close();
});

async function begin(response: object) {
  const account = place.fresh().state.id;
  here = await wholeProgram({ client, aws: place.aws, account }, response);
  await here.turn(600, [here.issued("task-1"), here.call("task-2", 30)]);
}
const denied = {
  errorCode: "Client.UnauthorizedOperation",
  errorMessage: "You are not authorized to perform: ec2:DescribeInstances with an explicit deny " +
    "in an identity-based policy",
};

describe.each(["inline", "managed"] as const)("from a finding on, %s", (carrier) => {
  it("a plan, a yes, the policy, a denied call: confirmed, expired, pruned", async () => {
    await begin({ carrier });
    expect(await here.turn(600, [here.keyMade("task-1", 60)])).toEqual([]);
    expect([await here.state(), await here.isLost("task-1")]).toEqual(["requested", false]);
    expect(await here.yes()).toBeNull();
    expect(await here.turn(610)).toEqual(["written"]);
    expect([
      await here.state(), await here.isLost("task-1"), await here.isLost("task-2"),
      await here.isLost("task-1", at(601)),
    ]).toEqual(["applied", true, false, false]);
    await here.turn(900, [here.call("task-1", 620, { fields: denied })]);
    expect([await here.state(), await here.findings()])
      .toEqual(["confirmed", []]);
    await here.turn(7199);
    expect([await here.state(), await here.isLost("task-1")]).toEqual(["confirmed", true]);
    expect(await here.turn(7200)).toEqual(["written"]);
    expect([await here.state(), await here.documents()]).toEqual(["pruned", []]);
    const log = (await here.store.auditLog(99)).map(({ action }) => action).toReversed();
    expect(log).toEqual([
      "revocation.request", "revocation.approved", "revocation.released", "revocation.applied",
      "revocation.denied", "revocation.pruned",
    ]);
  });

  it("what gets through is violated, and a yes to more makes it hold", async () => {
    await begin({ carrier, escalate: true });
    await here.turn(600, [here.keyMade("task-1", 60)]);
    await here.yes();
    await here.turn(610);
    await here.turn(900, [here.call("task-1", 671)]);
    expect([await here.state(), await here.findings()])
      .toEqual(["violated", ["use-after-revocation critical"]]);
    expect(await here.isLost("task-2")).toBe(false);
    expect(await here.yes()).toBeNull();
    expect(await here.turn(910)).toEqual(["written"]);
    expect([await here.state(), await here.isLost("task-2")]).toEqual(["applied", true]);
  });

  it("nobody's call tells: unobserved, and a credential found later keeps it in", async () => {
    await begin({ carrier, approvals: [{ people: 0 }] });
    await here.turn(600, [here.keyMade("task-1", 60)]);
    await here.turn(3601);
    expect(await here.state()).toBe("unobserved");
    const accessKeyId = "ASIALATER";
    await here.turn(3700, [
      here.issued("task-1", { accessKeyId, expiration: "Mar 1, 2026, 1:00:00 PM" }),
      here.call("task-1", 700, { accessKeyId, fields: {
        eventSource: "sts.amazonaws.com", eventName: "GetCallerIdentity",
      } }),
    ]);
    await here.turn(7200);
    expect(await here.isLost("task-1")).toBe(true);
    await here.turn(14_400);
    expect([await here.state(), await here.documents()]).toEqual(["pruned", []]);
  });
});

it("of two runs over the same, nothing is written twice", async () => {
  await begin({ approvals: [{ people: 0 }] });
  const finding = here.keyMade("task-1", 60);
  expect(await here.turn(600, [finding])).toEqual(["written"]);
  expect([await here.turn(601, [finding]), await here.turn(602)]).toEqual([["kept"], ["kept"]]);
});

it("what somebody takes off is put back, and told of", async () => {
  await begin({ approvals: [{ people: 0 }] });
  await here.turn(600, [here.keyMade("task-1", 60)]);
  await client.send(new DeleteRolePolicyCommand({
    RoleName: "ro-inventory", PolicyName: policyName,
  }));
  expect(await here.isLost("task-1")).toBe(false);
  const taken = here.call("task-1", 605, { fields: {
    eventSource: "iam.amazonaws.com", eventName: "DeleteRolePolicy", readOnly: false,
    requestParameters: { roleName: "ro-inventory", policyName },
  } });
  expect(await here.turn(620, [taken])).toEqual(["written"]);
  expect([await here.isLost("task-1"), (await here.newest())?.tampered?.firstAt])
    .toEqual([true, at(620)]);
  expect(await here.findings()).toEqual(["revocation-tamper critical"]);
});
