import fc from "fast-check";
import type { TrailEvent } from "../../src/events/event.ts";
import { at, otherPrincipal, rolePrincipal, trailEvent } from "../builders/event.ts";

const signIns = ["arn:aws:signin:us-east-1:111111111111:session/1", "arn:…/2"];

const human = { name: "AWSReservedSSO_Dev", session: "bob", createdAt: at(0) };

/** Calls of few principals with few keys in few places, so that they fall into the same groups. */
const principals = fc.oneof(
  fc.record({
    accessKeyId: fc.constantFrom("ASIA1", "ASIA2", null),
    signInSessionArn: fc.constantFrom(...signIns, null, null),
    fromConsole: fc.boolean(),
    invokedBy: fc.constantFrom(null, null, "athena.amazonaws.com", "aws-mcp.amazonaws.com"),
    path: fc.constantFrom("/", "/agents/"),
    mfa: fc.constantFrom(true, false, null),
    sourceIdentity: fc.constantFrom(null, "bob"),
  }).map(({ accessKeyId, path, ...rest }) => ({
    ...rolePrincipal({ ...human, accessKeyId, path }),
    ...rest,
  })),
  fc.constantFrom("AKIABOB", null).map((accessKeyId) =>
    otherPrincipal({
      kind: "iam-user",
      type: "IAMUser",
      id: "AIDABOB",
      userName: "bob",
      accessKeyId,
      credentialKind: accessKeyId === null ? "none" : "long-term",
    }),
  ),
  fc.constant(
    otherPrincipal({ kind: "service", type: "AWSService", invokedBy: "ec2.amazonaws.com" }),
  ),
);

const mcpMarks = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  fc.constant({ step: "call" as const }),
  fc.subarray(["r-1", "r-2", "r-3"]).map((downstreamRequestIds) => ({
    step: "tool" as const,
    tool: "aws___call_aws",
    downstreamRequestIds,
  })),
);

const secrets = fc.constantFrom(
  { operation: "ec2:DescribeInstances", service: "ec2", record: {} },
  {
    operation: "secretsmanager:GetSecretValue",
    service: "secretsmanager",
    isSensitiveRead: true,
    record: { requestParameters: { secretId: "db" } },
  },
);

/** Instants over six hours, so that idle windows form and close. */
const arbitrary = fc
  .record({
    principal: principals,
    secondsIn: fc.integer({ min: 0, max: 21_600 }),
    mcp: mcpMarks,
    call: secrets,
    network: fc.integer({ min: 1, max: 90 }).map((n) => `198.51.${n}.0/24`),
    agent: fc.constantFrom(null, null, "claude-code", "codex"),
    outcome: fc.constantFrom("allowed" as const, "denied" as const),
    requestId: fc.constantFrom("r-1", "r-2", "r-3"),
    replaces: fc.constantFrom(null, null, "e-7"),
  })
  .map(({ principal, secondsIn, mcp, call, network, agent, outcome, requestId, replaces }) =>
    trailEvent({
      ...call,
      at: at(secondsIn),
      principal,
      mcp,
      requestId,
      network: { name: network },
      userAgent: { agent, text: `aws-cli/2 ${agent ?? ""}` },
      result: { outcome },
      addendum: replaces === null ? null : { reason: "UPDATED_DATA", originalEventId: replaces },
    }),
  );

export const eventLists: fc.Arbitrary<readonly TrailEvent[]> = fc
  .array(arbitrary, { maxLength: 40 })
  .map((events) => events.map((event, i) => ({ ...event, id: `e-${i}`, key: `k-${i}` })));
