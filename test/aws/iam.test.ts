import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AwsFault } from "../../src/aws/fault.ts";
import { IamGate } from "../../src/aws/iam.ts";
import type { Wrote } from "../../src/revocations/role-gate.ts";
import type { IamAccount } from "../servers/iam/account.ts";
import { IamPlace, policy, policyOf, reading, trust } from "../servers/iam/iam-place.ts";

const place = new IamPlace();
let gate: IamGate;
let account: IamAccount;
beforeAll(async () => {
  await place.open();
  gate = new IamGate(place.aws, { socketsMax: 4 });
});
beforeEach(() => {
  account = place.fresh();
});
afterAll(async () => {
  gate.close();
  await place.close();
});

const denied = policy({ Effect: "Deny", Action: "*", Resource: "*" });

function makeRole(RoleName = "agent"): void {
  account.act("CreateRole", {
    RoleName, Path: "/agents/", AssumeRolePolicyDocument: trust, MaxSessionDuration: "7200",
    Tags: [{ Key: "owner", Value: "payments" }],
  });
}

function makePolicy(): string {
  account.act("CreatePolicy", { PolicyName: "Deny", PolicyDocument: denied });
  return `arn:aws:iam::${account.state.id}:policy/Deny`;
}

describe("a role", () => {
  it("is seen whole, however small IAM's pages are", async () => {
    makeRole();
    for (const PolicyName of ["a", "b", "c"]) {
      account.act("PutRolePolicy", { RoleName: "agent", PolicyName, PolicyDocument: reading });
    }
    const arns = ["One", "Two"].map((name) => account.addAwsPolicy(name, []));
    for (const PolicyArn of arns) {
      account.act("AttachRolePolicy", { RoleName: "agent", PolicyArn });
    }
    account.pageSize = 1;
    expect(await gate.role("agent")).toEqual({
      id: account.state.roles.get("agent")?.id,
      name: "agent",
      arn: `arn:aws:iam::${account.state.id}:role/agents/agent`,
      path: "/agents/",
      tags: { owner: "payments" },
      maxSessionSeconds: 7200,
      inlinePolicies: ["a", "b", "c"].map((name) => ({ name, document: reading })),
      attachedPolicyArns: arns,
    });
  });

  it("that is not there is null, and so is one that goes while it is looked at", async () => {
    expect(await gate.role("agent")).toBeNull();
    makeRole();
    account.before = ({ action }) => {
      if (action === "ListAttachedRolePolicies") account.act("DeleteRole", { RoleName: "agent" });
    };
    expect(await gate.role("agent")).toBeNull();
  });

  it("leaves out a policy that goes between the list and the look", async () => {
    makeRole();
    account.act("PutRolePolicy", {
      RoleName: "agent", PolicyName: "a", PolicyDocument: reading,
    });
    account.before = ({ action }) => {
      if (action !== "GetRolePolicy") return;
      account.act("DeleteRolePolicy", { RoleName: "agent", PolicyName: "a" });
    };
    expect(await gate.role("agent")).toMatchObject({ inlinePolicies: [] });
  });
});

describe("a write", () => {
  const serviceRole = "AWSServiceRoleForssm";
  beforeEach(() => {
    makeRole();
    account.act("CreateServiceLinkedRole", { AWSServiceName: "ssm.amazonaws.com" });
    makePolicy();
  });

  it.each<[string, (arn: string) => Promise<Wrote>, Wrote]>([
    ["an inline policy", () => gate.putRolePolicy("agent", "deny", denied), "done"],
    ["one of no role", () => gate.putRolePolicy("absent", "deny", denied), "missing"],
    ["one too long", () => gate.putRolePolicy("agent", "deny", policyOf(10_241)), "no-room"],
    ["one of a service's role", () => gate.putRolePolicy(serviceRole, "deny", denied),
      "unmodifiable"],
    ["deleting what is not there", () => gate.deleteRolePolicy("agent", "deny"), "missing"],
    ["attaching", (arn) => gate.attachRolePolicy("agent", arn), "done"],
    ["detaching what is not attached", (arn) => gate.detachRolePolicy("agent", arn), "missing"],
    ["a version", (arn) => gate.createPolicyVersion(arn, reading), "done"],
    ["a version too long", (arn) => gate.createPolicyVersion(arn, policyOf(6145)), "no-room"],
    ["deleting no version", (arn) => gate.deletePolicyVersion(arn, "v9"), "missing"],
    ["switching off no key", () => gate.setAccessKey("bot", "AKIA000000000001", "Inactive"),
      "missing"],
  ])("%s: is told how it ended", async (_what, write, expected) => {
    const before = account.calls.length;
    expect(await write(`arn:aws:iam::${account.state.id}:policy/Deny`)).toBe(expected);
    // A quota is no throttling: asking again would not help.
    expect(account.calls.length - before).toBe(1);
  });

  it("that the eleventh attachment would be has no room", async () => {
    for (let n = 0; n < 10; n += 1) {
      await gate.attachRolePolicy("agent", account.addAwsPolicy(`P${n}`, []));
    }
    expect(await gate.attachRolePolicy("agent", account.addAwsPolicy("P10", []))).toBe("no-room");
  });
});

