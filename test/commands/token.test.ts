import { createHash } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Config } from "../../src/config/schema.ts";
import { Workplace } from "./program.ts";

const place = new Workplace();
afterAll(() => {
  place.remove();
});

describe("token new", () => {
  it("shows a token once, and the config's lines with its digest", async () => {
    const { code, stdout, stderr } = await place.run(
      ["token", "new", "--name", "grafana", "--role", "viewer"],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [text = ""] = stdout.split("\n");
    expect(text).toMatch(/^tw_[\w-]{43}$/);
    expect(stdout.split(text)).toHaveLength(2);
    const { http } = Config.parse(parse(stdout.slice(stdout.indexOf("http:"))));
    const sha256 = createHash("sha256").update(text).digest("hex");
    expect(http.tokens).toEqual([{ name: "grafana", role: "viewer", sha256 }]);
  });

  it.each([
    [["--name", "Ann B", "--role", "viewer"], "--name is Ann B: expected lower-case letters"],
    [["--name", "ann", "--role", "owner"], "Allowed choices are viewer, responder, admin"],
    [["--name", "ann"], "required option '--role <role>' not specified"],
  ])("%s is refused", async (args, message) => {
    const { code, stdout, stderr } = await place.run(["token", "new", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });
});
