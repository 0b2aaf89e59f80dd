import {
  CreatePolicyVersionCommand, DeletePolicyCommand, DeletePolicyVersionCommand,
  DetachRolePolicyCommand, ListPolicyVersionsCommand, PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { round } from "../../src/response/respond.ts";
import { policyName } from "../revocations/planned.ts";
import type { IamAccount } from "../servers/iam/account.ts";
import { IamPlace, policy, policyOf } from "../servers/iam/iam-place.ts";
import { wholeProgram } from "./end-to-end.ts";

const place = new IamPlace();
const RoleName = "ro-inventory";
let client: ReturnType<IamPlace["client"]>;
let account: IamAccount;
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

const nobody = { approvals: [{ people: 0 }] };

/** Two sessions, and nothing that asks for anything yet. */
async function begin(response: object) {
  account = place.fresh();
  here = await wholeProgram({ client, aws: place.aws, account: account.state.id }, response);
  await here.turn(590, [here.issued("task-1"), here.call("task-2", 30)]);
}
const finds = (seconds = 600) => here.turn(seconds, [here.keyMade("task-1", 60)]);
const lost = async () => [await here.isLost("task-1"), await here.isLost("task-2")];
const puts = () => account.count("PutRolePolicy");

describe("of what may happen to a revocation in IAM", () => {
  it("throttling is waited out", async () => {
    await begin(nobody);
    account.throttleCount = 5;
    expect([await finds(), await lost(), puts()]).toEqual([["written"], [true, false], 1]);
  });

  it("a denied write is told, and done by the round that may", async () => {
    await begin(nobody);
    account.denied.add("iam:PutRolePolicy");
    await finds();
    expect([await here.state(), await lost()]).toEqual(["approved", [false, false]]);
    account.denied.clear();
    expect([await here.turn(605), await lost()]).toEqual([["written"], [true, false]]);
  });

  it("reads that show what was before are waited out, and nothing is written twice", async () => {
    await begin(nobody);
    account.staleReads = 4;
    await finds();
    account.staleReads = 0;
    await here.turn(605);
    expect([await here.state(), await lost(), puts()]).toEqual(["applied", [true, false], 1]);
  });

  it("two responders at once leave one policy with all that both want", async () => {
    await begin(nobody);
    account.denied.add("iam:PutRolePolicy");
    await here.turn(600, [here.keyMade("task-1", 60), here.keyMade("task-2", 61)]);
    account.denied.clear();
    const second = { ...here.responder, holder: "two" };
    const left = await Promise.all([round(here.responder), round(second)]);
    expect(left.flat().map(({ as }) => as).toSorted()).toEqual(["busy", "written"]);
    expect([await lost(), (await here.documents()).length]).toEqual([[true, true], 1]);
  });

  it("what somebody else writes between our reading and our writing stays", async () => {
    await begin({ ...nobody, carrier: "managed" });
    const PolicyArn = `arn:aws:iam::${account.state.id}:policy/${policyName}`;
    const theirs = policy({
      Sid: "Theirs", Effect: "Deny", Action: "*", Resource: "*",
      Condition: { StringEquals: { "aws:userid": "AROATHEIRS:x" } },
    });
    let isFirst = true;
    account.before = async ({ action }) => {
      if (action !== "CreatePolicyVersion" || !isFirst) return;
      isFirst = false;
      await client.send(new CreatePolicyVersionCommand({
        PolicyArn, PolicyDocument: theirs, SetAsDefault: true,
      }));
    };
    expect(await finds()).toEqual(["written"]);
    account.before = null;
    const [document = ""] = await here.documents();
    expect([await lost(), document.includes('"Theirs"')]).toEqual([[true, false], true]);
  });

  it("policies of others beside ours stay as they are", async () => {
    await begin(nobody);
    const theirs = { RoleName, PolicyName: "theirs", PolicyDocument: policyOf(200) };
    await client.send(new PutRolePolicyCommand(theirs));
    await finds();
    await here.turn(7200);
    expect([await here.state(), await here.documents()]).toEqual(["pruned", [policyOf(200)]]);
  });

  it("a managed policy that is deleted is told, and the role's own takes its place", async () => {
    await begin({ ...nobody, carrier: "managed" });
    await finds();
    const PolicyArn = `arn:aws:iam::${account.state.id}:policy/${policyName}`;
    await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    const { Versions = [] } = await client.send(new ListPolicyVersionsCommand({ PolicyArn }));
    for (const { VersionId, IsDefaultVersion } of Versions) {
      if (IsDefaultVersion !== true) {
        await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
      }
    }
    await client.send(new DeletePolicyCommand({ PolicyArn }));
    await here.turn(610);
    await here.turn(620);
    expect([await lost(), puts(), (await here.newest())?.tampered?.firstBy])
      .toEqual([[true, false], 1, `managed ${PolicyArn}`]);
  });

  it("at the edge of 10,240 characters the whole role is cut off, by another yes", async () => {
    await begin({});
    await finds();
    expect(await here.yes()).toBeNull();
    await client.send(new PutRolePolicyCommand({
      RoleName, PolicyName: "theirs", PolicyDocument: policyOf(10_240 - 210),
    }));
    expect([await here.turn(610), await here.state(), await lost()])
      .toEqual([["no-room"], "approved", [false, false]]);
    const [first, wider] = (await here.newest())?.versions ?? [];
    expect([first?.plan.hits.length, wider?.plan.hits.length]).toEqual([1, 2]);
    expect(wider?.plan.changes).toMatchObject([{ widening: "role-wide" }]);
    expect(await here.yes()).toBeNull();
    expect([await here.turn(620), await lost()]).toEqual([["written"], [true, true]]);
  });
});
