import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunPlace } from "../wrapper/run-place.ts";
import { ended } from "./program.ts";

let place: RunPlace;
const servers: Server[] = [];
beforeEach(async () => {
  place = await RunPlace.open();
});
afterEach(() => {
  place.close();
  for (const server of servers.splice(0)) server.close();
});

/** Something that gives the same JSON to whoever asks, and remembers who did. */
async function answering(body: object): Promise<{ url: string; asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url ?? ""} ${request.headers.authorization ?? ""}`);
    response.end(JSON.stringify(body));
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, asked };
}

const readonly = ["--agent", "aider", "--mode", "readonly"];
const quiet = ["--", process.execPath, "-e", "console.log('ran')"];
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  ended(place.start(args, env));

describe("the role of an ECS task or a pod", () => {
  it("opens the session, and the agent does not see the way to it", async () => {
    const broker = place.sts.brokerSession();
    const container = await answering({
      AccessKeyId: broker.accessKeyId, SecretAccessKey: broker.secretAccessKey,
      Token: broker.sessionToken, Expiration: "2100-01-01T00:00:00Z",
    });
    const outcome = await run([...readonly, ...place.agent("ecs.json")], {
      AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/role`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "of-the-pod",
    });
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(container.asked).toEqual(["/role of-the-pod"]);
    const { arn, env } = place.report("ecs.json");
    expect(arn).toContain("assumed-role/aider-ro/aider-");
    expect(env["AWS_CONTAINER_CREDENTIALS_FULL_URI"]).not.toContain(container.url);
    expect(place.sts.opened[1]?.asked).toMatchObject({ "Tags.member.1.Value": "aider" });
  });
});

describe("a web identity", () => {
  it("of GitHub opens the session, where the job may have one", async () => {
    const gitHub = await answering({ value: "token-of-github" });
    place.sts.rules = { webTokens: ["token-of-github"] };
    const outcome = await run([...readonly, ...place.agent("gh.json")], {
      AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${gitHub.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of-the-job",
      GITHUB_ACTIONS: "true", GITHUB_ACTOR: "octocat", GITHUB_REPOSITORY: "acme/api",
      GITHUB_RUN_ID: "77", GITHUB_RUN_ATTEMPT: "2",
    });
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    expect(gitHub.asked)
      .toEqual(["/token?api-version=2.0&audience=sts.amazonaws.com bearer of-the-job"]);
    const { env } = place.report("gh.json");
    expect(env).not.toHaveProperty("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
    expect(place.service.of("start")).toMatchObject([
      { externalId: "github-77-2", actor: "octocat", repository: "acme/api" },
    ]);
  });

  it("in a file opens the session; one that is not accepted is explained", async () => {
    const file = place.work.path(place.work.write("token", "token-in-file\n"));
    const env = {
      AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_WEB_IDENTITY_TOKEN_FILE: file,
    };
    place.sts.rules = { webTokens: ["token-in-file"] };
    expect(await run([...readonly, ...quiet], env)).toMatchObject({ code: 0, stdout: "ran\n" });
    place.sts.rules = {};
    const refused = await run([...readonly, ...quiet], env);
    expect(refused.code).toBe(125);
    expect(refused.stderr).toContain("Check that IAM has an OIDC provider");
  });
});
