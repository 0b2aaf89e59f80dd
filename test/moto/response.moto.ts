import { IAMClient } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, it } from "vitest";
import { wholeProgram } from "../service/end-to-end.ts";
import { startMoto, type MotoServer } from "./moto-server.ts";

/** The account that moto gives everybody. */
const account = "123456789012";
const denied = {
  errorCode: "Client.UnauthorizedOperation",
  errorMessage: "You are not authorized to perform: ec2:DescribeInstances with an explicit deny " +
    "in an identity-based policy",
};

let moto: MotoServer;
let client: IAMClient;
let here: Awaited<ReturnType<typeof wholeProgram>>;
beforeAll(async () => {
  moto = await startMoto();
  process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
  process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
  const aws = { endpoint: moto.endpoint, region: "us-east-1" };
  client = new IAMClient(aws);
  here = await wholeProgram({ client, aws, account }, { escalate: true });
});
afterAll(async () => {
  await here.close();
  client.destroy();
  moto.stop();
});

it("a session of moto's role is denied, and nothing of it is left in the end", async () => {
  await here.turn(600, [here.issued("task-1"), here.call("task-2", 30)]);
  await here.turn(600, [here.keyMade("task-1", 60)]);
  expect([await here.state(), await here.yes()]).toEqual(["requested", null]);
  expect(await here.turn(610)).toEqual(["written"]);
  expect([await here.isLost("task-1"), await here.isLost("task-2")]).toEqual([true, false]);
  await here.turn(900, [here.call("task-1", 620, { fields: denied })]);
  expect(await here.state()).toBe("confirmed");
  await here.turn(910, [here.call("task-1", 700)]);
  expect(await here.state()).toBe("violated");
  expect([await here.yes(), await here.turn(920)]).toEqual([null, ["written"]]);
  expect(await here.isLost("task-2")).toBe(true);
  await here.turn(600 + 17 * 3600);
  expect([await here.state(), await here.documents()]).toEqual(["pruned", []]);
});
