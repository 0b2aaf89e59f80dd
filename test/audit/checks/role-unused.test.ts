import { roleUnused } from "../../../src/audit/checks/role-unused.ts";
import { daysAgo, judgesRoles } from "../subjects.ts";

const remedy =
  "aws iam update-assume-role-policy --role-name agent-reader --policy-document " +
  '\'{"Version":"2012-10-17","Statement":[{"Effect":"Deny",';

judgesRoles(roleUnused, [
  {
    what: "one used yesterday",
    result: "pass",
    because: "It was last used on 2026-06-29, 1 day ago.",
  },
  {
    what: "one used long ago",
    role: { lastUsed: { at: daysAgo(31), region: null } },
    result: "fail",
    because: "It was last used on 2026-05-30, 31 days ago; 30 are the limit.",
    remedy,
  },
  {
    what: "one used long ago as AWS says, and yesterday as we know",
    role: { lastUsed: { at: daysAgo(31), region: null } },
    observed: { lastSessionAt: daysAgo(1) },
    result: "pass",
    because: "It was last used on 2026-06-29, 1 day ago.",
  },
  {
    what: "one that we never saw, and AWS did",
    observed: { lastSessionAt: null },
    result: "pass",
    because: "It was last used on 2026-06-29, 1 day ago.",
  },
  {
    what: "one never used",
    role: { lastUsed: null },
    result: "fail",
    because: "It was never used since 2025-09-03.",
    remedy,
  },
  {
    what: "one never used, and new",
    role: { lastUsed: null, createdAt: daysAgo(7) },
    result: "pass",
    because: "It is from 2026-06-23, 7 days ago, and may wait for a use.",
  },
  {
    what: "one used long ago where that is no matter",
    setting: { unusedDays: 90 },
    role: { lastUsed: { at: daysAgo(31), region: null } },
    result: "pass",
    because: "It was last used on 2026-05-30, 31 days ago.",
  },
]);
