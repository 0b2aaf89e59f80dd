import type { z } from "zod";
import { exchanged, type Exchange } from "../exchange.ts";
import type { TaskCall } from "./call.ts";
import { ApprovalView } from "./contract.ts";
import { TaskFault, type TaskFaultCode } from "./fault.ts";

export interface ServiceAddress {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string | null;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The service may be a restart away; an agent's start is not held up for longer. */
const timeoutMs = 5_000;
const attemptsMax = 2;
/** One long poll; proxies cut what is silent for a minute. */
const waitSecondsMax = 20;

/** Tells it, and gives the answer to a 2xx. All calls may be made twice. Throws a TaskFault. */
export async function tellService(address: ServiceAddress, call: TaskCall): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const body = JSON.stringify(call.body);
      return await exchange(address, { method: "POST", path: call.path, body, timeoutMs });
    } catch (error) {
      const isAgain = error instanceof TaskFault && error.retryable && attempt < attemptsMax;
      if (!isAgain) throw error;
    }
  }
}

/** Tells it what must not be told twice. Throws a TaskFault. */
export async function tellOnce(
  address: ServiceAddress,
  { path, body }: TaskCall,
  waitMs: number,
): Promise<Answer> {
  return await exchange(address, {
    method: "POST", path, body: JSON.stringify(body), timeoutMs: waitMs,
  });
}

/** The approval, once it is decided or so long is over. Throws a TaskFault. */
export async function approvalOf(
  address: ServiceAddress,
  taskId: string,
  { waitSeconds, signal }: { readonly waitSeconds: number; readonly signal: AbortSignal },
): Promise<ApprovalView> {
  const wait = Math.max(1, Math.min(waitSecondsMax, Math.floor(waitSeconds)));
  const answer = await exchange(address, {
    method: "GET",
    path: `/v1/tasks/${taskId}/approval?waitSeconds=${wait}`,
    body: null,
    timeoutMs: wait * 1000 + timeoutMs,
    signal,
  });
  return answered(ApprovalView, answer, address);
}

/**
 * Asks it for what stands at the path. Throws a TaskFault.
 *
 * @param waitMs longer for what it has to add up first
 */
export async function askService(
  address: ServiceAddress,
  path: string,
  waitMs: number = timeoutMs,
): Promise<Answer> {
  return await exchange(address, { method: "GET", path, body: null, timeoutMs: waitMs });
}

/** The body, as the contract has it. Throws a TaskFault. */
export function answered<T>(
  schema: z.ZodType<T>,
  { body }: Answer,
  { url }: ServiceAddress,
): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const said = `it answers with something else (${issue?.path.join(".") ?? ""}).`;
  throw new TaskFault("service-foreign", url, { said: `${said} Check TRAILWARDEN_URL.` });
}

type Asked = Pick<Exchange, "method" | "body" | "timeoutMs" | "signal"> & { readonly path: string };

async function exchange({ url, token }: ServiceAddress, asked: Asked): Promise<Answer> {
  const { path, ...rest } = asked;
  const headers = {
    accept: "application/json",
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(asked.body === null ? {} : { "content-type": "application/json" }),
  };
  let answer: { readonly status: number; readonly text: string };
  try {
    answer = await exchanged({ ...rest, url: url + path, headers });
  } catch (cause) {
    const said = `${cause instanceof Error ? cause.message : String(cause)}.`;
    throw new TaskFault("service-unreachable", url, { said, cause });
  }
  const body = jsonOrNull(answer.text);
  const { status } = answer;
  if (status >= 200 && status < 300) return { status, body };
  throw new TaskFault(codeOf(status, body, path), url, { said: `${status}, ${detailOf(body)}` });
}

function codeOf(status: number, body: unknown, path: string): TaskFaultCode {
  if (status === 401 || status === 403) return "service-denied";
  if (status === 409 && path.startsWith("/v1/tasks")) return "task-ended";
  if (status >= 500 || status === 429 || status === 408) return "service-unreachable";
  // Another server's own page for what it does not have.
  return status === 404 && !isProblem(body) ? "service-foreign" : "service-refused";
}

export function jsonOrNull(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** https://www.rfc-editor.org/rfc/rfc9457 */
function isProblem(body: unknown): body is { readonly detail: string } {
  return typeof body === "object" && body !== null && "detail" in body &&
    typeof body.detail === "string";
}

function detailOf(body: unknown): string {
  return isProblem(body) ? body.detail : "and no reason given. Check TRAILWARDEN_URL.";
}
