import { appendFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { TaskCall } from "./call.ts";
import { TaskFault } from "./fault.ts";
import { jsonOrNull, tellService, type ServiceAddress } from "./service.ts";

/** Files of one run each: no run is begun offline beyond that. */
export const backlogFilesMax = 1000;

/** What a file's name ends in; `.sending` goes behind it while somebody sends the file. */
const ending = ".ndjson";
const inHand = ".sending";

export interface Sent {
  readonly sentCount: number;
  /** What the service will never take; it is forgotten. */
  readonly refused: readonly TaskFault[];
}

/**
 * What the service is yet to be told, in files of one run each, a JSON line per call, in order.
 * They hold access key ids and no secret; only their owner may read them.
 *
 * Whoever sends a file renames it first: its run goes on in a new one, so no line is lost. Lines
 * may be sent twice, by two at once or after a crash: every call may be made again.
 */
export class Backlog {
  readonly #folder: string;
  readonly #file: string;
  #isUsed = false;

  constructor(folder: string, run: { readonly at: number; readonly taskId: string }) {
    this.#folder = folder;
    this.#file = join(folder, `${String(run.at).padStart(15, "0")}-${run.taskId}${ending}`);
  }

  /** Whether a call of this run waits to be sent. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  async keep(call: TaskCall): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await appendFile(this.#file, `${JSON.stringify(call)}\n`, { mode: 0o600 });
    this.#isUsed = true;
  }

  /** Whether there is room for one more run. */
  async hasRoom(): Promise<boolean> {
    return (await filesIn(this.#folder)).length < backlogFilesMax;
  }

  /**
   * Sends what is there, of earlier runs too, oldest first. Throws a TaskFault when the service
   * cannot be reached, or knows no such token: the rest stays.
   */
  async send(address: ServiceAddress): Promise<Sent> {
    const wasUsed = this.#isUsed;
    this.#isUsed = false;
    let sentCount = 0;
    const refused: TaskFault[] = [];
    try {
      const files = await filesIn(this.#folder);
      await this.#knocked(address, files[0]);
      for (const file of files) {
        const path = await claimed(join(this.#folder, file));
        for (const call of await callsIn(path)) {
          const refusal = await refusalOf(address, call);
          if (refusal === null) sentCount += 1;
          else refused.push(refusal);
        }
        await rm(path, { force: true });
      }
    } catch (error) {
      this.#isUsed ||= wasUsed;
      throw error;
    }
    return { sentCount, refused };
  }

  /** Sends the first line, which is sent again: files are claimed from who answers, else not. */
  async #knocked(address: ServiceAddress, file: string | undefined): Promise<void> {
    if (file === undefined) return;
    const [first] = await callsIn(join(this.#folder, file));
    if (first !== undefined) await refusalOf(address, first);
  }
}

async function refusalOf(address: ServiceAddress, call: TaskCall): Promise<TaskFault | null> {
  try {
    await tellService(address, call);
    return null;
  } catch (error) {
    const isForGood = error instanceof TaskFault &&
      (error.code === "service-refused" || error.code === "task-ended");
    if (isForGood) return error;
    throw error;
  }
}

/** By time; of one run, what was claimed first goes first, and what it wrote since goes last. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const order = (name: string) => name.endsWith(inHand) ? name : `${name}.~`;
  return (await orNone(readdir(folder)))
    .filter((name) => name.endsWith(ending) || name.endsWith(inHand))
    .sort((a, b) => order(a) < order(b) ? -1 : 1);
}

/** Its path from now on. What somebody else has in hand stays as it is called. */
async function claimed(path: string): Promise<string> {
  if (path.endsWith(inHand)) return path;
  const own = `${path}.${String(Date.now()).padStart(15, "0")}-${process.pid}${inHand}`;
  await orNone(rename(path, own).then(() => []));
  return own;
}

/** None when another was faster. A line that a crash or a full disk cut short is no call. */
async function callsIn(path: string): Promise<readonly TaskCall[]> {
  const lines = await orNone(readFile(path, "utf8").then((text) => text.split("\n")));
  return lines.flatMap((line) => TaskCall.safeParse(jsonOrNull(line)).data ?? []);
}

/** Nothing, where there is no such file. */
async function orNone<T>(found: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Where state belongs: https://specifications.freedesktop.org/basedir-spec/latest/ */
export function stateFolder(environment: NodeJS.ProcessEnv): string {
  const base = environment["XDG_STATE_HOME"] ?? "";
  return join(base === "" ? join(homedir(), ".local", "state") : base, "trailwarden", "tasks");
}
