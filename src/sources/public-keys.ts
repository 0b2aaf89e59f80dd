import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { PublicKeyList, type TrailKeyListed } from "../aws/cloudtrail-keys.ts";
import type { AwsConfig } from "../config/schema.ts";
import type { DeliveryRange, PublicKeySource } from "../evidence/archive.ts";
import { publicKeyIn, type PublicKeys } from "../evidence/signature.ts";
import { patiently, type Patience } from "./patiently.ts";

/** CloudTrail's own, asked for once per region and time. Throws an AwsFault. */
export class AskedPublicKeys implements PublicKeySource {
  readonly #aws: AwsConfig;
  readonly #patience: Patience;
  readonly #asked = new Map<string, Promise<PublicKeys>>();

  constructor(aws: AwsConfig, patience: Patience) {
    this.#aws = aws;
    this.#patience = patience;
  }

  keys(region: string, { from, to }: DeliveryRange): Promise<PublicKeys> {
    const id = `${region} ${from} ${to}`;
    const asked = this.#asked.get(id) ?? this.#ask(region, { from, to });
    this.#asked.set(id, asked);
    return asked;
  }

  async #ask(region: string, { from, to }: DeliveryRange): Promise<PublicKeys> {
    const list = new PublicKeyList(this.#aws, region);
    try {
      return publicKeys(await patiently(() => list.between(from, to), this.#patience));
    } finally {
      list.close();
    }
  }
}

/** The same for every region and time. */
export function givenPublicKeys(keys: PublicKeys): PublicKeySource {
  return { keys: () => Promise.resolve(keys) };
}

/**
 * What `aws cloudtrail list-public-keys` prints; null where it is something else, or holds none
 * that can be read.
 */
export function publicKeysIn(text: string): PublicKeys | null {
  const found = KeyFile.safeParse(jsonIn(text));
  if (!found.success) return null;
  const keys = publicKeys(found.data.PublicKeyList.map(({ Fingerprint, Value }) =>
    ({ fingerprint: Fingerprint, value: Buffer.from(Value, "base64") })));
  return keys.size === 0 ? null : keys;
}

const KeyFile = z.object({
  PublicKeyList: z.array(z.object({ Fingerprint: z.string(), Value: z.string() })),
});

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function publicKeys(listed: readonly TrailKeyListed[]): PublicKeys {
  return new Map(listed.flatMap(({ fingerprint, value }): [string, KeyObject][] => {
    const key = publicKeyIn(value);
    return key === null ? [] : [[fingerprint, key]];
  }));
}
