import fc from "fast-check";
import { expect, test } from "vitest";
import { loadAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { servicesOf } from "../../src/events/operation.ts";
import { scrub } from "../../src/events/scrub.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { recordWith, taskRecord } from "./record-builder.ts";

const levels = await loadAccessLevels();
const normalise = createNormaliser(levels);

/** A record in which any field may be anything, so that the reader is led far inside. */
const hostileRecord = fc
  .dictionary(
    fc.constantFrom(...Object.keys(taskRecord), "addendum", "resources", "errorCode"),
    fc.jsonValue(),
  )
  .map((fields): RawRecord => ({ ...taskRecord, ...fields }));

const hostileIdentity = fc
  .dictionary(
    fc.constantFrom(
      "type", "arn", "principalId", "sessionContext", "invokedBy", "onBehalfOf", "inScopeOf",
    ),
    fc.jsonValue(),
  )
  .map((fields) => recordWith({ userIdentity: { type: "AssumedRole", ...fields } }));

test("no JSON whatever makes it throw, and the same record gives the same answer", () => {
  const any = fc.jsonValue() as fc.Arbitrary<RawRecord>;
  fc.assert(
    fc.property(fc.oneof(any, hostileRecord, hostileIdentity), (record) => {
      expect(normalise(record)).toEqual(normalise(structuredClone(record)));
    }),
    { numRuns: 1000 },
  );
});

test("a scrubbed record gives the event that the original gives, and neither holds a token", () => {
  const token = "FwoGZXIvYXdzEXAMPLETOKEN";
  const place = fc.constantFrom(
    "responseElements", "requestParameters", "additionalEventData", "userIdentity",
  );
  const keyPath = fc.array(fc.string(), { maxLength: 5 });
  fc.assert(
    fc.property(hostileRecord, place, keyPath, (base, field, path) => {
      let inner: unknown = { sessionToken: token, password: token };
      for (const key of path) inner = { [key]: inner };
      const record = { ...base, [field]: inner };
      const outcome = normalise(record);
      expect(JSON.stringify(outcome)).not.toContain(token);
      expect(normalise(scrub(record))).toEqual(outcome);
    }),
    { numRuns: 500 },
  );
});

test("what servicesOf names is all that needs to be loaded", async () => {
  const sources = fc.constantFrom("iam", "S3", "monitoring", "rdsdata", "no-such", "q", "");
  const record = fc
    .record({ source: sources, suffix: fc.constantFrom(".amazonaws.com", ".amazonaws.com.cn", "") })
    .map(({ source, suffix }) => recordWith({ eventSource: source + suffix }));
  const lazy = await loadAccessLevels([]);
  const early = createNormaliser(lazy);
  const batch = fc.array(fc.oneof(record, hostileRecord), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(batch, async (records) => {
      await lazy.load(servicesOf(records));
      expect(records.map(early)).toEqual(records.map(normalise));
    }),
  );
});
