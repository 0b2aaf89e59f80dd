import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownAccount } from "../aws/sts-service.ts";
import { Asked, own, populate } from "./asked-account.ts";

let asked: Asked;
beforeEach(async () => {
  asked = new Asked();
  await asked.place.open();
  populate(asked.place.own);
});
afterEach(() => asked.place.close());

describe("several accounts", () => {
  const there = { id: "444455556666", isManagement: true };
  const roleArn = `arn:aws:iam::${there.id}:role/audit`;

  it("are read by assuming a role in each", async () => {
    asked.place.sts.trusted.set(roleArn, "x1");
    populate(asked.place.iam.account(there.id));
    const { accounts } = await asked.collected({
      targets: [own, { ...there, assumeRole: { roleArn, externalId: "x1" } }],
    });
    expect(accounts).toMatchObject([
      { id: ownAccount, isManagement: null, identities: { known: true } },
      { id: there.id, isManagement: true, identities: { known: true, value: {
        roles: [{ arn: `arn:aws:iam::${there.id}:role/agents/aider` }, { name: "idle" }],
      } } },
    ]);
    expect(asked.place.iam.account(there.id).calls[0]?.caller)
      .toBe(`arn:aws:sts::${there.id}:assumed-role/audit/trailwarden`);
  });

  it("of which one cannot be entered is unknown in all parts; the others go on", async () => {
    const { accounts } = await asked.collected({
      targets: [{ ...there, assumeRole: { roleArn } }, own],
    });
    const no = { known: false, reason: "denied", action: "sts:AssumeRole" };
    expect(accounts).toMatchObject([
      { id: there.id, identities: no, credentialReport: no, summary: no, samlProviders: no },
      { id: ownAccount, identities: { known: true } },
    ]);
  });

  it("of which one is another than the config says is not read", async () => {
    const read = await asked.account({ targets: [there] });
    expect(read.identities).toMatchObject({
      known: false, reason: "failed",
      said: `The credentials are of account ${ownAccount}, not of ${there.id}.`,
    });
    expect(asked.place.own.calls).toEqual([]);
  });
});
