import { pastRecords } from "../../src/detections/case-past.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { instantAt, record, roleIdentity } from "./record.ts";

/** What a config says of whom the month is of. */
export const inventory = {
  agents: [{ name: "inventory", roles: ["arn:aws:iam::111111111111:role/agents/ro-*"] }],
};

const farSession = roleIdentity({ session: "far", accessKeyId: "ASIAFAR0000000000001" });

/**
 * Three sessions a day of a read-only agent from 2026-02-01 to 2026-02-28, all alike; on 2026-03-01
 * one named `far` that runs instances in another region; and of a role that has just begun, one
 * that looks at it.
 */
export function pastMonth(): readonly RawRecord[] {
  const usual = [record(), record({ eventTime: instantAt(70), eventName: "DescribeVolumes" })];
  const far = { userIdentity: farSession, awsRegion: "ap-east-1" };
  return [
    ...pastRecords({ days: 28, perDay: 3 }, usual),
    record({ ...far, eventID: "far-1", eventTime: instantAt(100) }),
    record({ ...far, eventID: "far-2", eventTime: instantAt(101), eventName: "RunInstances",
      readOnly: false }),
    record({
      ...far, eventID: "new-1", eventTime: instantAt(200), eventName: "DescribeRegions",
      userIdentity: roleIdentity({
        role: "ro-new", session: "new", roleId: "AROANEW0000000000001",
        accessKeyId: "ASIANEW0000000000001",
      }),
    }),
  ];
}
