import { describe, expect, it, test } from "vitest";
import fc from "fast-check";
import { credentialCall, endCall, heartbeatCall, isoAt, startCall } from "../../src/tasks/call.ts";
import { toldIn } from "../../src/tasks/told-line.ts";
import { after, begin, taskCredential, taskStart } from "../builders/task.ts";

const start = taskStart();
const { id, ...rest } = start;
const body = { ...rest, mode: "readonly" as const, startedAt: isoAt(begin) };
const credential = taskCredential("ASIATASKKEY000000001", 1);
const { issuedAt, expiresAt, ...key } = credential;
const told = { ...key, issuedAt: isoAt(issuedAt), expiresAt: isoAt(expiresAt) };
const over = { at: isoAt(after(120)), outcome: "succeeded", exitCode: 0, revoke: false } as const;

describe("a line of NDJSON", () => {
  it.each([
    ["a start", startCall(body), { kind: "start", at: begin, start }],
    ["a credential", credentialCall(id, told),
      { kind: "news", at: after(1), id, news: { kind: "credential", credential } }],
    ["a sign of life", heartbeatCall(id, after(60)),
      { kind: "news", at: after(60), id,
        news: { kind: "heartbeat", at: after(60), heardAt: after(60) } }],
    ["an end", endCall(id, over),
      { kind: "news", at: after(120), id,
        news: { kind: "end", end: { ...over, at: after(120) } } }],
  ])("tells of %s as run tells the service", (_what, call, expected) => {
    expect(toldIn(JSON.stringify(call))).toEqual(expected);
  });

  const line = (path: string, of: unknown) => JSON.stringify({ path, body: of });
  const to = (about: string) => `/v1/tasks/${id}/${about}`;
  it.each<[string, string, readonly (string | RegExp)[]]>([
    ["no JSON", "{\"path\"", [/^The line is "\{\\"path\\"": expected JSON\.$/]],
    ["no call", "[1]", [/^The line is \[1\]: expected a block of keys\.$/]],
    ["without a body", "{\"path\":\"/v1/tasks\"}",
      [/^body is missing: expected a block of names\.$/]],
    ["to nowhere", line("/v1/findings", {}), [/^path is "\/v1\/findings": expected \/v1\/tasks/]],
    ["to another id", line("/v1/tasks/T-1/end", over), [/^path is "\/v1\/tasks\/T-1\/end"/]],
    ["to what is not told", line(to("approval"), {}), [/^path is "\/v1\/tasks\/.*approval"/]],
    ["with a day for an instant", line(to("heartbeat"), { at: "2026-03-01" }),
      ["body.at is \"2026-03-01\": expected an instant in ISO 8601, UTC."]],
    ["with an outcome of its own", line(to("end"), { ...over, outcome: "lost" }),
      ["body.outcome is \"lost\": expected one of: succeeded, failed, cancelled."]],
    ["with two wrong fields", line("/v1/tasks", { ...body, mode: "root", expectedSeconds: 0 }),
      [/^body\.mode is "root": expected one of: /, /^body\.expectedSeconds is 0: expected at lea/]],
    ["with a field too many", line(to("heartbeat"), { at: isoAt(begin), secret: "s3cr3t" }),
      ["body.\"secret\" is no field of such a call."]],
    ["with a secret for a key's id", line(to("credentials"), { ...told, accessKeyId: "s3cr3t/+" }),
      ["body.accessKeyId is something else: expected an access key id."]],
  ])("that is %s says so, naming field and value", (_what, text, expected) => {
    expect(toldIn(text)).toEqual({
      kind: "untold",
      problems: expected.map((one) =>
        typeof one === "string" ? one : expect.stringMatching(one) as unknown),
    });
  });

  it("never shows what may be a secret", () => {
    for (const wrong of [{ ...told, accessKeyId: "s3cr3t" }, { ...told, sessionToken: "s3cr3t" }]) {
      expect(JSON.stringify(toldIn(line(to("credentials"), wrong)))).not.toContain("s3cr3t");
    }
  });

  test("is taken or refused, and never thrown at", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(toldIn(text).kind).toBe("untold");
    }));
  });
});
