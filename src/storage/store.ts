import type { AuditStore } from "../audit/store.ts";
import type { BaselineStore } from "../baselines/store.ts";
import type { ListStore } from "../findings/lists.ts";
import type { OutboxStore } from "../findings/outbox.ts";
import type { FindingStore } from "../findings/store.ts";
import type { NoticeStore } from "../notices/notice.ts";
import type { LifetimeStore } from "../sessions/lifetime-store.ts";
import type { RevocationStore, WishStore } from "../revocations/store.ts";
import type { OriginStore } from "../sessions/origin-store.ts";
import type { EventStore } from "../sessions/store.ts";
import type { TaskStore } from "../sessions/task-store.ts";

/** Everything the program keeps, whichever engine keeps it. */
export type Store =
  & BaselineStore & EventStore & FindingStore & ListStore & NoticeStore & OutboxStore
  & RevocationStore & TaskStore & LifetimeStore & OriginStore & WishStore & AuditStore
  & {
    /** Waits for what is being written, then lets go of the engine. */
    close(): Promise<void>;
  };
