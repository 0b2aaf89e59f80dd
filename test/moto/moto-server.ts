import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface MotoServer {
  readonly endpoint: string;
  stop(): void;
}

/**
 * An AWS that others wrote, on a port of its own: `pip install 'moto[server]'`. MOTO_SERVER says
 * where its command is, when it is not on the PATH.
 * https://docs.getmoto.org/en/latest/docs/server_mode.html
 */
export async function startMoto(): Promise<MotoServer> {
  const child = spawn(process.env["MOTO_SERVER"] ?? "moto_server", ["-p", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`moto ended with ${String(code)} before it listened.`));
    });
  });
  const said = createInterface(child.stderr);
  const listening = new Promise<string>((resolve) => {
    said.on("line", (line) => {
      const address = /Running on (http:\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  return { endpoint: await Promise.race([listening, failed]), stop: () => child.kill() };
}
