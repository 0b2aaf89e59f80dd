import { openSqliteStore } from "../../../src/storage/sqlite.ts";
import type { Store } from "../../../src/storage/store.ts";

export type StoreImage = Readonly<Record<string, readonly string[]>>;

/** Everything a store holds that must not depend on how it came to hold it. */
export async function storeImage(path: string): Promise<StoreImage> {
  const store = await openSqliteStore({ path });
  try {
    const groups = await rows(store.allRecords(), ({ groupKey, records }) =>
      records.map((record) => `${groupKey} ${JSON.stringify(record)}`));
    const findings = await rows(store.findings(), (page) =>
      page.filter(({ verdict }) => verdict !== "withdrawn").map((one) => JSON.stringify(one)));
    return {
      events: groups,
      findings,
      sessions: await rows(store.sessions(), (page) => page.map((one) => JSON.stringify(one))),
      outbox: (await store.outbox("nobody", 1_000_000))
        .map(({ topic, subject, version, data }) => [topic, subject, version, data].join(" "))
        .sort(),
    };
  } finally {
    await store.close();
  }
}

/** Whether everything stored is judged. */
export async function isJudged(store: Store): Promise<boolean> {
  return (await store.dirtyGroups(1)).length === 0;
}

async function rows<T>(
  pages: AsyncIterable<T>,
  textsOf: (page: T) => readonly string[],
): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const page of pages) texts.push(...textsOf(page));
  return texts.sort();
}
