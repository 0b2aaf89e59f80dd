import { IAMClient } from "@aws-sdk/client-iam";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings, type Reach } from "./clients.ts";
import { awsFault } from "./fault.ts";

/** An IAM client whose errors are faults of ours, but for those that answer a question. */
export class Iam {
  readonly client: IAMClient;

  constructor(aws: AwsConfig, reach: Reach, tries: { readonly maxAttempts?: number } = {}) {
    this.client = new IAMClient({ ...clientSettings(aws, reach), ...tries });
  }

  /**
   * What `send` gives. Throws an AwsFault.
   *
   * @param api as in an IAM action: `GetRole`
   */
  async asked<T>(api: string, resource: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw awsFault(error, { action: `iam:${api}`, resource });
    }
  }

  /** The same; null where there is no such thing. */
  async found<T>(api: string, resource: string, send: () => Promise<T>): Promise<T | null> {
    return this.asked(api, resource, () => send().catch((error: unknown) => {
      if (isNamed(error, "NoSuchEntityException")) return null;
      throw error;
    }));
  }

  close(): void {
    this.client.destroy();
  }
}

const quotaExceeded = "IamQuotaExceeded";

/**
 * Makes a client ask once where a quota of IAM's is used up: the SDK takes it for throttling by its
 * name, and would try again in vain.
 */
export function tellQuotasFromThrottling({ middlewareStack }: IAMClient): void {
  middlewareStack.add(
    (next) => async (input) => {
      try {
        return await next(input);
      } catch (error) {
        if (isNamed(error, "LimitExceededException")) error.name = quotaExceeded;
        throw error;
      }
    },
    { step: "deserialize", priority: "high", name: "tellQuotasFromThrottling" },
  );
}

/** How IAM refuses a write that is understood and allowed; null where it says something else. */
export function refusalOf(error: unknown): "missing" | "no-room" | "unmodifiable" | null {
  if (isNamed(error, "NoSuchEntityException")) return "missing";
  if (isNamed(error, quotaExceeded)) return "no-room";
  return isNamed(error, "UnmodifiableEntityException") ? "unmodifiable" : null;
}

export function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}

/**
 * A document as text. IAM answers it as a part of an address (RFC 3986).
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
 */
export function decodedDocument(document: string | undefined): string {
  return decodeURIComponent(document ?? "");
}

/** All that pages hold, to the last one. */
export async function ofAllPages<P, T>(
  pages: AsyncIterable<P>, itemsOf: (page: P) => readonly T[] | undefined,
): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...itemsOf(page) ?? []);
  return all;
}
