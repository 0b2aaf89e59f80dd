import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Response } from "../../src/config/response-schema.ts";
import { openResponder, type OpenResponder } from "../../src/response/open-responder.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { ownAccount } from "../aws/sts-service.ts";
import { IamPlace, trust } from "../servers/iam/iam-place.ts";

const place = new IamPlace();
const roleArn = `arn:aws:iam::${ownAccount}:role/ours/trailwarden`;
const other = "444455556666";
const responderArn = `arn:aws:iam::${other}:role/responder`;
let store: Store;
let responder: OpenResponder;

beforeAll(async () => {
  await place.open();
  place.sts.trusted.set(roleArn, null).set(responderArn, "x1");
});
afterAll(() => place.close());
afterEach(async () => {
  responder.close();
  await store.close();
});

async function opened(response: object, aws: object = {}): Promise<OpenResponder> {
  store = await openSqliteStore({ path: ":memory:" });
  const config = { aws: { ...place.aws, ...aws }, response: Response.parse(response) };
  responder = await openResponder({ store, config: () => config });
  return responder;
}

describe("a responder", () => {
  it("knows the role that it works under", async () => {
    const { ownRoles } = await opened({}, { assumeRole: { roleArn } });
    expect(ownRoles).toEqual([`arn:aws:iam::${ownAccount}:role/trailwarden`]);
    responder.close();
    await store.close();
    expect((await opened({})).ownRoles).toEqual([]);
  });

  it("reaches its own account, and others by the role that the config names", async () => {
    const accounts = [{ id: other, assumeRole: { roleArn: responderArn, externalId: "x1" } }];
    const { gateOf } = await opened({ accounts });
    const iam = place.client();
    await iam.send(new CreateRoleCommand({ RoleName: "ro", AssumeRolePolicyDocument: trust }));
    iam.destroy();
    expect(await gateOf(ownAccount).role("ro")).toMatchObject({ name: "ro" });
    expect(await gateOf(other).role("ro")).toBeNull();
    expect(place.sts.assumed.at(-1)).toBe(responderArn);
    expect(gateOf(other)).toBe(gateOf(other));
  });

  it("takes no role of its own account for one of another's", async () => {
    const { gateOf } = await opened({});
    expect(() => gateOf("777788889999")).toThrow(
      "a role in account 777788889999, for which response.accounts names none",
    );
  });
});
