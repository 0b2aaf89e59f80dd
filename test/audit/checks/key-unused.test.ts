import { keyUnused } from "../../../src/audit/checks/key-unused.ts";
import type { AccessKey } from "../../../src/audit/identities.ts";
import { knownPart, notAsked } from "../../../src/audit/part.ts";
import { daysAgo, judgesUsers, key, now } from "../subjects.ts";

const one = (changes: Partial<AccessKey>) =>
  ({ accessKeys: knownPart([key("AKIAFIRST00000000001", changes)], now) });
const last = (days: number) =>
  knownPart({ at: daysAgo(days), service: "s3", region: "eu-west-1" }, now);
const never = knownPart(null, now);

judgesUsers(keyUnused, [
  { what: "no key", result: "pass", because: "It has no active access key." },
  { what: "one that is used", user: one({}), result: "pass", because: "Its active keys are used." },
  {
    what: "one last used long ago", user: one({ lastUsed: last(91) }), result: "fail",
    because: "AKIAFIRST00000000001 was last used on 2026-03-31, 91 days ago.",
    remedy: "--access-key-id AKIAFIRST00000000001 --status Inactive",
  },
  {
    what: "one never used", user: one({ lastUsed: never }), result: "fail",
    because: "AKIAFIRST00000000001 was never used since 2026-06-20.",
  },
  {
    what: "a new one never used", user: one({ lastUsed: never, createdAt: daysAgo(7) }),
    result: "pass", because: "Its active keys are used.",
  },
  {
    what: "an unused one that is inactive", user: one({ lastUsed: last(900), isActive: false }),
    result: "pass", because: "It has no active access key.",
  },
  {
    what: "one of which nobody was asked",
    user: one({ lastUsed: notAsked("iam:GetAccessKeyLastUsed") }), result: "unknown",
    because: "It was not asked for.",
  },
]);
