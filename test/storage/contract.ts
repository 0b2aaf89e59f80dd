import { aroundContract } from "./contract-around.ts";
import { auditContract } from "./contract-audits.ts";
import { baselineContract } from "./contract-baselines.ts";
import { eventContract } from "./contract-events.ts";
import { findingContract } from "./contract-findings.ts";
import { judgementContract } from "./contract-judgements.ts";
import { groupContract } from "./contract-groups.ts";
import { findingListContract } from "./contract-list-findings.ts";
import { lifetimeContract } from "./contract-lifetimes.ts";
import { listContract } from "./contract-lists.ts";
import { noticeContract } from "./contract-notices.ts";
import { originContract } from "./contract-origins.ts";
import { responseContract } from "./contract-responses.ts";
import { retentionContract } from "./contract-retention.ts";
import { revocationContract } from "./contract-revocations.ts";
import { roundTripContract } from "./contract-round-trip.ts";
import { serviceContract } from "./contract-service.ts";
import { taskContract } from "./contract-tasks.ts";
import type { Store } from "../../src/storage/store.ts";

/**
 * Opens a store that is empty and shared with no other test; it is closed by the test that asked.
 */
export type OpenEmpty = () => Promise<Store>;

/** What any engine must hold. A further engine runs these unchanged. */
export function storeContract(name: string, open: OpenEmpty): void {
  eventContract(name, open);
  groupContract(name, open);
  findingContract(name, open);
  judgementContract(name, open);
  retentionContract(name, open);
  roundTripContract(name, open);
  listContract(name, open);
  findingListContract(name, open);
  serviceContract(name, open);
  noticeContract(name, open);
  taskContract(name, open);
  lifetimeContract(name, open);
  revocationContract(name, open);
  originContract(name, open);
  responseContract(name, open);
  aroundContract(name, open);
  auditContract(name, open);
  baselineContract(name, open);
}
