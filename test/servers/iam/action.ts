import { z } from "zod";
import { Refusal, type Asked, type Told } from "../query.ts";
import type { AccountState } from "./state.ts";

/** Where an action takes place. */
export interface Place {
  readonly state: AccountState;
  readonly now: Date;
  /** Who asks, as an ARN. */
  readonly caller: string;
  /** The most a page holds, whatever was asked for. */
  readonly pageSize: number;
  /** How often reports and jobs answer that they are not ready. */
  readonly pollCount: number;
  /** Whether jobs come to nothing. */
  readonly jobsFail: boolean;
}

/** One of IAM's actions: what it takes, strictly, and what it does. */
export interface Action {
  readonly isWrite: boolean;
  act(place: Place, asked: Readonly<Record<string, Asked>>): Told;
}

type Shape = Readonly<Record<string, z.ZodType>>;
type Input<S extends Shape> = z.infer<z.ZodObject<S>>;

export function reading<S extends Shape>(
  shape: S, act: (place: Place, input: Input<S>) => Told,
): Action {
  return action(shape, act, false);
}

export function writing<S extends Shape>(
  shape: S, act: (place: Place, input: Input<S>) => Told,
): Action {
  return action(shape, act, true);
}

function action<S extends Shape>(
  shape: S, act: (place: Place, input: Input<S>) => Told, isWrite: boolean,
): Action {
  const schema = z.strictObject(shape);
  return {
    isWrite,
    act: (place, asked) => {
      const read = schema.safeParse(asked);
      if (!read.success) throw invalid(read.error, asked);
      return act(place, read.data);
    },
  };
}

/** In AWS's words: `1 validation error detected: Value 'x' at 'roleName' failed to satisfy …`. */
function invalid(error: z.ZodError, asked: unknown): Refusal {
  const said = error.issues.map(({ path, message, code }) => {
    if (code === "unrecognized_keys") return message;
    const value = path.reduce<unknown>(
      (at, key) => (at as Record<PropertyKey, unknown>)[key], asked);
    const where = path.map(String).join(".");
    const name = where.charAt(0).toLowerCase() + where.slice(1);
    if (value === undefined) {
      return `Value at '${name}' failed to satisfy constraint: Member must not be null`;
    }
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `Value '${text}' at '${name}' failed to satisfy constraint: ${message}`;
  });
  const errors = said.length === 1 ? "error" : "errors";
  return new Refusal(400, "ValidationError",
    `${said.length} validation ${errors} detected: ${said.join("; ")}`);
}

export function missing(message: string): Refusal {
  return new Refusal(404, "NoSuchEntity", message);
}

export function exists(message: string): Refusal {
  return new Refusal(409, "EntityAlreadyExists", message);
}

export function conflict(message: string): Refusal {
  return new Refusal(409, "DeleteConflict", message);
}
