import { createHash } from "node:crypto";
import type { Answer, Call } from "./aws-server.ts";

const known = new Set([
  "list-type", "prefix", "delimiter", "start-after", "continuation-token", "max-keys",
  "encoding-type", "x-id",
]);

/**
 * One bucket's ListObjectsV2 and GetObject, path-style: keys in the order of their bytes, folders
 * counted as keys, tokens that are not keys.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export class S3Service {
  readonly bucket: string;
  /** What was asked for: `LIST <prefix> <start>`, `GET <key>`. */
  readonly asked: string[] = [];
  readonly denied = new Set<string>();
  keysPerPage = 1000;
  #slowCount = 0;
  readonly #objects = new Map<string, Buffer>();
  readonly #tokens = new Map<string, string>();

  constructor(bucket: string) {
    this.bucket = bucket;
  }

  put(key: string, body: Buffer): void {
    this.#objects.set(key, body);
  }

  /** So many of the next requests are answered with SlowDown. */
  slowDown(count: number): void {
    this.#slowCount = count;
  }

  get gets(): readonly string[] {
    return this.asked.filter((line) => line.startsWith("GET ")).map((line) => line.slice(4));
  }

  get lists(): readonly string[] {
    return this.asked.filter((line) => line.startsWith("LIST ")).map((line) => line.slice(5));
  }

  readonly answer = ({ method, url }: Call): Answer => {
    const unknown = [...url.searchParams.keys()].find((key) => !known.has(key));
    if (method !== "GET" || unknown !== undefined) {
      return failure(400, "NotImplemented", `No ${method} with ${unknown ?? "that"} here.`);
    }
    const [bucket, ...rest] = decodeURIComponent(url.pathname).slice(1).split("/");
    if (bucket !== this.bucket) return failure(404, "NoSuchBucket", "There is no such bucket.");
    const key = rest.join("/");
    if (this.#slowCount-- > 0) return failure(503, "SlowDown", "Reduce your request rate.");
    return key === "" ? this.#list(url.searchParams) : this.#get(key);
  };

  #get(key: string): Answer {
    this.asked.push(`GET ${key}`);
    const body = this.#objects.get(key);
    if (this.denied.has(key)) return failure(403, "AccessDenied", "Access Denied");
    if (body === undefined) return failure(404, "NoSuchKey", "There is no such key.");
    return { status: 200, headers: { etag: etagOf(body) }, body };
  }

  #list(query: URLSearchParams): Answer {
    const prefix = query.get("prefix") ?? "";
    if (query.get("list-type") !== "2") return failure(400, "NotImplemented", "Only version 2.");
    this.asked.push(`LIST ${prefix} ${query.get("start-after") ?? "-"}`);
    if (this.denied.has("")) return failure(403, "AccessDenied", "Access Denied");
    const token = query.get("continuation-token");
    const after = token === null ? (query.get("start-after") ?? "") : this.#tokens.get(token);
    if (after === undefined) return failure(400, "InvalidArgument", "The token is not valid.");
    const all = this.#entries(prefix, query.get("delimiter"))
      .filter(({ name }) => compare(name, after) > 0);
    const page = all.slice(0, Math.min(Number(query.get("max-keys") ?? 1000), this.keysPerPage));
    const last = page.at(-1);
    const next = page.length < all.length && last !== undefined ? `t${this.asked.length}` : null;
    if (next !== null && last !== undefined) this.#tokens.set(next, last.name);
    return { status: 200, headers: xml, body: listing(page, next) };
  }

  #entries(prefix: string, delimiter: string | null): readonly Entry[] {
    const entries = new Map<string, Entry>();
    for (const [key, body] of this.#objects) {
      if (!key.startsWith(prefix)) continue;
      const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
      const name = end === -1 ? key : key.slice(0, end + 1);
      entries.set(name, { name, body: end === -1 ? body : null });
    }
    return [...entries.values()].sort((a, b) => compare(a.name, b.name));
  }
}

interface Entry {
  readonly name: string;
  /** Null for a folder. */
  readonly body: Buffer | null;
}

const xml = { "content-type": "application/xml" };

/** By their bytes, as S3 does. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function etagOf(body: Buffer): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

function listing(page: readonly Entry[], next: string | null): string {
  const entries = page.map(({ name, body }) => body === null
    ? `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`
    : `<Contents><Key>${name}</Key><Size>${body.length}</Size>` +
      `<ETag>${etagOf(body)}</ETag></Contents>`);
  return `<ListBucketResult><IsTruncated>${next !== null}</IsTruncated>${entries.join("")}` +
    (next === null ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`) +
    "</ListBucketResult>";
}

function failure(status: number, code: string, message: string): Answer {
  const body = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: xml, body };
}
