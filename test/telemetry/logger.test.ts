import { describe, expect, it } from "vitest";
import { createLogger, type LogLevel } from "../../src/telemetry/logger.ts";

function logged(level: LogLevel, isPretty = false) {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  return { lines, logger: createLogger({ level, isPretty, destination: { write } }) };
}

describe("the log", () => {
  it("is one line of JSON for each happening, with its level by name and its time in UTC", () => {
    const { lines, logger } = logged("info");
    logger.info({ source: "trail" }, "A source works again.");
    expect(lines).toHaveLength(1);
    expect(lines[0]?.replace(/"[\d-]+T[\d:.]+Z"/, '"…"')).toBe(
      '{"level":"info","time":"…","source":"trail","msg":"A source works again."}\n',
    );
  });

  it.each<[LogLevel, readonly string[]]>([
    ["debug", ["debug", "info", "warn", "error"]],
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
  ])("tells from level %s on", (level, expected) => {
    const { lines, logger } = logged(level);
    for (const each of ["debug", "info", "warn", "error"] as const) logger[each]("x");
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(expected);
  });

  it("is made for people where it is asked to be", () => {
    const { lines, logger } = logged("info", true);
    logger.info({ source: "trail" }, "A source works again.");
    expect(lines.join("")).toContain("A source works again.");
    expect(lines.join("")).toContain('source: "trail"');
  });

  const secret = "s3cr3tS3cr3tS3cr3t";
  it.each<[string, object]>([
    ["a field that is named so", { sessionToken: secret }],
    ["one in another", { config: { clientSecret: secret, "X-Api-Token": secret } }],
    ["one with quotes in it", { password: `a"${secret}` }],
    ["a session token of AWS", { detail: `IQoJb3JpZ2luX2Vj${secret.repeat(5)}== was given` }],
    ["a bearer credential", { detail: `Authorization: Bearer ${secret}` }],
    ["a signature in a URL", { url: `https://s3/x?X-Amz-Signature=${secret}&y=1` }],
    ["a session token in a URL", { url: `https://s3/x?X-Amz-Security-Token=${secret}` }],
    ["a JSON web token", { detail: `eyJhbGciOiJIUzI1NiJ9.${secret}.${secret}` }],
    ["a token of ours", { detail: `tw_${secret}${secret} is no token here` }],
  ])("does not hold %s", (_what, fields) => {
    for (const isPretty of [false, true]) {
      const { lines, logger } = logged("info", isPretty);
      logger.info(fields, "Something happened.");
      expect(lines.join("")).toContain("[removed]");
      expect(lines.join("")).not.toContain(secret);
      expect(lines.join("")).toContain("Something happened.");
    }
  });

  it("stays JSON when something was taken out", () => {
    const { lines, logger } = logged("info");
    logger.info({ password: 'a"\\b', url: "https://s3/x?X-Amz-Signature=abc", n: 1 }, "x");
    expect(JSON.parse(lines.join(""))).toMatchObject({
      password: "[removed]", url: "https://s3/x?X-Amz-Signature=[removed]", n: 1,
    });
  });

  it("keeps what is no secret", () => {
    const { lines, logger } = logged("info");
    const fields = {
      changedKeys: ["http.tokens"],
      detail: "The token is declared twice.",
      session: "ASIAEXAMPLE0000000001",
    };
    logger.info(fields, "x");
    expect(JSON.parse(lines.join(""))).toMatchObject(fields);
  });
});
