import { partitionOf } from "./clients.ts";

/** What a queue's URL tells of it: `https://sqs.eu-west-1.amazonaws.com/111122223333/trail`. */
export interface QueueAddress {
  /** Null where the URL does not say. */
  readonly region: string | null;
  /** The URL itself where it is of no known form. */
  readonly arn: string;
}

/**
 * Also the older `https://eu-west-1.queue.amazonaws.com/…`.
 * https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
 */
export function queueAddress(url: string, region?: string): QueueAddress {
  const { hostname, pathname } = new URL(url);
  const told = /(?:^|\.)sqs(?:-fips)?\.([a-z0-9-]+)\./.exec(hostname) ?? older.exec(hostname);
  const here = region ?? told?.[1] ?? null;
  const [, account, name] = /^\/(\d{12})\/([\w.-]+)$/.exec(pathname) ?? [];
  if (here === null || account === undefined || name === undefined) {
    return { region: here, arn: url };
  }
  return { region: here, arn: `arn:${partitionOf(here)}:sqs:${here}:${account}:${name}` };
}

const older = /^([a-z0-9-]+)\.queue\./;
