import fc from "fast-check";
import { describe, expect } from "vitest";
import type { RawRecord } from "../../src/records/record.ts";
import type { OpenEmpty } from "./contract.ts";
import { all, event, issuance, part, state } from "./made.ts";
import { keep, testsWith } from "./with-store.ts";

/** Any text at all: lone surrogates, NULs, backslashes, what SQL and JSON quote. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string(
    {
      unit: fc.constantFrom(
        "\0", "\\", "'", "\"", "\ud800", "\udc00", "\ufffd", "%", "u0000", "\n",
      ),
    },
  ),
  fc.constantFrom("__proto__", "constructor", "toJSON", "", "é".repeat(5000)),
).filter((value) => value !== "");

/** JSON as parsed, so with own `__proto__` keys; without the numbers JSON cannot write. */
const record = fc.json({ maxDepth: 4, stringUnit: "binary" })
  .map((json) => JSON.parse(`{"eventID":"e","inner":${json.replaceAll("-0", "0")}}`) as RawRecord);

export function roundTripContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: every stored value comes back`, () => {
    stored("records", async (store) => {
      let next = 0;
      const some = fc.array(record, { minLength: 1, maxLength: 5 });
      await fc.assert(fc.asyncProperty(some, text, async (records, salt) => {
        const groupKey = `${next++}${salt}`;
        await keep(
          store, records.map((value, i) => event(`${groupKey} ${i}`, { groupKey, record: value })),
        );
        expect(await all(store.recordsOf(groupKey))).toStrictEqual(records);
        expect(
          await store.recordsById(`${groupKey} 0`),
        ).toStrictEqual([{ groupKey, record: records[0] }]);
      }), { numRuns: 100 });
    });

    stored("names in keys and columns", async (store) => {
      let next = 0;
      await fc.assert(fc.asyncProperty(text, async (salt) => {
        const unique = `${next++}${salt}`;
        const columns = { principalId: unique, accessKeyIds: [unique], createdAt: 5 };
        const issued = issuance(unique, { principalId: unique, accessKeyId: unique, at: 5 });
        const group = state(unique, columns);
        await keep(
          store, [event(unique, { groupKey: unique, key: unique, sharedId: unique })], [group],
        );
        await store.ingest((transaction) => transaction.addIssuances([issued]));
        expect(await store.group(unique)).toStrictEqual(group);
        expect(await store.usesOf([issued])).toStrictEqual(new Map([[unique, [group]]]));
        expect(await store.issuancesFor([unique], [])).toStrictEqual([issued]);
        expect(await store.sharedWinners([unique])).toStrictEqual(new Map([[unique, unique]]));
      }), { numRuns: 100 });
    });

    stored("findings and the notes on them", async (store) => {
      const some = fc.array(record, { maxLength: 2 });
      await fc.assert(fc.asyncProperty(text, some, async (note, values) => {
        const made = part(
          "a", { because: note, values: { values }, entity: { type: "session", id: note } },
        );
        await store.judged([{ groupKey: note, sessions: [], hits: [], parts: [made] }]);
        await store.acknowledge("a000000000000000", note, { actor: note, at: 1 });
        const [finding] = await store.finding("a");
        expect(finding).toStrictEqual(
          { ...made, id: "a000000000000000", status: "acknowledged", verdict: null, note },
        );
        await store.judged([{ groupKey: note, sessions: [], hits: [], parts: [] }]);
      }), { numRuns: 100 });
    });
  });
}
