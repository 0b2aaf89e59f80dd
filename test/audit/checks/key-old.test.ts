import { keyOld } from "../../../src/audit/checks/key-old.ts";
import { knownPart, notAsked } from "../../../src/audit/part.ts";
import { daysAgo, judgesUsers, key, now } from "../subjects.ts";

const made = (days: number, isActive = true) => ({
  accessKeys: knownPart([
    key("AKIAYOUNG00000000001"),
    key("AKIAOTHER00000000001", { createdAt: daysAgo(days), isActive }),
  ], now),
});

judgesUsers(keyOld, [
  { what: "no key", result: "pass", because: "It has no active access key." },
  {
    what: "an old one beside a young one", user: made(91), result: "fail",
    because: "AKIAOTHER00000000001 is from 2026-03-31, 91 days ago; 90 are the limit.",
    remedy: "aws iam create-access-key --user-name agent-user\naws iam update-access-key ",
  },
  {
    what: "one of 90 days", user: made(90), result: "pass",
    because: "AKIAOTHER00000000001 is from 2026-04-01, 90 days ago.",
  },
  {
    what: "an old one that is inactive", user: made(900, false), result: "pass",
    because: "AKIAYOUNG00000000001 is from 2026-06-20, 10 days ago.",
  },
  {
    what: "keys that nobody knows", user: { accessKeys: notAsked("iam:ListAccessKeys") },
    result: "unknown", because: "It was not asked for.",
  },
]);
