import { setMaxListeners } from "node:events";
import { AwsFault } from "../aws/fault.ts";
import { ObjectStorage } from "../aws/s3.ts";
import { messagesPerCall, Queue, type Hidden, type QueueMessage } from "../aws/sqs.ts";
import type { AwsConfig, SqsSourceConfig } from "../config/schema.ts";
import { retryDelayMs } from "./backoff.ts";
import { systemClock, type Clock } from "./clock.ts";
import { Health } from "./health.ts";
import type { GivenBack, Handover, Source, SourceWatcher } from "./source.ts";
import { Batches } from "./sqs-batches.ts";
import { isOver, watchDepth } from "./sqs-depth.ts";
import { Hand } from "./sqs-hand.ts";
import { contentOf } from "./sqs-message.ts";

export interface SqsSourceOptions {
  readonly aws: AwsConfig;
  readonly watcher: SourceWatcher;
  readonly clock?: Clock;
  readonly pace?: Partial<Pace>;
}

/** What tests make quicker. */
export interface Pace {
  /** Of a receive that finds nothing; the longest that SQS allows. */
  readonly waitSeconds: number;
  readonly depthEveryMs: number;
  /** How long poison is hidden after its n-th receive. */
  readonly poisonDelaySeconds: (receiveCount: number) => number;
}

const ordinary: Pace = {
  waitSeconds: 20,
  depthEveryMs: 30_000,
  // From 5 s to 15 min: ten receives, the usual bound, take three quarters of an hour.
  poisonDelaySeconds: (receiveCount) => Math.min(5 * 2 ** (receiveCount - 1), 900),
};

/** Every receive counts towards the dead-letter queue: a permission takes people hours to mend. */
const putOffSeconds = 900;

/** For so long, once we stop, an answer of the queue may be on its way. */
const answerMs = 500;

export function createSqsSource(config: SqsSourceConfig, options: SqsSourceOptions): Source {
  return new SqsSource(config, options);
}

/** A queue of notifications and events. */
class SqsSource implements Source {
  readonly kind = "sqs";
  readonly name: string;
  readonly #config: SqsSourceConfig;
  readonly #options: SqsSourceOptions;
  readonly #pace: Pace;
  readonly #clock: Clock;
  readonly #health: Health;
  readonly #queue: Queue;
  readonly #storage: ObjectStorage;
  readonly #hand: Hand;
  readonly #deletes: Batches<string>;
  readonly #hides: Batches<Hidden>;
  #ready: Handover[] = [];
  readonly #polls = new Set<Promise<void>>();
  /** Messages that the polls under way may bring. */
  #asked = 0;
  /** Polls to have under way: more while the queue answers with all that was asked for. */
  #pollsWanted = 1;