describe("a managed policy", () => {
  it("is seen with its versions, the oldest first, and the default one's document", async () => {
    const arn = makePolicy();
    for (let n = 2; n <= 11; n += 1) {
      if (n > 5) await gate.deletePolicyVersion(arn, `v${n - 5}`);
      expect(await gate.createPolicyVersion(arn, policyOf(1000 + n))).toBe("done");
    }
    expect(await gate.createPolicyVersion(arn, reading)).toBe("no-room");
    account.pageSize = 2;
    expect(await gate.policy(arn)).toEqual({
      arn,
      document: policyOf(1011),
      versions: [7, 8, 9, 10, 11].map((n) => ({ id: `v${n}`, isDefault: n === 11 })),
    });
    expect(await gate.policyVersion(arn, "v7")).toBe(policyOf(1007));
    expect(await gate.policyVersion(arn, "v1")).toBeNull();
    expect(await gate.policy(`${arn}Absent`)).toBeNull();
  });
});

describe("an access key", () => {
  it("is switched off and on", async () => {
    account.act("CreateUser", { UserName: "bot" });
    account.act("CreateAccessKey", { UserName: "bot" });
    const id = account.state.users.get("bot")?.keys[0]?.id ?? "";
    expect(await gate.accessKey("bot", id)).toBe("Active");
    expect(await gate.setAccessKey("bot", id, "Inactive")).toBe("done");
    expect(await gate.accessKey("bot", id)).toBe("Inactive");
    expect(await gate.accessKey("bot", "AKIA0000000000000009")).toBeNull();
    expect(await gate.accessKey("nobody", id)).toBeNull();
  });
});

describe("the world failing", () => {
  const fault = async (asking: Promise<unknown>): Promise<AwsFault> => {
    const error: unknown = await asking.catch((thrown: unknown) => thrown);
    if (error instanceof AwsFault) return error;
    throw new Error("There was no fault.");
  };

  it("is waited out where it is short", async () => {
    makeRole();
    account.throttleCount = 2;
    expect(await gate.putRolePolicy("agent", "deny", denied)).toBe("done");
    expect(account.count("PutRolePolicy")).toBe(3);
  });

  it.each<[string, () => void, object]>([
    ["throttling", () => {
      account.throttleCount = 3;
    }, { code: "throttled", retryable: true }],
    ["a missing permission", () => {
      account.denied.add("iam:PutRolePolicy");
    }, { code: "denied", retryable: true }],
  ])("by %s is a fault", async (_what, break_, expected) => {
    makeRole();
    break_();
    const thrown = await fault(gate.putRolePolicy("agent", "deny", denied));
    expect(thrown).toMatchObject({ ...expected, subject: "role agent" });
    expect(thrown.message).toMatch(/^Cannot do iam:PutRolePolicy on role agent: /);
  });

  it("by a document that IAM does not understand is ours, and not tried again", async () => {
    makeRole();
    expect(await fault(gate.putRolePolicy("agent", "deny", "{")))
      .toMatchObject({ code: "invalid", retryable: false });
  });

  it("by a responder's role that may not be assumed names that role", async () => {
    const roleArn = "arn:aws:iam::444455556666:role/responder";
    const other = new IamGate(place.aws, { socketsMax: 1, assumeRole: { roleArn } });
    expect(await fault(other.role("agent"))).toMatchObject({ code: "denied", subject: roleArn });
    place.sts.trusted.set(roleArn, null);
    place.iam.account("444455556666").act("CreateRole", {
      RoleName: "agent", AssumeRolePolicyDocument: trust,
    });
    expect(await other.role("agent")).toMatchObject({ name: "agent" });
    other.close();
  });
});
