import { describe, expect, it } from "vitest";
import { BecomingGraph, reachOf } from "../../src/audit/becoming.ts";
import { History } from "../../src/audit/history.ts";
import type { Role } from "../../src/audit/identities.ts";
import { emptyConfig } from "../../src/config/schema.ts";
import { session } from "../storage/made.ts";
import { accountWith } from "./accounts.ts";
import { account, allow, deny, document, role, trust, user } from "./subjects.ts";

const other = "444455556666";
const arnOf = (name: string, of = account): string => `arn:aws:iam::${of}:role/${name}`;
const nobody = document(deny("sts:AssumeRole"));

function made(name: string, changes: Partial<Role> & { readonly may?: object } = {}, of = account) {
  const { may, ...rest } = changes;
  const inlinePolicies = may === undefined ? [] : [{ name: "own", document: document(may) }];
  return role({ name, arn: arnOf(name, of), path: "/", trust: nobody, inlinePolicies, ...rest });
}

const assume = (Resource: string | readonly string[]) => allow("sts:AssumeRole", { Resource });
const wholeOf = (id: string) => trust({ AWS: `arn:aws:iam::${id}:root` });

function graph(roles: readonly Role[], others: readonly Role[] = [], history = quiet()) {
  return new BecomingGraph([
    accountWith({ roles: [...roles] }), accountWith({ roles: [...others] }, other),
  ], history);
}
const quiet = () => new History(emptyConfig, true);

describe("who may become whom", () => {
  it.each<[string, readonly Role[], readonly string[]]>([
    ["whoever is named, in the same account",
      [made("a"), made("b", { trust: trust({ AWS: arnOf("a") }) })], ["b"]],
    ["nobody by a trust in the account without a permission",
      [made("a"), made("b", { trust: wholeOf(account) })], []],
    ["by both",
      [made("a", { may: assume(arnOf("b")) }), made("b", { trust: wholeOf(account) })], ["b"]],
    ["by a permission for everything",
      [made("a", { may: allow("*") }), made("b", { trust: wholeOf(account) })], ["b"]],
    ["not by a permission for others",
      [made("a", { may: assume(arnOf("c")) }), made("b", { trust: wholeOf(account) })], []],
    ["not what is denied", [
      made("a", {
        inlinePolicies: [{
          name: "own",
          document: document(allow("*"), deny("sts:AssumeRole", { Resource: arnOf("b") })),
        }],
      }),
      made("b", { trust: wholeOf(account) }),
    ], []],
    ["by trust in everybody",
      [made("a", { may: allow("sts:*") }), made("b", { trust: trust("*") })], ["b"]],
    ["not by a permission alone", [made("a", { may: allow("*") }), made("b")], []],
    ["not itself", [made("a", { may: allow("*"), trust: wholeOf(account) })], []],
  ])("%s", (_what, roles, expected) => {
    expect(graph(roles).nextOf(arnOf("a"))).toEqual(expected.map((name) =>
      ({ from: arnOf("a"), to: arnOf(name), by: "trust" })));
  });

  it("in another account, only by both, even where the trust names it", () => {
    const far = made("far", { trust: trust({ AWS: arnOf("a") }) }, other);
    expect(graph([made("a")], [far]).nextOf(arnOf("a"))).toEqual([]);
    expect(graph([made("a", { may: assume(arnOf("far", other)) })], [far]).nextOf(arnOf("a")))
      .toEqual([{ from: arnOf("a"), to: arnOf("far", other), by: "trust" }]);
  });

  it("in an account that nobody looked at, by the permission, which may not suffice", () => {
    const to = arnOf("deploy", "777788889999");
    expect(graph([made("a", { may: assume([to, "*"]) })]).nextOf(arnOf("a")))
      .toEqual([{ from: arnOf("a"), to, by: "permission" }]);
  });

  it("where it was seen to, whatever path the record told", () => {
    const history = quiet();
    history.noteSession(session("s1", {
      role: { id: null, arn: arnOf("b"), name: "b" },
      chain: [{ groupKey: "g", roleArn: arnOf("a") }],
    }));
    const roles = [
      made("a", { arn: `arn:aws:iam::${account}:role/agents/a` }),
      made("b", { arn: `arn:aws:iam::${account}:role/deep/er/b` }),
    ];
    expect(graph(roles, [], history).nextOf(roles[0]?.arn ?? "")).toEqual([
      { from: roles[0]?.arn, to: roles[1]?.arn, by: "seen" },
    ]);
  });

  it("users by their groups' policies", () => {
    const bot = user({ name: "bot", groupNames: ["g"] });
    const group = {
      name: "g", id: "AGPA1", arn: "x", path: "/", createdAt: 0, attachedPolicyArns: [],
      inlinePolicies: [{ name: "own", document: document(allow("sts:AssumeRole")) }],
    };
    const roles = [made("b", { trust: wholeOf(account) })];
    const accounts = [accountWith({ users: [bot], groups: [group], roles })];
    const found = new BecomingGraph(accounts, quiet());
    expect(found.nextOf(bot.arn).map(({ to }) => to)).toEqual([arnOf("b")]);
  });

  it("services, providers and foreign accounts from outside", () => {
    const to = made("a", { trust: document(
      allow("sts:AssumeRole", { Principal: { Service: "ec2.amazonaws.com" } }),
      allow("sts:AssumeRole", { Principal: { AWS: ["*", "777788889999", arnOf("b")] } }),
    ) });
    expect(graph([to, made("b")]).outsidersOf(to.arn).map(({ from }) => from))
      .toEqual(["ec2.amazonaws.com", "*", "account 777788889999"]);
  });
});

describe("what is reached", () => {
  it("goes through chains, and over accounts, the shortest way", () => {
    const found = graph(
      [
        made("a", { may: assume("*") }),
        made("b", { trust: trust({ AWS: arnOf("a") }), may: assume(arnOf("far", other)) }),
        made("c", { trust: trust({ AWS: [arnOf("a"), arnOf("b")] }) }),
      ],
      [made("far", { trust: trust({ AWS: arnOf("b") }) }, other)],
    );
    expect(reachOf(arnOf("a"), found)).toEqual({
      accounts: [account, other], roleCount: 3, isCut: false,
      chains: [
        [arnOf("a"), arnOf("b")], [arnOf("a"), arnOf("c")],
        [arnOf("a"), arnOf("b"), arnOf("far", other)],
      ],
    });
    expect(reachOf(arnOf("c"), found)).toMatchObject({ accounts: [account], roleCount: 0 });
  });

  it("goes round in circles once", () => {
    const found = graph([
      made("a", { trust: trust({ AWS: arnOf("b") }) }),
      made("b", { trust: trust({ AWS: arnOf("a") }) }),
    ]);
    expect(reachOf(arnOf("a"), found).chains).toEqual([[arnOf("a"), arnOf("b")]]);
  });
});
