import { passwordWithoutMfa } from "../../../src/audit/checks/password-without-mfa.ts";
import { judgesUsers } from "../subjects.ts";

judgesUsers(passwordWithoutMfa, [
  { what: "no report", result: "unknown", because: "It was not asked for." },
  {
    what: "no password",
    reported: {},
    result: "pass",
    because: "It has no console password.",
  },
  {
    what: "a password alone",
    reported: { hasPassword: true },
    result: "fail",
    because: "It has a console password, and no second factor.",
    remedy: "aws iam delete-login-profile --user-name agent-user",
  },
  {
    what: "a password and a second factor",
    reported: { hasPassword: true, hasMfa: true },
    result: "pass",
    because: "It has a second factor.",
  },
  {
    what: "what AWS does not say",
    reported: { hasPassword: null },
    result: "unknown",
    because: "AWS does not say whether it has a password.",
  },
]);
