import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Answer } from "../aws/aws-server.ts";
import { answered, Refusal, refused, type Told } from "../servers/query.ts";
import { isSignedBy, signerOf, type SignedRequest } from "./signature.ts";

/** One session that was opened, with what was asked for. */
export interface Opened {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly arn: string;
  readonly asked: Readonly<Record<string, string>>;
}

export interface StsRules {
  /** Actions that the role's trust policy does not allow. */
  readonly denied?: readonly string[];
  readonly maxSessionSeconds?: number;
  /** What a credential really lasts, whatever was asked for. */
  readonly lifetimeSeconds?: number;
  readonly webTokens?: readonly string[];
}

/** An AWS that knows STS alone: it checks signatures, and takes no parameter it does not know. */
export interface StsServer {
  readonly url: string;
  /** Credentials of somebody who may assume roles. */
  readonly broker: Readonly<Record<string, string>>;
  readonly opened: readonly Opened[];
  /** Who asked GetCallerIdentity, as ARNs. */
  readonly callers: readonly string[];
  rules: StsRules;
  /** A session of somebody who may assume roles, as machines have one. */
  brokerSession(): Opened;
  close(): void;
}

const brokerKey = { id: "AKIABROKER0000000001", secret: randomBytes(30).toString("base64") };
const name = /^[\w+=,.@-]{2,64}$/;
const ofSessions = "RoleArn|RoleSessionName|DurationSeconds|Policy";
const ofAssumeRole =
  "SourceIdentity|Tags\\.member\\.\\d+\\.(?:Key|Value)|TransitiveTagKeys\\.member\\.\\d+";
const parameters: Readonly<Record<string, RegExp>> = {
  AssumeRole: new RegExp(`^(?:Action|Version|${ofSessions}|${ofAssumeRole})$`),
  AssumeRoleWithWebIdentity: new RegExp(`^(?:Action|Version|${ofSessions}|WebIdentityToken)$`),
  GetCallerIdentity: /^(?:Action|Version)$/,
};
const xmlns = "https://sts.amazonaws.com/doc/2011-06-15/";

export async function startSts(rules: StsRules = {}): Promise<StsServer> {
  const opened: Opened[] = [];
  const callers: string[] = [];
  const state = { rules };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, headers, body }) => {
      response.writeHead(status, { ...headers }).end(body);
    });
  });
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const signed = { headers: request.headers, body: await text(request) };
    try {
      return actedOn(signed);
    } catch (error) {
      if (error instanceof Refusal) return refused(xmlns, error);
      throw error;
    }
  };
  const actedOn = (signed: SignedRequest): Answer => {
    const asked = Object.fromEntries(new URLSearchParams(signed.body));
    const action = asked["Action"] ?? "";
    const known = parameters[action];
    if (known === undefined) throw new Refusal(400, "InvalidAction", action);
    for (const key of Object.keys(asked)) {
      if (!known.test(key)) throw new Refusal(400, "ValidationError", `Unknown ${key}`);
    }
    const who = action === "AssumeRoleWithWebIdentity" ? "web" : callerOf(signed, opened);
    if (action === "GetCallerIdentity") {
      callers.push(who);
      return answered(xmlns, action, { Arn: who, UserId: "u", Account: "111122223333" });
    }
    checkSession(asked, action, { rules: state.rules, who });
    const session = newSession(asked);
    opened.push(session);
    return answered(xmlns, action, credentialsTold(session, asked, state.rules));
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    broker: { AWS_ACCESS_KEY_ID: brokerKey.id, AWS_SECRET_ACCESS_KEY: brokerKey.secret },
    opened,
    callers,
    get rules() {
      return state.rules;
    },
    set rules(next: StsRules) {
      state.rules = next;
    },
    brokerSession: () => {
      const session = newSession({ RoleArn: "role/broker", RoleSessionName: "machine" });
      opened.push(session);
      return session;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function callerOf(signed: SignedRequest, opened: readonly Opened[]): string {
  const id = signerOf(signed);
  const session = opened.find(({ accessKeyId }) => accessKeyId === id);
  const secret = id === brokerKey.id ? brokerKey.secret : session?.secretAccessKey;
  const isRight = secret !== undefined && isSignedBy(secret, signed) &&
    signed.headers["x-amz-security-token"] === session?.sessionToken;
  if (!isRight) throw new Refusal(403, "InvalidClientTokenId", "The security token is invalid.");
  return session?.arn ?? "arn:aws:iam::111122223333:user/broker";
}

function checkSession(
  asked: Readonly<Record<string, string>>,
  action: string,
  { rules, who }: { readonly rules: StsRules; readonly who: string },
): void {
  const role = asked["RoleArn"] ?? "";
  const needed = [
    `sts:${action}`,
    ...(Object.keys(asked).some((key) => key.startsWith("Tags.")) ? ["sts:TagSession"] : []),
    ...(asked["SourceIdentity"] === undefined ? [] : ["sts:SetSourceIdentity"]),
  ];
  for (const each of needed.filter((one) => rules.denied?.includes(one))) {
    const message = who === "web"
      ? `Not authorized to perform ${each}`
      : `User: ${who} is not authorized to perform: ${each} on resource: ${role}`;
    throw new Refusal(403, "AccessDenied", message);
  }
  if (who === "web" && !rules.webTokens?.includes(asked["WebIdentityToken"] ?? "")) {
    throw new Refusal(400, "InvalidIdentityToken", "No OpenIDConnect provider found");
  }
  const seconds = Number(asked["DurationSeconds"]);
  const isOdd = !name.test(asked["RoleSessionName"] ?? "") ||
    !name.test(asked["SourceIdentity"] ?? "ok") || !(seconds >= 900 && seconds <= 43_200);
  if (isOdd) throw new Refusal(400, "ValidationError", "A value does not fit its constraint");
  if (seconds > (rules.maxSessionSeconds ?? 43_200)) {
    throw new Refusal(400, "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
}

function newSession(asked: Readonly<Record<string, string>>): Opened {
  const role = (asked["RoleArn"] ?? "").split("/").at(-1) ?? "";
  return {
    accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: `SESSION${randomBytes(60).toString("base64")}`,
    arn: `arn:aws:sts::111122223333:assumed-role/${role}/${asked["RoleSessionName"] ?? ""}`,
    asked,
  };
}

function credentialsTold(
  { accessKeyId, secretAccessKey, sessionToken, arn }: Opened,
  asked: Readonly<Record<string, string>>,
  { lifetimeSeconds }: StsRules,
): Told {
  const seconds = lifetimeSeconds ?? Number(asked["DurationSeconds"]);
  return {
    Credentials: {
      AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken,
      Expiration: new Date(Date.now() + seconds * 1000),
    },
    AssumedRoleUser: { AssumedRoleId: "AROA:x", Arn: arn },
  };
}
