import { describe, expect, it } from "vitest";
import { keyMade, record, roleIdentity } from "../builders/record.ts";
import { seen, seenFiles } from "./whole-program.ts";

function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
}

describe("hostile text", () => {
  it.each<[string, string]>([
    ["a control character", "a\u0000b\u0007c"], ["an ANSI escape", "\u001b[2J\u001b[31mred"],
    ["a line break", "line\r\nbreak"], ["</script>", "</script><script>alert(1)</script>"],
    ["CSV =cmd", "=cmd|' /C calc'!A0"], ["a bidirectional override", "\u202egnp.exe"],
    ["a template place", "{event.operation}"], ["a glob", "*?[a-z]"],
    ["__proto__", "__proto__"], ["constructor", "constructor"], ["a lone surrogate", "\ud800"],
    ["10,000 characters", "x".repeat(10_000)],
  ])("with %s in session name, user agent and parameters is data", async (_what, text) => {
    const { events, findings, rejections } = await seen([[keyMade({
      eventID: "hostile", userIdentity: roleIdentity({ session: text }),
      userAgent: `${text} m/AN`, requestParameters: { userName: text, [text]: text },
    }), record({ eventID: "beside" })]]);
    expect(rejections).toEqual([]);
    expect(events).toHaveLength(2);
    expect(events.find(({ eventId }) => eventId === "hostile")?.session).toMatchObject({
      roleArn: "arn:aws:iam::111111111111:role/agents/ro-inventory",
    });
    for (const { because } of findings) {
      expect(because).not.toMatch(/[\p{Cc}\u200b-\u200f\u202a-\u202e]/u);
      expect(because.length).toBeLessThan(3000);
    }
  });

  it("in keys __proto__ changes no object but its own", async () => {
    const text = JSON.stringify({ Records: [record({ eventID: "p", requestParameters: "HERE" })] })
      .replace('"HERE"', '{"__proto__":{"polluted":true},"constructor":{"prototype":1}}');
    const { events, rejections } = await seenFiles([["p.json", text]]);
    expect([events.length, rejections]).toEqual([1, []]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it.each<[string, number]>([["65 deep", 65], ["100,000 deep", 100_000]])(
    "in nesting %s is kept aside, and the record beside it read",
    async (_what, depth) => {
      const text = JSON.stringify({
        Records: [record({ requestParameters: "HERE" }), record({ eventID: "beside" })],
      }).replace('"HERE"', nested(depth));
      const { events, rejections } = await seenFiles([["deep.json", text]]);
      expect(events).toMatchObject([{ eventId: "beside" }]);
      expect(rejections).toMatchObject([{ reason: "too-deep", index: 0 }]);
    },
  );

  it("in place of an instant, a number, a list or an object is not taken for one", async () => {
    const odd = [
      record({ userIdentity: "root" }), record({ userIdentity: [] }), record({ resources: {} }),
      record({ requestParameters: 7 }), record({ userAgent: {} }), record({ errorCode: [] }),
      record({ sourceIPAddress: 5 }), record({ readOnly: "perhaps" }), record({ addendum: "x" }),
      record({ userIdentity: { type: "AssumedRole", sessionContext: "x", arn: 5 } }),
      record({ additionalEventData: { downstreamRequests: "x" } }), record({ eventID: 7 }),
    ];
    const { events, rejections } = await seen([odd]);
    expect(rejections).toEqual([]);
    expect(events).toHaveLength(odd.length);
  });

  it("in a forged eventID cannot hide another event", async () => {
    const { flagged } = await seen([
      [record({ eventID: "forged", requestID: "r-1" })],
      [keyMade({ eventID: "forged", requestID: "r-2" })],
    ]);
    expect(flagged("creates-lasting-credentials")).toEqual(["forged"]);
  });
});
