import type { App } from "../app.ts";
import { AwsFault } from "../aws/fault.ts";
import { askOrShow } from "../response/ask-or-show.ts";
import type {
  AskedView, AskRevocation, ResponseView, RevocationView,
} from "../response/contract.ts";
import { responseView, say, type Saying } from "../response/decide.ts";
import { openResponder, type OpenResponder } from "../response/open-responder.ts";
import { round } from "../response/respond.ts";
import { revocationView } from "../response/view.ts";
import type { RevocationFilter } from "../revocations/store.ts";
import { printable } from "../text/printable.ts";
import { UsageError } from "../usage-error.ts";
import { cliDecider } from "./decider.ts";
import { exitCodes } from "./exit-codes.ts";
import { withStore, type StoreOptions } from "./store-option.ts";

/** Where revocations are asked for, decided and looked at. */
export interface RevocationDesk {
  ask(body: AskRevocation): Promise<AskedView>;
  /** The latest first. */
  list(filter: RevocationFilter, limit: number): Promise<readonly RevocationView[]>;
  show(id: string): Promise<RevocationView>;
  say(id: string, saying: Saying): Promise<RevocationView>;
  /** Null ends the pause. */
  pause(reason: string | null): Promise<ResponseView>;
  status(): Promise<ResponseView>;
}

/** On a store's file: what is decided is carried out at once, as far as it can be. */
export async function atStore(
  options: StoreOptions,
  work: (desk: RevocationDesk) => Promise<string>,
): Promise<void> {
  let code: number = exitCodes.ok;
  await withStore(options, async (app) => {
    const desk = new StoreDesk(app);
    try {
      process.stdout.write(await work(desk));
    } finally {
      desk.close();
    }
    if (desk.hasFailed) code = exitCodes.findings;
  });
  process.exitCode = code;
}

class StoreDesk implements RevocationDesk {
  readonly #app: App;
  #responder: OpenResponder | null = null;
  /** Whether nothing of a plan can be done, or AWS kept something from being carried out. */
  hasFailed = false;

  constructor(app: App) {
    this.#app = app;
  }

  async ask(body: AskRevocation): Promise<AskedView> {
    const { store, config } = this.#app;
    const responder = () => this.#opened();
    const asking = { store, config: config.response, responder };
    const asked = await askOrShow(body, asking, cliDecider());
    this.hasFailed = asked.plan.changes.length === 0;
    if (asked.revocation === null) return asked;
    await this.#carryOut();
    return { ...asked, revocation: await this.show(asked.revocation.id) };
  }

  async list(filter: RevocationFilter, limit: number): Promise<readonly RevocationView[]> {
    const found = await this.#app.store.listRevocations(filter, { limit, after: null });
    return found.map((one) => revocationView(one, Date.now()));
  }

  async show(id: string): Promise<RevocationView> {
    return revocationView(there(await this.#app.store.revocation(id), id), Date.now());
  }

  async say(id: string, saying: Saying): Promise<RevocationView> {
    const { store } = this.#app;
    const { refusal } = there(await say(id, saying, { store, by: cliDecider() }), id);
    if (refusal !== null) throw new UsageError(`Revocation ${id}: ${refusal}`);
    await this.#carryOut();
    return await this.show(id);
  }

  async pause(reason: string | null): Promise<ResponseView> {
    await this.#app.store.pauseResponse(reason, cliDecider());
    if (reason === null) await this.#carryOut();
    return await this.status();
  }

  status(): Promise<ResponseView> {
    const { store, config } = this.#app;
    return responseView(store, { config: config.response, asOf: Date.now() });
  }

  close(): void {
    this.#responder?.close();
  }

  /** What is decided stays so, whatever AWS says: the next round goes on with it. */
  async #carryOut(): Promise<void> {
    if (!this.#app.config.response.enabled) return;
    for (const { as } of await round(await this.#opened())) {
      if (!(as instanceof AwsFault)) continue;
      this.hasFailed = true;
      process.stderr.write(`${printable(as.message)}\n`);
    }
  }

  async #opened(): Promise<OpenResponder> {
    const { store, config } = this.#app;
    this.#responder ??= await openResponder({ store, config: () => config });
    return this.#responder;
  }
}

function there<T>(found: T | null, id: string): T {
  if (found !== null) return found;
  throw new UsageError(
    `There is no revocation ${id}. List them with: trailwarden revocations list`,
  );
}
