import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { post, retryAfterMs } from "../../src/notifications/post.ts";
import { Listener, type Reply } from "./listener.ts";

let listener: Listener;
let url: string;

beforeEach(async () => {
  listener = new Listener();
  url = `${await listener.listen()}/secret-path?token=secret`;
});
afterEach(async () => { await listener.close(); });

const send = (to = url) =>
  post({ url: to, headers: { "x-key": "k" }, body: "{}", timeoutSeconds: 1 });

describe("post", () => {
  it("gives what a good answer says, with our headers sent", async () => {
    listener.reply = () => ({ status: 202, body: "Thanks." });
    expect(await send()).toBe("Thanks.");
    expect(listener.heard[0]).toMatchObject({
      path: "/secret-path?token=secret", body: "{}",
      headers: { "x-key": "k", "content-type": "application/json" },
    });
  });

  it.each<[string, Reply, string, number | null]>([
    ["too many", { status: 429, headers: { "retry-after": "120" } }, "throttled", 120_000],
    ["too many, without an hour", { status: 429 }, "throttled", null],
    ["away for a while", { status: 503, headers: { "retry-after": "5" } }, "failed", 5000],
    ["an error", { status: 500, body: "secret" }, "failed", null],
    ["no leave", { status: 401 }, "denied", null],
    ["another place", { status: 302, headers: { location: "http://evil.example/" } },
      "denied", null],
    ["gone", { status: 410 }, "denied", null],
    ["not like this", { status: 400, body: "secret" }, "refused", null],
    ["too large", { status: 413 }, "refused", null],
    ["nothing: it hangs up", "reset", "unreachable", null],
    ["nothing at all", "silence", "timeout", null],
  ])("tells what went wrong, and no secret: %s", async (...row) => {
    const [, reply, code, askedMs] = row;
    listener.reply = () => reply;
    const fault: unknown = await send().catch((error: unknown) => error);
    expect(fault).toMatchObject({ name: "SinkFault", code, askedMs });
    expect(String(fault)).not.toContain("secret");
  });

  it("tells that nobody listens, or that there is no such host", async () => {
    await listener.close();
    await expect(send()).rejects.toThrow(/^127\.0\.0\.1:\d+ was not reached: ECONN/);
    await listener.listen();
  });
});

describe("an answer that is none", () => {
  let server: Server;
  const serve = async (bytes: (write: (text: string) => void) => void) => {
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => { bytes((text) => socket.write(text)); });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  afterEach(() => { server.close(); });

  it("is not HTTP", async () => {
    const to = await serve((write) => { write("220 mail.example ESMTP\r\n"); });
    await expect(send(to)).rejects.toMatchObject({ code: "unreachable" });
  });

  it("has no end, in time", async () => {
    const to = await serve((write) => { write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"); });
    await expect(send(to)).rejects.toMatchObject({ code: "timeout" });
  });

  it("has no end, in bytes", async () => {
    const chunk = `${(65_536).toString(16)}\r\n${"x".repeat(65_536)}\r\n`;
    const to = await serve((write) => {
      write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(64)}`);
    });
    expect(await send(to)).toHaveLength(65_536);
  });
});

it.each([
  [null, null], ["3", 3000], ["0", 0], ["", null], ["-1", null], ["soon", null],
  ["Sun, 01 Mar 2026 10:00:30 GMT", 30_000], ["Sun, 01 Mar 2026 09:00:00 GMT", 0],
])("reads Retry-After %j as %j ms", (header, expected) => {
  expect(retryAfterMs(header, Date.parse("2026-03-01T10:00:00Z"))).toBe(expected);
});
