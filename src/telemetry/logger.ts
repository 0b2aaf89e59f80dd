import { pino, type DestinationStream, type Logger } from "pino";
import { isColorSupported, prettyFactory } from "pino-pretty";

export type { Logger };
export type LogLevel = "debug" | "info" | "warn" | "error";

export interface LoggerOptions {
  readonly level: LogLevel;
  /** For people, not for programs: true on a terminal. */
  readonly isPretty: boolean;
  /** Absent: standard error. */
  readonly destination?: DestinationStream;
}

/** One JSON line per happening; what looks like a secret is taken out, wherever it came from. */
export function createLogger({ level, isPretty, destination }: LoggerOptions): Logger {
  const lines = destination ?? pino.destination({ dest: 2, sync: true });
  const format = prettyFactory({ colorize: destination === undefined && isColorSupported });
  const stream = { write: (line: string) => { lines.write(format(line)); } };
  const options = {
    level,
    base: {},
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: withoutSecrets },
  };
  return pino(options, isPretty ? stream : lines);
}

const removed = "[removed]";

/**
 * What secrets look like, in a line of JSON. By what they begin with: session tokens of AWS (base64
 * of a fixed head, hundreds of characters), JSON web tokens, our own tokens; by what stands before
 * them: bearer credentials, signatures in URLs, and fields named so.
 */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/(?:IQoJ|FwoG|FQoG|AQoD)[\w+/=-]{60,}/g, removed],
  [/eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, removed],
  [/\btw_[\w-]{20,}/g, removed],
  [/\b(Bearer) [\w.~+/=-]{16,}/gi, `$1 ${removed}`],
  [/\b(X-Amz-(?:Security-Token|Signature|Credential))=[^&"\\\s]+/gi, `$1=${removed}`],
  [
    /"([\w-]*(?:token|secret|password|authorization|secretAccessKey)[\w-]*)":"(?:[^"\\]|\\.)*"/gi,
    `"$1":"${removed}"`,
  ],
];

function withoutSecrets(line: string): string {
  return secrets.reduce((text, [secret, instead]) => text.replace(secret, instead), line);
}
