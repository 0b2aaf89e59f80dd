import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a client sent, read whole. */
export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Whose signature it carries. */
  readonly accessKeyId: string;
  readonly region: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export type Service = (call: Call) => Answer | Promise<Answer>;

/**
 * Several services of AWS's on one port, told apart as AWS itself could: by the service in the
 * signature's credential scope. Signatures are not checked.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class AwsServer {
  readonly #services: Readonly<Record<string, Service>>;
  readonly #server: Server;
  #endpoint = "";

  constructor(services: Readonly<Record<string, Service>>) {
    this.#services = services;
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, headers, body }) => {
        const length = Buffer.byteLength(body);
        response.writeHead(status, { ...headers, "content-length": length }).end(body);
      });
    });
  }

  get endpoint(): string {
    return this.#endpoint;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const scope = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(
      request.headers.authorization ?? "",
    );
    const [, accessKeyId, region, service] = scope ?? [];
    const answer = this.#services[service ?? ""];
    if (accessKeyId === undefined || region === undefined || answer === undefined) {
      return { status: 403, body: `No such service here: ${service ?? "unsigned"}` };
    }
    return await answer({
      method: request.method ?? "",
      url: new URL(request.url ?? "/", "http://server"),
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      accessKeyId,
      region,
    });
  }
}
