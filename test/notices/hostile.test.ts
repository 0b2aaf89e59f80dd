import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/findings/finding.ts";
import { ocsfFinding } from "../../src/findings/ocsf.ts";
import { alertOf, labelsOf } from "../../src/notices/alert.ts";
import { digestOf } from "../../src/notices/digest.ts";
import { tellings, type Telling } from "../../src/notices/notice.ts";
import { pagerDutyDigest, pagerDutyEvent } from "../../src/notices/pagerduty-event.ts";
import { digestMessage, findingMessage, threadMessage } from "../../src/notices/slack-message.ts";
import { slackMessageProblems } from "../notifications/slack-server.ts";
import { finding } from "./made.ts";

/** Any text at all: half characters, controls, markup, very long. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("<!channel>", "<@U1>", "\ud800", "\u202e", "\u0000\n", "&lt;", "*_~`"),
  fc.tuple(fc.string({ unit: "binary", minLength: 1, maxLength: 3 }), fc.nat(3000))
    .map(([some, times]) => some.repeat(times)),
);

const hostile: fc.Arbitrary<Finding> = fc.record({
  title: text, because: text, note: fc.option(text), rule: text,
  entity: fc.record({ type: fc.constant("session" as const), id: text }),
  session: fc.option(fc.record({ id: text, arn: fc.option(text), name: fc.option(text) })),
  agent: fc.option(fc.record({ name: text, basis: fc.constant("user-agent") })),
  role: fc.option(fc.record({ arn: text, mode: fc.constant("readonly") })),
  status: fc.constantFrom<Finding["status"]>("open", "acknowledged", "closed"),
}).map(finding);

const what = fc.constantFrom<Telling>(...tellings.filter((each) => each !== "digest"));
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe("whatever strangers write", () => {
  it("Slack is given what it takes, with nothing to parse in it", () => {
    fc.assert(fc.property(hostile, what, (found, telling) => {
      const digest = digestOf(Array.from({ length: 30 }, (_, i) => ({ ...found, rule: `${i}` })));
      const messages = [
        findingMessage(found), threadMessage(telling, found),
        ...(digest === null ? [] : [digestMessage(digest)]),
      ];
      for (const message of messages) {
        expect(slackMessageProblems(message)).toBeNull();
        for (const shown of textsIn(message)) {
          expect(shown).not.toMatch(/[<>&]/);
          expect(shown.replaceAll("\n", "")).not.toMatch(invisible);
        }
      }
    }));
  });

  it("PagerDuty is given a summary on one line, of 1024 characters at most", () => {
    fc.assert(fc.property(hostile, (found) => {
      const digest = digestOf([found]);
      if (digest === null) throw new Error("It has one.");
      for (const event of [pagerDutyEvent("opened", found), pagerDutyDigest("pager", digest)]) {
        const { payload } = event as { readonly payload: { readonly summary: string } };
        expect(payload.summary.length).toBeLessThanOrEqual(1024);
        expect(payload.summary).not.toMatch(invisible);
        expect(JSON.stringify(event).length).toBeLessThan(512 * 1024);
      }
    }));
  });

  it("Alertmanager is given annotations that show as they are", () => {
    fc.assert(fc.property(hostile, (found) => {
      const { annotations } = alertOf(found, labelsOf(found, {}), 0);
      for (const shown of Object.values(annotations)) {
        expect(shown.replaceAll("\n", "")).not.toMatch(invisible);
        expect(shown.length).toBeLessThan(8 * 1024);
      }
    }));
  });

  it("OCSF is one line", () => {
    fc.assert(fc.property(hostile, (found) => {
      expect(JSON.stringify(ocsfFinding(found, "1"))).not.toContain("\n");
    }));
  });
});

/** Every text below `text`, at any depth. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "text" && typeof inner === "string" ? [inner] : textsIn(inner));
}
