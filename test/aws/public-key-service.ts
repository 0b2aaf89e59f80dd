import type { Answer, Call } from "./aws-server.ts";

/** A key of CloudTrail's, and when digests are signed with it, ms UTC. */
export interface ServedKey {
  readonly fingerprint: string;
  readonly value: Buffer;
  readonly from: number;
  readonly to: number;
}

interface Request {
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly NextToken?: string;
}

const known = new Set(["StartTime", "EndTime", "NextToken"]);

/**
 * ListPublicKeys as its reference tells it, and strict about it: keys of the region asked, whose
 * time of signing touches the range; one on a page.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html
 */
export class PublicKeyService {
  /** By region. */
  readonly keys = new Map<string, readonly ServedKey[]>();
  readonly asked: string[] = [];
  isDenied = false;

  readonly answer = (call: Call): Answer => {
    if (call.headers["x-amz-target"] !== "CloudTrail_20131101.ListPublicKeys") {
      return failure("UnknownOperationException", "There is only ListPublicKeys here.");
    }
    if (this.isDenied) {
      const message = "User is not authorized to perform: cloudtrail:ListPublicKeys";
      return failure("AccessDeniedException", message);
    }
    const request = JSON.parse(call.body) as Request;
    if (Object.keys(request).some((key) => !known.has(key))) {
      return failure("SerializationException", "A parameter is unknown.");
    }
    const { StartTime = 0, EndTime = 0, NextToken = "0" } = request;
    if (StartTime > EndTime) return failure("InvalidTimeRangeException", "It ends too early.");
    this.asked.push(call.region);
    const found = (this.keys.get(call.region) ?? [])
      .filter(({ from, to }) => from <= EndTime * 1000 && to >= StartTime * 1000);
    const at = Number(NextToken);
    const page = found.slice(at, at + 1).map(({ fingerprint, value, from, to }) => ({
      Fingerprint: fingerprint, Value: value.toString("base64"),
      ValidityStartTime: from / 1000, ValidityEndTime: to / 1000,
    }));
    const next = at + 1 < found.length ? { NextToken: String(at + 1) } : {};
    return { status: 200, headers: json, body: JSON.stringify({ PublicKeyList: page, ...next }) };
  };
}

const json = { "content-type": "application/x-amz-json-1.1" };

function failure(type: string, message: string): Answer {
  return { status: 400, headers: json, body: JSON.stringify({ __type: type, message }) };
}