  constructor(config: SqsSourceConfig, options: SqsSourceOptions) {
    this.name = config.name;
    this.#config = config;
    this.#options = options;
    this.#pace = { ...ordinary, ...options.pace };
    this.#clock = options.clock ?? systemClock;
    this.#health = new Health(config.name, options.watcher);
    const { region, assumeRole, bucketOwner, concurrency, visibilitySeconds } = config;
    // Polls, deletes and signs of life; each object's GET.
    const reach = { region, assumeRole, socketsMax: concurrency + 16 };
    const queue = new Queue(config.queueUrl, options.aws, reach);
    this.#queue = queue;
    this.#storage = new ObjectStorage(options.aws, {
      ...reach, bucketOwner, region: region ?? queue.region ?? undefined,
    });
    const common = { health: this.#health, clock: this.#clock };
    this.#hand = new Hand({ queue, visibilitySeconds, ...common });
    this.#deletes = new Batches({
      what: "delete", send: (receipts) => queue.delete(receipts), ...common,
    });
    this.#hides = new Batches({ what: "give back", send: (all) => queue.hide(all), ...common });
  }

  async *handovers(signal: AbortSignal): AsyncGenerator<Handover> {
    const ending = new AbortController();
    const ended = AbortSignal.any([signal, ending.signal]);
    setMaxListeners(0, ended);
    ended.addEventListener("abort", () => {
      this.#hand.wake();
    });
    const depth = this.#watchDepth(ended);
    try {
      while (!ended.aborted) {
        const next = this.#ready.shift();
        if (next !== undefined) yield next;
        else await this.#more(ended);
      }
    } finally {
      ending.abort();
      await Promise.all([...this.#polls, ...depth]);
      await Promise.all(this.#ready.splice(0).map((handover) => handover.giveBack("later")));
      void this.#closeWhenDone();
    }
  }

  /** Until something is ready, or there may be room for it. */
  async #more(signal: AbortSignal): Promise<void> {
    for (;;) {
      const room = this.#config.concurrency - this.#hand.size - this.#asked;
      if (room <= 0 || this.#polls.size >= this.#pollsWanted) break;
      const poll = this.#poll(Math.min(room, messagesPerCall), signal);
      this.#polls.add(poll);
      const forget = () => this.#polls.delete(poll);
      poll.then(forget, forget);
    }
    await (this.#polls.size > 0 ? Promise.race(this.#polls) : this.#hand.released());
  }

  async #poll(count: number, signal: AbortSignal): Promise<void> {
    this.#asked += count;
    try {
      const messages = await this.#receive(count, signal);
      const pollsMax = Math.ceil(this.#config.concurrency / messagesPerCall);
      this.#pollsWanted =
        messages.length < count ? 1 : Math.min(this.#pollsWanted + 1, pollsMax);
      this.#ready.push(...messages.map((message) => this.#handover(message)));
    } finally {
      this.#asked -= count;
    }
  }

  async #receive(count: number, signal: AbortSignal): Promise<readonly QueueMessage[]> {
    const { visibilitySeconds } = this.#config;
    const { waitSeconds } = this.#pace;
    const wanted = { count, waitSeconds, visibilitySeconds };
    for (let attempt = 1; !isOver(signal); attempt += 1) {
      try {
        const messages = await this.#answerTo(wanted, signal);
        this.#health.worked("receive");
        return messages;
      } catch (error) {
        if (!(error instanceof AwsFault)) throw error;
        if (isOver(signal)) break;
        const delayMs = retryDelayMs(attempt);
        this.#health.failed("receive", error, delayMs);
        await this.#clock.wait(delayMs, signal);
      }
    }
    return [];
  }

  /** Messages that the queue has sent are in nobody else's hands: they are waited for. */
  async #answerTo(
    wanted: Parameters<Queue["receive"]>[0],
    signal: AbortSignal,
  ): Promise<readonly QueueMessage[]> {
    const cut = new AbortController();
    const cutSoon = () => {
      void this.#clock.wait(answerMs, cut.signal).then(() => { cut.abort(); });
    };
    signal.addEventListener("abort", cutSoon, { once: true });
    try {
      return await this.#queue.receive(wanted, cut.signal);
    } finally {
      signal.removeEventListener("abort", cutSoon);
      cut.abort();
    }
  }

  #handover(message: QueueMessage): Handover {
    const reading = new AbortController();
    const receivedAt = message.sentAt ?? this.#clock.now();
    const content = contentOf(message, {
      source: this.name,
      queue: this.#queue.arn,
      config: this.#config,
      storage: this.#storage,
      kmsKeyArn: this.#config.kmsKeyArn,
      watcher: this.#options.watcher,
      signal: reading.signal,
      receivedAt,
    });
    this.#hand.take(message);
    return {
      name: `message ${message.id}`,
      receivedAt,
      ...content,
      acknowledge: async () => {
        this.#hand.unhold(message);
        await this.#deletes.add(message.receipt);
        this.#hand.release(message);
      },
      giveBack: async (why) => {
        reading.abort();
        this.#hand.release(message);
        const seconds = this.#hiddenSeconds(why, message);
        await this.#hides.add({ receipt: message.receipt, seconds });
      },
    };
  }

  #hiddenSeconds(why: GivenBack, { receiveCount }: QueueMessage): number {
    switch (why) {
      case "later":
        return 0;
      case "put-off":
        return putOffSeconds;
      case "poison":
        return this.#pace.poisonDelaySeconds(receiveCount);
    }
  }

  #watchDepth(signal: AbortSignal): readonly Promise<void>[] {
    const { deadLetterQueueUrl, region, assumeRole } = this.#config;
    const { aws, watcher } = this.#options;
    const watching = {
      health: this.#health,
      clock: this.#clock,
      everyMs: this.#pace.depthEveryMs,
      signal,
    };
    const told = (which: "main" | "dead-letter") => (messageCount: number) => {
      watcher.depth(this.name, which, messageCount);
    };
    const main = watchDepth(this.#queue, { ...watching, onDepth: told("main") });
    if (deadLetterQueueUrl === undefined) return [main];
    const deadLetters = new Queue(deadLetterQueueUrl, aws, { region, assumeRole, socketsMax: 1 });
    return [
      main,
      watchDepth(deadLetters, { ...watching, onDepth: told("dead-letter") }).finally(() => {
        deadLetters.close();
      }),
    ];
  }

  /** Those in hand may still be acknowledged. */
  async #closeWhenDone(): Promise<void> {
    while (this.#hand.size > 0) await this.#hand.released();
    this.#queue.close();
    this.#storage.close();
  }
}
