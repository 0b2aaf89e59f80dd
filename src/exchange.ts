import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";

export interface Exchange {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * One HTTP request and its whole answer, by Node's own `request`: `fetch` takes 30 ms to load, and
 * every start of an agent would pay them.
 */
export async function exchanged(asked: Exchange): Promise<{ status: number; text: string }> {
  const target = new URL(asked.url);
  const { method, headers, body, timeoutMs } = asked;
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = asked.signal === undefined ? limit : AbortSignal.any([limit, asked.signal]);
  const request = target.protocol === "https:" ? (await import("node:https")).request : httpRequest;
  return await new Promise((resolve, reject) => {
    const outgoing = request(target, { method, headers, signal });
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      text(response).then(
        (answer) => {
          resolve({ status: response.statusCode ?? 0, text: answer });
        },
        reject,
      );
    });
    outgoing.end(body ?? undefined);
  });
}
