import { SinkFault } from "./fault.ts";

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutSeconds: number;
}

/** Nothing that a receiver has to say is longer; what is, is not listened to. */
const answerCharactersMax = 64 * 1024;

/**
 * Posts JSON, and gives what a 2xx answer says. Redirects are not followed: they would take what is
 * secret elsewhere.
 *
 * @throws SinkFault
 */
export async function post({ url, headers, body, timeoutSeconds }: Post): Promise<string> {
  const { host } = new URL(url);
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      redirect: "manual",
      signal,
    });
    const text = await textOf(answer);
    if (answer.ok) return text;
    throw faultOf(answer, host);
  } catch (error) {
    if (error instanceof SinkFault) throw error;
    if (signal.aborted) {
      throw new SinkFault("timeout", `${host} did not answer within ${timeoutSeconds} s.`);
    }
    throw new SinkFault("unreachable", `${host} was not reached: ${reasonOf(error)}.`);
  }
}

/** Its beginning: an answer without end ends nothing of ours. */
async function textOf(answer: Response): Promise<string> {
  if (answer.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of answer.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > answerCharactersMax) break;
  }
  return text.slice(0, answerCharactersMax);
}

function faultOf({ status, headers }: Response, host: string): SinkFault {
  const what = `${host} answered ${status}.`;
  const askedMs = retryAfterMs(headers.get("retry-after"), Date.now());
  if (status === 429) return new SinkFault("throttled", what, askedMs);
  if (status >= 500 || status === 408) return new SinkFault("failed", what, askedMs);
  if (status === 400 || status === 413 || status === 422) return new SinkFault("refused", what);
  return new SinkFault("denied", what);
}

/**
 * `120` or an HTTP date; null for neither.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = header.endsWith("GMT") ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** `fetch failed` says nothing; the code of what lies behind it does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  const inner = cause instanceof AggregateError ? cause.errors[0] as unknown : cause;
  if (inner instanceof Error && "code" in inner) return String(inner.code);
  return inner instanceof Error ? inner.name : "it broke off";
}

/** Null for what is no JSON. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
