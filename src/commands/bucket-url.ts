import { UsageError } from "../usage-error.ts";

const bucketUrl = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s;

/** `s3://bucket/some/prefix`; a UsageError for all else. */
export function bucketIn(url: string): { readonly bucket: string; readonly prefix: string } {
  const [, bucket, prefix = ""] = bucketUrl.exec(url) ?? [];
  if (bucket !== undefined) return { bucket, prefix };
  throw new UsageError(`${url} is no bucket: expected s3://bucket or s3://bucket/prefix.`);
}
