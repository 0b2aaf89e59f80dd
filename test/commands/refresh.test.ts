import { afterAll, expect, it } from "vitest";
import { AwsServer } from "../aws/aws-server.ts";
import { CloudTrailService } from "../aws/cloudtrail-service.ts";
import { agentUserAgent, keyMade, record, roleIdentity } from "../builders/record.ts";
import { lines, Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

/** A while ago: the program asks for what is at most 90 days old by its own clock. */
const at = (minutesAgo: number): string =>
  new Date(Date.now() - minutesAgo * 60_000).toISOString().replace(/\.\d+Z/, "Z");

it("sessions refresh takes in what a session's key did since, and prints what is new", async () => {
  const userIdentity = roleIdentity({ createdAt: at(61) });
  const known = record({ userIdentity, userAgent: agentUserAgent, eventTime: at(60) });
  const later = keyMade({ userIdentity, eventTime: at(30) });
  const trail = new CloudTrailService(() => Date.now(), () => "111111111111");
  trail.add("111111111111", known);
  trail.add("111111111111", later);
  const server = new AwsServer({ cloudtrail: trail.answer });
  await server.listen();
  const env = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ACCESS_KEY_ID: "AKIAOURSELVES0000001",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  try {
    place.trail("known.json", [known]);
    await place.run(["scan", "known.json", "--store", "t.db", "-q"]);
    const listed = await place.run(["sessions", "--store", "t.db", "--all", "-f", "ndjson"]);
    const [session] = lines(listed.stdout) as readonly { readonly id: string }[];
    const refresh = (...args: readonly string[]) =>
      place.run(["sessions", "refresh", ...args, "--store", "t.db"], { env });
    const id = session?.id ?? "";
    const asked = await refresh(id, "--region", "eu-west-1", "--region", "us-east-1");
    expect(asked).toMatchObject({
      code: 0,
      stderr: "1 new event (1 known, 0 rejected) on 2 pages. " +
        "Asked for 1 access key in eu-west-1, us-east-1.\n",
    });
    expect(asked.stdout).toContain("creates-lasting-credentials");
    const again = await refresh(id, "--region", "us-east-1");
    expect(again).toMatchObject({ code: 0, stdout: "No finding is new.\n" });
    expect(await refresh("nobody", "--region", "us-east-1")).toMatchObject({ code: 2, stdout: "" });
    const nowhere = await refresh(id);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain("No region is known.");
  } finally {
    await server.close();
  }
});
