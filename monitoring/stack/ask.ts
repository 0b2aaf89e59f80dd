/** One series of an answer of Prometheus's. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds, and the value as text. */
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/**
 * What an instant query gives; throws with Prometheus's own words where it is refused.
 *
 * @param at seconds since 1970; absent: now
 */
export function askNow(url: string, expr: string, at?: number): Promise<readonly Series[]> {
  const time = at === undefined ? {} : { time: String(at) };
  return ask(`${url}/api/v1/query`, { query: expr, ...time });
}

export interface Range {
  /** Seconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export function askRange(
  url: string,
  expr: string,
  { start, end, step }: Range,
): Promise<readonly Series[]> {
  return ask(`${url}/api/v1/query_range`, {
    query: expr, start: String(start), end: String(end), step: String(step),
  });
}

async function ask(
  address: string,
  parameters: Readonly<Record<string, string>>,
): Promise<readonly Series[]> {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(parameters) });
  const { status, error, data } = await answer.json() as {
    readonly status: string;
    readonly error?: string;
    readonly data?: { readonly result: readonly Series[] };
  };
  if (status !== "success" || data === undefined) {
    throw new Error(`Prometheus refuses ${String(parameters["query"])}: ${String(error)}`);
  }
  return data.result;
}

/** An expression as Grafana would ask it, with all chosen. */
export function filledIn(
  expr: string,
  chosen: Readonly<Record<string, string>>,
): string {
  return expr.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => chosen[name] ?? whole);
}
