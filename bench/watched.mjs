// The program as a child, and what can be seen of it from outside.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath, URL } from "node:url";
import { stringify } from "yaml";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
/** Of /proc: what processor time is counted in. */
const ticksPerSecond = 100;

/** `trailwarden watch` in a folder of its own. */
export class Watched {
  #child;
  #url;
  #token;
  folder;

  constructor(child, { url, token, folder }) {
    this.#child = child;
    this.#url = url;
    this.#token = token;
    this.folder = folder;
  }

  /**
   * When it says that it watches.
   *
   * @param config its http and tokens are set here
   */
  static async start({ config, environment, args = [], nodeArgs = [] }) {
    const folder = mkdtempSync(join(tmpdir(), "trailwarden-watch-"));
    const token = randomBytes(16).toString("hex");
    const sha256 = createHash("sha256").update(token).digest("hex");
    // Looking closely is what a benchmark does: the limit is for others.
    const tokens = [{ name: "bench", role: "viewer", sha256 }];
    const http = { port: 0, tokens, requestsPerMinute: 1_000_000 };
    writeFileSync(join(folder, "trailwarden.yaml"), stringify({ ...config, http }));
    const command = ["watch", "--config", "trailwarden.yaml", "--store", "trail.db", ...args];
    const child = spawn(process.execPath, [...nodeArgs, main, ...command], {
      cwd: folder,
      env: { PATH: process.env.PATH, TMPDIR: tmpdir(), ...environment },
      stdio: ["ignore", "ignore", "pipe"],
    });
    process.once("exit", () => child.kill("SIGKILL"));
    const log = createWriteStream(join(folder, "watch.log"));
    const url = await new Promise((resolve, reject) => {
      createInterface(child.stderr).on("line", (line) => {
        log.write(`${line}\n`);
        const { msg, http: address } = line.startsWith("{") ? JSON.parse(line) : {};
        if (msg === "Watching.") resolve(address);
      });
      child.once("close", () => reject(new Error(`It ended. See ${join(folder, "watch.log")}`)));
    });
    return new Watched(child, { url, token, folder });
  }

  get store() {
    return join(this.folder, "trail.db");
  }

  get hasEnded() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get residentBytes() {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) * 1024;
  }

  /** All threads together, since it began. */
  get processorSeconds() {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8");
    const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
    return (Number(user) + Number(system)) / ticksPerSecond;
  }

  async get(path) {
    const response = await globalThis.fetch(`${this.#url}${path}`, {
      headers: { authorization: `Bearer ${this.#token}` },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return await response.text();
  }

  async metrics() {
    return new Samples(await this.get("/metrics"));
  }

  /** The exit code. */
  async end(signal = "SIGTERM") {
    if (!this.hasEnded) {
      this.#child.kill(signal);
      await once(this.#child, "close");
    }
    return this.#child.exitCode;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Prometheus's text format, as far as it is written here. */
class Samples {
  #samples;

  constructor(text) {
    this.#samples = text.split("\n").flatMap((line) => {
      const parts = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (parts === null) return [];
      const labels = [...(parts[2] ?? "").matchAll(/(\w+)="([^"]*)"/g)];
      return [{
        name: parts[1],
        labels: Object.fromEntries(labels.map(([, label, value]) => [label, value])),
        value: Number(parts[3]),
      }];
    });
  }

  /** Of all with these labels. */
  sum(name, wanted = {}) {
    return this.#of(name)
      .filter(({ labels }) => Object.entries(wanted).every(([key, value]) => labels[key] === value))
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** A histogram's: how many were at most so large, by bound. */
  buckets(name) {
    return this.#of(`${name}_bucket`).map(({ labels, value }) => ({
      bound: labels.le === "+Inf" ? Infinity : Number(labels.le), count: value,
    }));
  }

  #of(wanted) {
    return this.#samples.filter(({ name }) => name === wanted);
  }
}
