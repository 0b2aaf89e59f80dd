import type { RawRecord } from "../../src/records/record.ts";
import type { Answer, Call } from "./aws-server.ts";

/** A management event in the history. */
interface HistoryEvent {
  readonly account: string;
  readonly region: string;
  /** ms UTC */
  readonly at: number;
  /** From when the history shows it. */
  readonly shownAt: number;
  readonly text: string;
  readonly record: RawRecord;
}

interface Request {
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly LookupAttributes?: readonly { AttributeKey: string; AttributeValue: string }[];
}

const known = new Set(["StartTime", "EndTime", "MaxResults", "NextToken", "LookupAttributes"]);
const attributes = new Set(["EventId", "EventName", "ReadOnly", "Username", "ResourceType",
  "ResourceName", "EventSource", "AccessKeyId"]);
const dayMs = 24 * 3600 * 1000;

export interface Made {
  readonly request: Request;
  readonly account: string;
  readonly region: string;
  readonly at: number;
}

/**
 * LookupEvents as its reference tells it, and strict about it: two requests a second per account
 * and region, pages of 50 at most, tokens that are good for the same parameters only, 90 days.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export class CloudTrailService {
  readonly made: Made[] = [];
  readonly denied = new Set<string>();
  /** How many of the next requests are refused for their number. */
  throttleCount = 0;
  /** What a page holds when more is asked for. */
  pageSize = 50;
  readonly #events: HistoryEvent[] = [];
  readonly #tokens = new Map<string, { readonly same: string; readonly from: number }>();
  readonly #now: () => number;
  readonly #accountOf: (accessKeyId: string) => string;

  /** @param accountOf whose key it is */
  constructor(now: () => number, accountOf: (accessKeyId: string) => string) {
    this.#now = now;
    this.#accountOf = accountOf;
  }

  add(account: string, record: RawRecord, lateMs = 0): void {
    const at = Date.parse(String(record["eventTime"]));
    const region = String(record["awsRegion"]);
    const text = JSON.stringify(record);
    this.#events.push({ account, region, at, shownAt: at + lateMs, text, record });
  }

  /** In the place of a record: whatever text. */
  addText(account: string, record: RawRecord, text: string): void {
    this.add(account, record);
    const last = this.#events.pop();
    if (last !== undefined) this.#events.push({ ...last, text });
  }

  expireTokens(): void {
    this.#tokens.clear();
  }

  readonly answer = (call: Call): Answer => {
    if (call.headers["x-amz-target"] !== "CloudTrail_20131101.LookupEvents") {
      return failure("UnknownOperationException", "There is only LookupEvents here.");
    }
    const request = JSON.parse(call.body) as Request;
    const account = this.#accountOf(call.accessKeyId);
    const { region } = call;
    const at = this.#now();
    const isTooFast = this.made.filter((made) => made.account === account &&
      made.region === region && made.at > at - 1000).length >= 2;
    this.made.push({ request, account, region, at });
    if (this.denied.has(account)) {
      const message = "User is not authorized to perform: cloudtrail:LookupEvents";
      return failure("AccessDeniedException", message);
    }
    this.throttleCount -= 1;
    if (isTooFast || this.throttleCount >= 0) {
      return failure("ThrottlingException", "Rate exceeded");
    }
    this.throttleCount = 0;
    return refusal(request, at) ?? this.#page(request, account, region);
  };

  #page(request: Request, account: string, region: string): Answer {
    const { NextToken, ...rest } = request;
    const same = JSON.stringify([rest, account, region]);
    const token = NextToken === undefined ? null : this.#tokens.get(NextToken);
    if (token === undefined || (token !== null && token.same !== same)) {
      return failure("InvalidNextTokenException", "The token is invalid or has expired.");
    }
    const all = this.#found(rest, account, region);
    const from = token?.from ?? 0;
    const to = from + Math.min(rest.MaxResults ?? 50, this.pageSize);
    const next = to < all.length ? `token-${this.made.length}` : undefined;
    if (next !== undefined) this.#tokens.set(next, { same, from: to });
    const events = all.slice(from, to).map(({ record, text, at }) => ({
      EventId: record["eventID"], EventName: record["eventName"], ReadOnly: "true",
      EventTime: at / 1000, CloudTrailEvent: text,
    }));
    return success({ Events: events, ...(next === undefined ? {} : { NextToken: next }) });
  }

  #found(request: Request, account: string, region: string): readonly HistoryEvent[] {
    const [attribute] = request.LookupAttributes ?? [];
    const start = (request.StartTime ?? 0) * 1000;
    const end = (request.EndTime ?? Number.MAX_SAFE_INTEGER) * 1000;
    return this.#events
      .filter((event) => event.account === account && event.region === region)
      .filter(({ at, shownAt }) => at >= start && at <= end && shownAt <= this.#now())
      .filter(({ record }) =>
        attribute === undefined || keyOf(record) === attribute.AttributeValue)
      .sort((a, b) => b.at - a.at);
  }
}

/** The one attribute that is looked for here. */
function keyOf(record: RawRecord): string | undefined {
  return (record["userIdentity"] as { accessKeyId?: string }).accessKeyId;
}

function refusal(request: Request, now: number): Answer | null {
  const unknown = Object.keys(request).find((key) => !known.has(key));
  if (unknown !== undefined) return failure("SerializationException", `Unknown: ${unknown}.`);
  const { StartTime = 0, EndTime = 0, MaxResults = 50, LookupAttributes = [] } = request;
  if (StartTime > EndTime) return failure("InvalidTimeRangeException", "It ends before it begins.");
  if (StartTime * 1000 < now - 90 * dayMs) {
    return failure("InvalidTimeRangeException", "It begins more than 90 days ago.");
  }
  if (MaxResults < 1 || MaxResults > 50) {
    return failure("InvalidMaxResultsException", "A page holds 1 to 50.");
  }
  const isKnown = LookupAttributes.every(({ AttributeKey }) => attributes.has(AttributeKey));
  return LookupAttributes.length > 1 || !isKnown
    ? failure("InvalidLookupAttributesException", "One attribute, of those that are known.")
    : null;
}

const json = { "content-type": "application/x-amz-json-1.1" };

function success(value: object): Answer {
  return { status: 200, headers: json, body: JSON.stringify(value) };
}

function failure(type: string, message: string): Answer {
  return { status: 400, headers: json, body: JSON.stringify({ __type: type, message }) };
}
