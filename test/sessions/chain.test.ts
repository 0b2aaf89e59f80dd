import { describe, expect, it } from "vitest";
import type { Issuance } from "../../src/sessions/issuance.ts";
import { issuanceOf } from "../../src/sessions/issued.ts";
import { at, otherPrincipal, rolePrincipal, trailEvent } from "../builders/event.ts";
import { issuance } from "../builders/session.ts";
import { derive, only } from "./derived.ts";

describe("a chain", () => {
  /**
   * user -> A (account 1) -> B (account 2) -> C (account 3); each hop is issued to the one before.
   */
  const hop = (name: string, account: string, minute: number) =>
    rolePrincipal({
      name,
      session: "run",
      account,
      createdAt: at(minute * 60),
      accessKeyId: `ASIA${name}`,
    });
  const user = otherPrincipal({
    kind: "iam-user",
    type: "IAMUser",
    id: "AIDABOB",
    accessKeyId: "AKIABOB",
    credentialKind: "long-term",
  });
  const a = hop("A", "111111111111", 0);
  const b = hop("B", "222222222222", 1);
  const c = hop("C", "333333333333", 2);
  const assume = (caller: typeof a, target: typeof a): Issuance => {
    const minted = issuanceOf(
      trailEvent({
        id: `assume-${target.accessKeyId}`,
        key: `assume-${target.accessKeyId}`,
        at: target.createdAt ?? 0,
        source: "sts.amazonaws.com",
        name: "AssumeRole",
        principal: caller,
        record: {
          requestParameters: { roleArn: target.role?.arn },
          responseElements: {
            credentials: { accessKeyId: target.accessKeyId },
            assumedRoleUser: { assumedRoleId: target.id, arn: target.arn },
          },
        },
      }),
    );
    if (minted === null) throw new Error("Nothing was minted.");
    return minted;
  };
  const hops = [assume(user, a), assume(a, b), assume(b, c)];
  const ofC = trailEvent({ at: at(180), principal: c });

  it("of three roles across accounts is told from the last one up", () => {
    expect(only(derive([ofC], hops)).chain).toEqual([
      {
        groupKey: "AROAB:run@2026-03-01T10:01:00.000Z",
        roleArn: "arn:aws:iam::222222222222:role/B",
      },
      {
        groupKey: "AROAA:run@2026-03-01T10:00:00.000Z",
        roleArn: "arn:aws:iam::111111111111:role/A",
      },
    ]);
  });

  it("is the same in any order of its issuances", () => {
    const chain = only(derive([ofC], [...hops].reverse())).chain;
    expect(chain).toEqual(only(derive([ofC], hops)).chain);
  });

  it("tells the foreign caller where only the other account's copy is known", () => {
    const foreign = issuance({
      issuer: {
        kind: "account",
        groupKey: "account:AROAORCH:orch-1@2026-03-01",
        principalId: "AROAORCH:orch-1",
        accessKeyId: null,
        roleArn: null,
      },
    });
    expect(only(derive([trailEvent()], [foreign])).chain).toEqual([
      { groupKey: "account:AROAORCH:orch-1@2026-03-01", roleArn: null },
    ]);
  });

  it("that closes on itself ends", () => {
    const looped = [assume(a, b), assume(b, a)];
    const ofA = trailEvent({ at: at(180), principal: a });
    expect(only(derive([ofA], looped)).chain).toHaveLength(2);
  });
});

