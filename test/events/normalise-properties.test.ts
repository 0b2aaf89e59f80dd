import fc from "fast-check";
import { expect, test } from "vitest";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { scrub } from "../../src/events/scrub.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { recordWith, taskRecord } from "./record-builder.ts";

const normalise = createNormaliser(iamAccessLevels());

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
