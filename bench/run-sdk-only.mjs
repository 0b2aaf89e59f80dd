// The least that anybody would write instead of `trailwarden run`: no task, no refresh, no config.
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";

const client = new STSClient({});
const { Credentials: credentials } = await client.send(
  new AssumeRoleCommand({ RoleArn: process.argv[2], RoleSessionName: "bench" }),
);
const child = spawn("true", {
  stdio: "inherit",
  env: {
    ...process.env,
    AWS_ACCESS_KEY_ID: credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: credentials.SessionToken,
  },
});
const [code] = await once(child, "exit");
process.exit(code);
