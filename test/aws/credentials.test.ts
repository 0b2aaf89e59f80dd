import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSqsSource } from "../../src/sources/sqs.ts";
import { record } from "../builders/record.ts";
import { consume, quick, Told } from "../sources/consume.ts";
import { first, stsError, type Fault } from "./faulty-server.ts";
import { credentials, standIn, type StandIn } from "./stand-in.ts";

const roleArn = "arn:aws:iam::111111111111:role/watch";
let aws: StandIn;
beforeEach(async () => {
  aws = await standIn();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});

/** As STS answers; what it issued shows in the calls that follow. */
const issued: Fault = ({ api }) =>
  api !== "AssumeRole"
    ? null
    : {
        status: 200,
        headers: { "content-type": "text/xml" },
        body:
          '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
          "<AssumeRoleResult><Credentials>" +
          "<AccessKeyId>ASIAEXAMPLE000000001</AccessKeyId><SecretAccessKey>s" +
          "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z" +
          "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
      };

function sourceOf(told: Told, assumeRole?: { roleArn: string; externalId?: string }) {
  const fields = assumeRole === undefined ? {} : { assumeRole };
  return createSqsSource(aws.source(fields), {
    aws: { region: "eu-west-1", endpoint: aws.endpoint }, watcher: told, pace: quick,
  });
}

describe("a source with a role", () => {
  beforeEach(async () => {
    for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
    await aws.send(JSON.stringify(record()));
  });

  it("calls AWS with what STS issues for it, as trailwarden", async () => {
    aws.faulty.faults = [issued];
    const told = new Told();
    const source = sourceOf(told, { roleArn, externalId: "ours" });
    await consume(source, told, ({ length }) => length > 0);
    const [assumed] = aws.faulty.asked.filter(({ api }) => api === "AssumeRole");
    const asked = Object.fromEntries(new URLSearchParams(assumed?.body));
    expect(asked).toMatchObject({
      RoleArn: roleArn, RoleSessionName: "trailwarden", ExternalId: "ours",
    });
    const received = aws.faulty.asked.find(({ api }) => api === "ReceiveMessage");
    expect(received?.headers.authorization).toContain("Credential=ASIAEXAMPLE000000001/");
    expect(told.faults).toEqual([]);
  });

  it("names the role, the action and the trust policy when it may not assume it", async () => {
    const refusal = stsError(403, "AccessDenied", "User: u is not authorized to perform: …");
    aws.faulty.faults = [first(1, "AssumeRole", refusal), issued];
    const told = new Told();
    const source = sourceOf(told, { roleArn });
    const taken = await consume(source, told, ({ length }) => length > 0);
    expect(taken).toMatchObject([{ end: "acknowledged" }]);
    expect(told.faults[0]).toEqual({
      code: "denied", again: true,
      message:
        `Cannot assume ${roleArn}: the credentials may not do sts:AssumeRole on it. Allow it in ` +
        "their policy and in the role's trust policy; check the externalId where one is asked for.",
    });
  });
});

describe("a source without credentials", () => {
  it("says so, and where to put them", async () => {
    for (const name of Object.keys(credentials)) vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    const told = new Told();
    await consume(sourceOf(told), told, () => told.faults.length > 0);
    expect(told.faults[0]?.message).toMatch(
      /^Cannot .+ arn:aws:sqs:.+:trail: AWS accepts no credentials of ours \(.+\)\. Give/,
    );
  });
});
