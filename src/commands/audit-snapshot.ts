import { callerIdentity } from "../aws/caller-identity.ts";
import { askedOf } from "../audit/asked-parts.ts";
import { collect, notYetAsked } from "../audit/collect.ts";
import { isAgents } from "../audit/discovery.ts";
import { emptySnapshot, type Account, type Snapshot } from "../audit/snapshot.ts";
import type { Config } from "../config/schema.ts";
import { untilStopped } from "../service/until-stopped.ts";
import { systemClock } from "../sources/clock.ts";
import { accountWanted, type AccountTarget } from "../sources/identities.ts";
import { patiently, type Patience } from "../sources/patiently.ts";
import { keepSnapshot, snapshotIn } from "../storage/snapshot-file.ts";
import { printable } from "../text/printable.ts";
import { UsageError } from "../usage-error.ts";
import type { LookingOptions, Told } from "./audit-options.ts";
import { progressOn } from "./output/progress.ts";

/** The accounts to judge, and as of when (ms UTC). */
export interface Audited {
  readonly accounts: readonly Account[];
  readonly at: number;
}

/** From IAM, a file, or no more than that there are accounts; an exit code where it was stopped. */
export async function snapshotFor(options: LookingOptions, told: Told): Promise<Audited | number> {
  if (options.historyOnly === true) {
    const known = told.history.accounts().map((id) =>
      ({ ...notYetAsked, id, partition: "aws", isManagement: null }));
    return { accounts: chosen(known, options, "The store"), at: told.asOf };
  }
  if (options.fromSnapshot !== undefined) return await kept(options.fromSnapshot, options);
  return await asked(options, told);
}

/** Those of `--account`, each of which must be there. */
function chosen<T extends { readonly id: string }>(
  known: readonly T[],
  { account: wanted }: LookingOptions,
  where: string,
): readonly T[] {
  const missing = wanted.find((id) => known.every((one) => one.id !== id));
  if (missing !== undefined) {
    throw new UsageError(`${where} knows no account ${printable(missing)}, but ` +
      `${known.map(({ id }) => id).join(", ") || "none"}.`);
  }
  return known.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
}

/** Ages are of when it was made, whenever it is looked at. */
async function kept(file: string, options: LookingOptions): Promise<Audited> {
  const snapshot = await readable(file);
  if (snapshot === null) {
    throw new UsageError(`There is no snapshot at ${file}. Make one with: ` +
      `trailwarden audit --save-snapshot ${file}`);
  }
  const { accounts, startedAt, finishedAt } = snapshot;
  if (finishedAt === null) say(`${file} is not finished: what it does not tell is unknown.`);
  return { accounts: chosen(accounts, options, file), at: finishedAt ?? startedAt };
}

async function readable(file: string): Promise<Snapshot | null> {
  const found = await snapshotIn(file);
  if (typeof found !== "string") return found;
  throw new UsageError(`${file} holds no snapshot. ${printable(found)}`);
}

/** What was read longer ago is read again. */
const goesOnMs = 24 * 3600 * 1000;

async function asked(options: LookingOptions, known: Told): Promise<Audited | number> {
  const { config, history } = known;
  const { saveSnapshot: file } = options;
  const found = file === undefined ? null : await readable(file);
  const now = Date.now();
  const isBegun = found?.finishedAt === null && now - found.startedAt < goesOnMs;
  if (isBegun) say(`Goes on with what ${file ?? ""} holds.`);
  const stop = file === undefined ? null : untilStopped(() => undefined);
  const patience = { ...told, signal: stop?.signal ?? new AbortController().signal };
  const targets = chosen(await targetsOf(config, patience), options, "The config");
  const accounts = await Promise.all(
    targets.map((target) => accountWanted(config.aws, target, patience)));
  const progress = progressOn(process.stderr, "Asking IAM", "answers");
  progress.start(targets.length * shareUnits);
  const snapshot = await collect({
    accounts, signal: patience.signal, now: () => Date.now(),
    wantsUseOf: isAgents(config, history),
    save: async (soFar) => {
      const done = soFar.accounts.map(askedOf);
      const sum = (of: "count" | "share") => done.reduce((all, one) => all + one[of], 0);
      progress.advance(Math.round(sum("share") * shareUnits), sum("count"));
      if (file !== undefined) await keepSnapshot(file, soFar);
    },
  }, isBegun ? found : emptySnapshot(now));
  progress.stop();
  stop?.release();
  const reason = stop?.reason() ?? null;
  if (reason === null) return { accounts: snapshot.accounts, at: Date.now() };
  say(`Stopped. What was read is in ${file ?? ""}; the same command goes on from there.`);
  return reason === "SIGINT" ? 130 : 143;
}

/** Of the bar, for each account. */
const shareUnits = 1000;

/** Without any in the config, the account of our own credentials. */
async function targetsOf(
  { aws, audit }: Config,
  patience: Patience,
): Promise<readonly AccountTarget[]> {
  if (audit.accounts.length > 0) {
    return audit.accounts.map(({ id, assumeRole }) => ({ id, assumeRole, isManagement: null }));
  }
  const { accountId } = await patiently(() => callerIdentity(aws, { socketsMax: 1 }), patience);
  return [{ id: accountId, isManagement: null }];
}

const told: Omit<Patience, "signal"> = {
  clock: systemClock,
  failed: ({ message }) => { say(`${printable(message)} It is tried again.`); },
  recovered: () => undefined,
};

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
