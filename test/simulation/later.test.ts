import { expect, it } from "vitest";
import { later } from "../../src/simulation/later.ts";

it("moves every instant in a record, and nothing else", () => {
  const record = {
    eventTime: "2026-03-01T23:59:30Z",
    eventVersion: "1.11",
    userIdentity: { sessionContext: { attributes: { creationDate: "2026-03-01T10:00:00Z" } } },
    responseElements: { credentials: [{ expiration: "Mar 1, 2026, 12:15:00 AM" }] },
    told: { at: "2026-03-01T10:00:00.250Z", exitCode: 0, reason: null },
    requestParameters: { roleSessionName: "aider-1772323200", date: "2026-03-01" },
  };
  expect(later(record, 90_000)).toEqual({
    eventTime: "2026-03-02T00:01:00Z",
    eventVersion: "1.11",
    userIdentity: { sessionContext: { attributes: { creationDate: "2026-03-01T10:01:30Z" } } },
    responseElements: { credentials: [{ expiration: "Mar 1, 2026, 12:16:30 AM" }] },
    told: { at: "2026-03-01T10:01:30.250Z", exitCode: 0, reason: null },
    requestParameters: { roleSessionName: "aider-1772323200", date: "2026-03-01" },
  });
});
