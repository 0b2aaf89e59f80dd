import { existsSync, readFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { join } from "node:path";
import { spawn, type ChildProcess } from "node:child_process";
import { mainFile, Workplace } from "../commands/program.ts";
import { startSts, type StsServer } from "./sts-server.ts";
import { TaskServer } from "./task-server.ts";

const childFile = join(import.meta.dirname, "child.mjs");

/** What the agent of a test has seen. */
export interface Report {
  readonly arn: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
}

/** AWS, the service, and a folder with a config, in which `trailwarden run` runs. */
export class RunPlace {
  readonly sts: StsServer;
  readonly service = new TaskServer();
  readonly work = new Workplace();

  private constructor(sts: StsServer) {
    this.sts = sts;
  }

  static async open(config = ""): Promise<RunPlace> {
    const place = new RunPlace(await startSts());
    await place.service.start();
    place.configure(config);
    return place;
  }

  /** Our agent aider, and what the test adds. */
  configure(added: string, run = "offline: refuse"): void {
    this.work.write("conf/trailwarden.yaml", `
agents:
  - name: aider
    roles: ["arn:aws:iam::111122223333:role/agents/aider-*"]
    sessionName: "aider-{epoch}"
    modes:
      readonly: { role: "arn:aws:iam::111122223333:role/agents/aider-ro" }
      readwrite: { role: "arn:aws:iam::111122223333:role/agents/aider-rw" }
      deploy: { role: "arn:aws:iam::111122223333:role/agents/aider-deploy", approval: true }
${added}
run: { heartbeatSeconds: 3, ${run} }
`);
  }

  get env(): Readonly<Record<string, string>> {
    return {
      ...this.sts.broker,
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL_STS: this.sts.url,
      HOME: this.work.folder,
      // Of the SDK in our test agent.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      TRAILWARDEN_CONFIG: this.work.path("conf/trailwarden.yaml"),
      TRAILWARDEN_URL: this.service.url,
      TRAILWARDEN_TOKEN: this.service.token,
    };
  }

  /** Our test agent with no wrapper, and an AWS config that asks `trailwarden credentials`. */
  unwrapped(report: string, asked: readonly string[]): ChildProcess {
    const { AWS_ACCESS_KEY_ID: id = "", AWS_SECRET_ACCESS_KEY: secret = "", ...env } = this.env;
    this.work.write("aws-config", `
[profile agent]
credential_process = ${process.execPath} ${mainFile} credentials ${asked.join(" ")}
[default]
credential_process = ${process.execPath} ${mainFile} credentials ${asked.join(" ")}
[profile broker]
aws_access_key_id = ${id}
aws_secret_access_key = ${secret}
`);
    return spawn(process.execPath, [childFile, this.work.path(report), "end"], {
      env: {
        PATH: process.env["PATH"] ?? "", ...env,
        AWS_PROFILE: "agent", AWS_CONFIG_FILE: this.work.path("aws-config"),
      },
      stdio: "pipe",
    });
  }

  /** The arguments that run our test agent; it writes its report there. */
  agent(report: string, then = "end"): readonly string[] {
    return ["--", process.execPath, childFile, this.work.path(report), then];
  }

  /** In a session of its own, as in CI: no terminal sends signals to the agent beside us. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    return this.#program(["run", ...args], env);
  }

  credentials(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): ChildProcess {
    return this.#program(["credentials", ...args], env);
  }

  #program(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    return spawn(process.execPath, [mainFile, ...args], {
      cwd: this.work.folder,
      env: { PATH: process.env["PATH"] ?? "", ...this.env, ...env },
      stdio: "pipe",
      detached: true,
    });
  }

  report(name: string): Report {
    return JSON.parse(readFileSync(this.work.path(name), "utf8")) as Report;
  }

  /** Once the agent has written it. */
  async reported(name: string): Promise<Report> {
    while (!existsSync(this.work.path(name)) || !this.#isWhole(name)) await turn();
    return this.report(name);
  }

  #isWhole(name: string): boolean {
    return readFileSync(this.work.path(name), "utf8").endsWith("}");
  }

  close(): void {
    this.sts.close();
    this.service.stop();
    this.work.remove();
  }
}
