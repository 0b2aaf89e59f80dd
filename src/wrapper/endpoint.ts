import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { IssuedCredentials } from "../aws/session-wanted.ts";

export interface Endpoint {
  readonly url: string;
  /** For this task alone; sent as the Authorization header. */
  readonly token: string;
  readonly close: () => void;
}

const address = "127.0.0.1";
const path = "/credentials";

/**
 * Credentials as containers get them, for whoever has the token. AWS's SDKs know how to ask.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export async function openEndpoint(
  current: (now: number) => Promise<IssuedCredentials | null>,
): Promise<Endpoint> {
  const token = randomBytes(32).toString("base64url");
  const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 8192 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, address, resolve);
  });
  const host = `${address}:${portOf(server)}`;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    const refused = refusalOf(request, { host, token });
    if (refused !== null) {
      answer(response, ...refused);
      return;
    }
    current(Date.now()).then(
      (credentials) => {
        if (credentials === null) answer(response, ...gone);
        else answer(response, 200, bodyOf(credentials));
      },
      (error: unknown) => {
        response.destroy();
        throw error;
      },
    );
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://${host}${path}`, token, close };
}

type Refusal = readonly [status: number, body: Readonly<Record<string, string>>];

const gone: Refusal = [410, {
  code: "CredentialsGone", message: "The task is over, or its credentials could not be renewed.",
}];

/** A page in a browser can send requests here, but not with our host's name, nor our token. */
function refusalOf(
  { method, url, headers }: IncomingMessage,
  { host, token }: { readonly host: string; readonly token: string },
): Refusal | null {
  if (headers.host !== host) return [403, { code: "WrongHost", message: "Wrong Host." }];
  if (!isSame(headers.authorization ?? "", token)) {
    return [401, { code: "WrongToken", message: "Wrong or missing Authorization." }];
  }
  if (method !== "GET" || url !== path) {
    return [404, { code: "NotFound", message: "There is nothing here." }];
  }
  return null;
}

/** In the same time, however much of it is right. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function bodyOf(credentials: IssuedCredentials): Readonly<Record<string, string>> {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Token: credentials.sessionToken,
    Expiration: new Date(credentials.expiresAt).toISOString(),
  };
}

function answer(
  response: ServerResponse,
  status: number,
  body: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

function portOf(server: Server): number {
  const bound = server.address();
  if (typeof bound === "object" && bound !== null) return bound.port;
  throw new Error("The endpoint has no port.");
}
