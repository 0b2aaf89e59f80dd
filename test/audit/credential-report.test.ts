import { describe, expect, it } from "vitest";
import { readCredentialReport } from "../../src/audit/credential-report.ts";

const columns = [
  "user", "arn", "user_creation_time", "password_enabled", "password_last_used",
  "password_last_changed", "password_next_rotation", "mfa_active",
  "access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date",
  "access_key_1_last_used_region", "access_key_1_last_used_service",
  "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date",
  "access_key_2_last_used_region", "access_key_2_last_used_service",
  "cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
];
const march = "2026-03-01T00:00:00+00:00";
const marchAt = Date.UTC(2026, 2, 1);
const noKey = "false,N/A,N/A,N/A,N/A";
const noCertificates = "false,N/A,false,N/A";
const root = `<root_account>,arn:aws:iam::111122223333:root,${march},not_supported,` +
  `no_information,not_supported,not_supported,true,true,N/A,${march},us-east-1,iam,` +
  `${noKey},${noCertificates}`;

describe("a credential report", () => {
  it("tells of the root user what AWS says of it", () => {
    expect(readCredentialReport(`${columns.join(",")}\n${root}\n`)).toEqual([{
      name: "<root_account>", arn: "arn:aws:iam::111122223333:root", createdAt: marchAt,
      hasPassword: null, passwordLastUsedAt: null, passwordChangedAt: null, hasMfa: true,
      accessKeys: [{
        isActive: true, rotatedAt: null, lastUsedAt: marchAt, lastUsedRegion: "us-east-1",
        lastUsedService: "iam",
      }],
      activeCertificateCount: 0,
    }]);
  });

  it("is read by its header, whatever columns are added and however lines end", () => {
    const header = ["additional", ...columns, "later"].join(",");
    const line = `x,"ann,lee",arn:aws:iam::111122223333:user/a,${march},true,${march},${march},` +
      `N/A,false,${noKey},false,${march},N/A,N/A,N/A,true,${march},true,${march},"say ""x"""`;
    expect(readCredentialReport(`${header}\r\n${line}\r\n`)).toMatchObject([{
      name: "ann,lee", hasPassword: true, passwordLastUsedAt: marchAt, hasMfa: false,
      accessKeys: [{
        isActive: false, rotatedAt: marchAt, lastUsedAt: null, lastUsedRegion: null,
      }],
      activeCertificateCount: 2,
    }]);
  });

  it.each<[string, string, string]>([
    ["nothing", "", "The credential report has no column user."],
    ["another file", "a,b\n1,2", "The credential report has no column user."],
    ["a line that is too long", `${columns.join(",")}\n${root}\nann,lee${root}`,
      "Line 3 of the credential report has 23 values under 22 columns."],
  ])("that is %s is told in a sentence", (_what, csv, expected) => {
    expect(readCredentialReport(csv)).toBe(expected);
  });
});
