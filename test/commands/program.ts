import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { RawRecord } from "../../src/records/record.ts";

/** The built program; `build-once.ts` sees to it that it is up to date. */
export const mainFile = join(import.meta.dirname, "..", "..", "dist", "main.js");

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** What a shell does before it becomes the program: `ulimit -S -f 4096`. */
  readonly before?: string;
}

/** A folder of a test's own, in which the real program runs. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), "program-"));

  /** The file's path, from the folder. */
  write(name: string, content: string | Buffer): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return name;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** As a trail writes it: gzip where the name says so. */
  trail(name: string, records: readonly RawRecord[]): string {
    const text = JSON.stringify({ Records: records });
    return this.write(name, name.endsWith(".gz") ? gzipSync(text) : text);
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    const child = this.start(args, options);
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
    return await ended(child);
  }

  /** Started, and left alone: its streams are pipes. */
  start(args: readonly string[], { env = {}, before }: RunOptions = {}): ChildProcess {
    const command = [process.execPath, mainFile, ...args];
    const [file = "", ...rest] =
      before === undefined ? command : ["bash", "-c", `${before}; exec "$@"`, "bash", ...command];
    return spawn(file, rest, {
      cwd: this.folder,
      env: { PATH: process.env["PATH"] ?? "", TMPDIR: this.folder, ...env },
      stdio: "pipe",
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a child came to, once it has ended and its streams are read out. */
export async function ended(child: ChildProcess): Promise<Outcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString();
      resolve({ code, signal, stdout: text(stdout), stderr: text(stderr) });
    });
  });
}

/** The values of NDJSON. */
export function lines(text: string): readonly unknown[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as unknown);
}
