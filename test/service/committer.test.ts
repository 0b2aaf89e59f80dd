import { expect, it } from "vitest";
import { Committer, type Brought } from "../../src/service/committer.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";

/** Without records: it is what becomes of deliveries that counts here. */
function brought(id: string): Brought {
  const batch = { records: [], rejections: [], others: {}, skippedCount: 0, bytes: 0 };
  return { part: { delivery: { id, name: id }, batch }, source: "trail", receivedAt: 0 };
}

it("commits nothing until there is room, then all that has come", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  const commits: string[][] = [];
  let open: () => void = () => undefined;
  const room = new Promise<void>((resolve) => { open = resolve; });
  const committer = new Committer(
    { store, normalise: () => { throw new Error("There are no records."); } },
    {
      watcher: { storeFailed: (fault) => { throw fault; }, storeRecovered: () => undefined },
      onCommitted: (one) => {
        commits.push(one.brought.map(({ part }) => part.delivery.id));
      },
      room: () => room,
      signal: new AbortController().signal,
    },
  );
  const first = committer.commit(brought("a"));
  await new Promise((resolve) => { setImmediate(resolve); });
  const second = committer.commit(brought("b"));
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(commits).toEqual([]);
  expect(await store.isDone("a")).toBe(false);
  open();
  await Promise.all([first, second]);
  expect(commits).toEqual([["a", "b"]]);
  expect(await store.isDone("b")).toBe(true);
  await store.close();
});
