import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request on its way to AWS. */
export interface Asked {
  /** `ReceiveMessage` of SQS, `AssumeRole` of STS; of S3 the method: `GET`. */
  readonly api: string;
  /** `/bucket/key` */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Said {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
  /** Of `body`, where it stands for bytes. */
  readonly encoding?: "latin1";
}

export type Answer =
  | Said
  /** The connection is reset before a word is said. */
  | { readonly reset: true }
  /** The real answer, but its body breaks off after so many bytes. */
  | { readonly cutAt: number }
  /** The real answer, given at once, on its way until that is over. */
  | { readonly after: Promise<unknown> };

/** What to answer to this request; null: what is behind answers. */
export type Fault = (asked: Asked) => Answer | null;

/** An HTTP server before another one, that answers chosen requests as AWS does when it fails. */
export class FaultyServer {
  readonly #server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing));
  readonly #behind: string;
  readonly asked: Asked[] = [];
  faults: Fault[] = [];

  constructor(behind: string) {
    this.#behind = behind;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** How often an API was asked. */
  count(api: string): number {
    return this.asked.filter((one) => one.api === api).length;
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const asked = askedOf(incoming, body.toString());
    this.asked.push(asked);
    const answer = this.faults.map((fault) => fault(asked)).find((one) => one !== null);
    if (answer === undefined) this.#pass({ incoming, outgoing, body, cutAt: null });
    else if ("reset" in answer) outgoing.socket?.resetAndDestroy();
    else if ("cutAt" in answer) this.#pass({ incoming, outgoing, body, cutAt: answer.cutAt });
    else if ("after" in answer) this.#pass({ incoming, outgoing, body, cutAt: null, ...answer });
    else outgoing.writeHead(answer.status, answer.headers).end(
      Buffer.from(answer.body, answer.encoding),
    );
  }

  #pass({ incoming, outgoing, body, cutAt, after }: Passing): void {
    const { method, headers, url } = incoming;
    const onward = request(`${this.#behind}${url ?? "/"}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      if (cutAt === null) {
        void Promise.resolve(after).then(() => answer.pipe(outgoing));
        return;
      }
      answer.once("data", (chunk: Buffer) => {
        outgoing.write(chunk.subarray(0, cutAt), () => outgoing.socket?.resetAndDestroy());
      });
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    onward.end(body);
  }
}

interface Passing {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly body: Buffer;
  readonly cutAt: number | null;
  readonly after?: Promise<unknown>;
}

function askedOf({ headers, url, method }: IncomingMessage, body: string): Asked {
  const target = headers["x-amz-target"];
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  const api = typeof target === "string" ? (target.split(".")[1] ?? "") : (action ?? method ?? "");
  return { api, path: decodeURIComponent((url ?? "").split("?")[0] ?? ""), headers, body };
}

/** An error of S3's, as it answers. */
export function s3Error(status: number, code: string, message = "Said by the test."): Said {
  return {
    status,
    headers: { "content-type": "application/xml" },
    body:
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code>` +
      `<Message>${message}</Message><RequestId>R1</RequestId><HostId>H1</HostId></Error>`,
  };
}

/** An error of SQS's in its JSON protocol, `code` as the SDK is to name it. */
export function sqsError(status: number, code: string, message = "Said by the test."): Answer {
  return {
    status,
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-query-error": `${code};${status < 500 ? "Sender" : "Receiver"}`,
    },
    body: JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message }),
  };
}

/** What SQS answers to a batch of which the first entry is refused: 200, with the reason in it. */
export function refusedEntry(code: string, whose: "Sender" | "Receiver"): Answer {
  const SenderFault = whose === "Sender";
  const failed = { Id: "0", Code: code, Message: "Said by the test.", SenderFault };
  return {
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify({ Successful: [], Failed: [failed] }),
  };
}

/** An error of STS's, which still speaks the query protocol. */
export function stsError(status: number, code: string, message: string): Answer {
  return {
    status,
    headers: { "content-type": "text/xml" },
    body:
      '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>' +
      `<Type>Sender</Type><Code>${code}</Code>` +
      `<Message>${message}</Message></Error><RequestId>R1</RequestId>` +
      "</ErrorResponse>",
  };
}

/** The first `times` requests that ask for this. */
export function first(times: number, api: string, answer: Answer): Fault {
  let left = times;
  return (asked) => {
    if (asked.api !== api || left <= 0) return null;
    left -= 1;
    return answer;
  };
}

export function always(api: string, answer: Answer): Fault {
  return first(Number.POSITIVE_INFINITY, api, answer);
}
