import { readArn } from "../events/arn.ts";
import type { TrailEvent } from "../events/event.ts";
import { fieldsOf, listOf, textOf } from "../events/field.ts";
import type { Spans } from "./spans.ts";

/**
 * The secrets and decrypted parameters a call read, by name, so that a secret asked for by name and
 * by ARN counts once. A read by path counts as that path, one by filter not at all: the record does
 * not tell what came back.
 */
export function secretsRead(event: TrailEvent): readonly string[] {
  if (event.service !== "secretsmanager" && event.service !== "ssm") return none;
  if (event.result.outcome !== "allowed" || !event.isSensitiveRead) return none;
  const asked = fieldsOf(event.record["requestParameters"]);
  switch (event.operation) {
    case "secretsmanager:GetSecretValue":
      return named([asked["secretId"]]);
    case "secretsmanager:BatchGetSecretValue":
      return named(listOf(asked["secretIdList"]));
    case "ssm:GetParameter":
    case "ssm:GetParameterHistory":
      return named([asked["name"]]);
    case "ssm:GetParameters":
      return named(listOf(asked["names"]));
    case "ssm:GetParametersByPath":
      return named([asked["path"]]);
    default:
      return none;
  }
}

/**
 * A thief's loop reads one a second, an agent that thinks between calls one every half a minute:
 * ten minutes hold either. What a process reads again and again all day it has read first once.
 */
const burstMs = 10 * 60_000;

/** The most secrets that were read for the first time within any {@link burstMs}. */
export function burstOf(secrets: Spans): number {
  const firsts = secrets.entries.map(([, [firstAt]]) => firstAt).sort((a, b) => a - b);
  let from = 0;
  let most = 0;
  for (const [i, at] of firsts.entries()) {
    while (at - (firsts[from] ?? at) > burstMs) from += 1;
    most = Math.max(most, i - from + 1);
  }
  return most;
}

const none: readonly string[] = [];

function named(ids: readonly unknown[]): readonly string[] {
  return ids.map(textOf).filter((id) => id !== null).map(nameOf);
}

/**
 * Secrets Manager appends `-` and six random characters to a secret's name in its ARN; a
 * parameter's ARN holds its name without the leading slash.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
 */
function nameOf(id: string): string {
  const arn = readArn(id);
  if (arn?.resource.startsWith("secret:") === true) {
    return arn.resource.slice("secret:".length).replace(/-[A-Za-z0-9]{6}$/, "");
  }
  const parameter = arn?.resource.startsWith("parameter/") === true ? arn.resource.slice(10) : id;
  return parameter.startsWith("/") ? parameter.slice(1) : parameter;
}
