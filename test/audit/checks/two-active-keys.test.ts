import { twoActiveKeys } from "../../../src/audit/checks/two-active-keys.ts";
import { knownPart, notAsked } from "../../../src/audit/part.ts";
import { daysAgo, judgesUsers, key, now } from "../subjects.ts";

const two = (isActive: boolean) => ({
  accessKeys: knownPart(
    [
      key("AKIAYOUNG00000000001"),
      key("AKIAOLDER00000000001", { createdAt: daysAgo(80), isActive }),
    ],
    now,
  ),
});

judgesUsers(twoActiveKeys, [
  { what: "no key", result: "pass", because: "It has no active access key." },
  {
    what: "two active ones",
    user: two(true),
    result: "fail",
    because: "Both its access keys are active: AKIAOLDER00000000001, AKIAYOUNG00000000001.",
    remedy: "--access-key-id AKIAOLDER00000000001 --status Inactive",
  },
  {
    what: "one active one",
    user: two(false),
    result: "pass",
    because: "It has one active access key.",
  },
  {
    what: "keys that nobody knows",
    user: { accessKeys: notAsked("iam:ListAccessKeys") },
    result: "unknown",
    because: "It was not asked for.",
  },
]);
