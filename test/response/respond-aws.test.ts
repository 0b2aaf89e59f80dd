import { CreatePolicyCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IamGate } from "../../src/aws/iam.ts";
import { Response } from "../../src/config/response-schema.ts";
import { documentOf } from "../../src/revocations/document.ts";
import { stateOf } from "../../src/revocations/life-cycle.ts";
import { ask, round, type Responder } from "../../src/response/respond.ts";
import { at } from "../builders/event.ts";
import { contextOf, roleSession } from "../builders/role-session.ts";
import { isDenied } from "../iam/evaluate.ts";
import { policyName } from "../revocations/planned.ts";
import { IamPlace, trust } from "../servers/iam/iam-place.ts";
import { keepSession } from "../storage/with-store.ts";
import { office } from "./desk.ts";

const place = new IamPlace();
beforeAll(() => place.open());
afterAll(() => place.close());

/** A role and, where it is to be used, a managed policy that fits nobody; the role's session. */
async function made(carrier: "inline" | "managed") {
  place.fresh();
  const iam = place.client();
  const { Role } = await iam.send(new CreateRoleCommand({
    RoleName: "ro", Path: "/agents/", AssumeRolePolicyDocument: trust,
  }));
  const PolicyDocument = documentOf([], "managed") ?? "";
  if (carrier === "managed") {
    await iam.send(new CreatePolicyCommand({ PolicyName: policyName, PolicyDocument }));
  }
  iam.destroy();
  const { Arn: arn = "", RoleId: id = "" } = Role ?? {};
  const principalId = `${id}:task-1`;
  return { ...roleSession("ro", "task-1"), principalId, role: { id, arn, name: "ro" } };
}

describe.each(["inline", "managed"] as const)("against IAM, %s", (carrier) => {
  it("a session is denied, and when it has ended nothing is left of that", async () => {
    const session = await made(carrier);
    const { id } = session;
    const here = await office();
    const gate = new IamGate(place.aws, { socketsMax: 4 });
    const config = Response.parse({ enabled: true, carrier, approvals: [{ people: 0 }] });
    const responder: Responder = Object.assign(here, { gateOf: () => gate, config, ownRoles: [] });
    await keepSession(here.store, session);
    const documents = async () => {
      const role = await gate.role("ro");
      const attached = role?.attachedPolicyArns.map((arn) => gate.policy(arn)) ?? [];
      const managed = (await Promise.all(attached)).map((policy) => policy?.document ?? "");
      return [...role?.inlinePolicies.map(({ document }) => document) ?? [], ...managed];
    };
    await ask({
      id: "a", target: { kind: "session", id }, reason: "It made a key.",
      trigger: { by: "rule", rule: "r", level: "critical", subject: "f" },
      requestedBy: "rule:r", requestedAt: at(600),
    }, responder);
    expect((await round(responder)).map(({ as }) => as)).toEqual(["written"]);
    expect(isDenied(await documents(), contextOf(session))).toBe(true);
    expect((await round(responder)).map(({ as }) => as)).toEqual(["kept"]);
    here.time = at(7200);
    expect((await round(responder)).map(({ as }) => as)).toEqual(["written"]);
    expect(await documents()).toEqual([]);
    const revocation = await here.store.revocation("a");
    expect(revocation && stateOf(revocation, here.time)).toBe("pruned");
    gate.close();
    await here.store.close();
  });
});
