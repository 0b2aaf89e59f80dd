import { cli, failed, passed, unknown, type UserCheck } from "../verdict.ts";

/** A console password, and nothing else to prove who it is. */
export const passwordWithoutMfa: UserCheck = {
  name: "password-without-mfa",
  title: "Console password without a second factor",
  level: "high",
  judge: ({ user, reported }) => {
    if (!reported.known) return unknown(reported.said, { action: reported.action });
    if (reported.value === null) return unknown("The credential report does not tell of it yet.");
    const { hasPassword, hasMfa, passwordLastUsedAt } = reported.value;
    const evidence = { hasPassword, hasMfa, passwordLastUsedAt };
    if (hasPassword === null)
      return unknown("AWS does not say whether it has a password.", evidence);
    if (!hasPassword) return passed("It has no console password.", evidence);
    return hasMfa
      ? passed("It has a second factor.", evidence)
      : failed(
          "It has a console password, and no second factor.",
          evidence,
          cli("iam delete-login-profile", { "user-name": user.name }),
        );
  },
};
