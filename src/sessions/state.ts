/**
 * The mergeable state of one group of events (see `group.ts`): what facts about sessions and credentials are
 * computed from. Plain JSON, so that a store can keep it as text. The full shape is below `key`.
 */
export interface GroupState {
  readonly key: string;
  /** Columns the store indexes on. */
  readonly principalId: string | null;
  readonly createdAt: number | null;
  readonly accessKeyIds: readonly string[];
  readonly firstAt: number;
  readonly lastAt: number;
  readonly eventCount: number;
}
