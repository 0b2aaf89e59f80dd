import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it answers; nothing at all where it is asked to. */
export type Reply =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  | "reset"
  | "silence";

/** An HTTP server that keeps what it hears, and answers as the test says. */
export class Listener {
  readonly heard: Heard[] = [];
  reply: (heard: Heard) => Reply;
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { url = "", headers } = request;
      const heard = { path: url, headers, body: Buffer.concat(chunks).toString() };
      this.heard.push(heard);
      const reply = this.reply(heard);
      if (reply === "reset") request.socket.resetAndDestroy();
      else if (reply !== "silence") {
        response.writeHead(reply.status, reply.headers).end(reply.body ?? "");
      }
    });
  });

  constructor(reply: (heard: Heard) => Reply = () => ({ status: 200 })) {
    this.reply = reply;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get bodies(): readonly unknown[] {
    return this.heard.map(({ body }) => JSON.parse(body) as unknown);
  }
}
