import { setTimeout as sleep } from "node:timers/promises";
import type { AwsConfig } from "../config/schema.ts";
import { exchanged } from "../exchange.ts";
import { version } from "../version.ts";
import { faultCodeOf } from "./fault-code.ts";
import type { IssuedCredentials, SessionWanted, Sts } from "./session-wanted.ts";
import { formType, signedHeaders, type SigningKey } from "./signature.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Direct {
  readonly url: string;
  readonly region: string;
  /** Null where only web identities are used. */
  readonly key: SigningKey | null;
}

/**
 * STS by one signed request: where keys or a web identity, region and address are plain to see. The
 * SDK takes 80 to 130 ms to load, as long as everything else that starting an agent takes. Null
 * where it is needed: profiles, roles of machines, FIPS, other partitions.
 */
export function stsDirect(
  aws: AwsConfig,
  environment: Environment,
  needs: { readonly ownKeys: boolean; readonly profile: string | undefined },
): Sts | null {
  const of = (name: string): string | null => environment[name] || null;
  const region = aws.region ?? of("AWS_REGION") ?? of("AWS_DEFAULT_REGION");
  const key = keyIn(environment);
  const isSpecial = otherWays.some((name) => of(name) !== null);
  const isKeyless = key === null || needs.profile !== undefined || of("AWS_PROFILE") !== null;
  if (region === null || isSpecial || (needs.ownKeys && isKeyless)) return null;
  const own = aws.endpoint ?? of("AWS_ENDPOINT_URL_STS") ?? of("AWS_ENDPOINT_URL");
  if (own === null && !commercial.test(region)) return null;
  const url = own ?? `https://sts.${region}.amazonaws.com`;
  if (new URL(url).pathname !== "/") return null;
  const direct: Direct = { url, region, key: needs.ownKeys ? key : null };
  return {
    open: (wanted, webToken) => opened(direct, formOf(wanted, webToken)),
    region: () => Promise.resolve(region),
  };
}

/** Settings that choose another address. */
const otherWays = [
  "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_STS_REGIONAL_ENDPOINTS",
];
const commercial = /^(?:af|ap|ca|eu|il|me|mx|sa|us)-(?!gov-|iso)[a-z]+-\d$/;

function keyIn(environment: Environment): SigningKey | null {
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"];
  if (!accessKeyId || !secretAccessKey) return null;
  return { accessKeyId, secretAccessKey, sessionToken: environment["AWS_SESSION_TOKEN"] || null };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
function formOf(wanted: SessionWanted, webToken: string | null): string {
  const form = new URLSearchParams({
    Action: webToken === null ? "AssumeRole" : "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: wanted.roleArn,
    RoleSessionName: wanted.sessionName,
    DurationSeconds: String(wanted.durationSeconds),
  });
  if (wanted.policy !== null) form.set("Policy", wanted.policy);
  if (webToken !== null) {
    form.set("WebIdentityToken", webToken);
    return form.toString();
  }
  Object.entries(wanted.tags).forEach(([tag, value], i) => {
    form.set(`Tags.member.${i + 1}.Key`, tag);
    form.set(`Tags.member.${i + 1}.Value`, value);
  });
  wanted.transitiveTags.forEach((tag, i) => {
    form.set(`TransitiveTagKeys.member.${i + 1}`, tag);
  });
  if (wanted.sourceIdentity !== null) form.set("SourceIdentity", wanted.sourceIdentity);
  return form.toString();
}

/** As the SDK's own: three tries, longer and longer apart. */
const attemptsMax = 3;
const pauseMs = 100;
const timeoutMs = 10_000;

async function opened(direct: Direct, body: string): Promise<IssuedCredentials> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return credentialsIn(await asked(direct, body));
    } catch (error) {
      const isAgain = ["network", "throttled", "unavailable"].includes(faultCodeOf(error));
      if (!isAgain || attempt === attemptsMax) throw error;
      await sleep(pauseMs * 2 ** attempt);
    }
  }
}

async function asked({ url, region, key }: Direct, body: string): Promise<string> {
  const { host } = new URL(url);
  const headers = key === null
    ? { "content-type": formType }
    : signedHeaders({ host, service: "sts", region, body }, key, new Date());
  const answer = await exchanged({
    method: "POST", url, body, timeoutMs,
    headers: { ...headers, "user-agent": `trailwarden/${version}` },
  });
  if (answer.status === 200) return answer.text;
  throw refusal(answer);
}

/** As the SDK would have thrown it. */
function refusal({ status, text }: { readonly status: number; readonly text: string }): Error {
  const error = new Error(elementIn(text, "Message") ?? `STS answers ${status}`);
  error.name = elementIn(text, "Code") ?? "Unknown";
  return Object.assign(error, { $metadata: { httpStatusCode: status } });
}

function credentialsIn(xml: string): IssuedCredentials {
  const [accessKeyId, secretAccessKey, sessionToken, expiration] =
    ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]
      .map((name) => elementIn(xml, name));
  const expiresAt = Date.parse(expiration ?? "");
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiresAt)) {
    throw new Error("STS answered without credentials.");
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiresAt };
}

const entities: readonly (readonly [string, string])[] = [
  ["&lt;", "<"], ["&gt;", ">"], ["&quot;", '"'], ["&apos;", "'"], ["&#39;", "'"], ["&amp;", "&"],
];

/** STS's answers have each of these elements once, with text alone in it. */
function elementIn(xml: string, name: string): string | null {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (text === undefined) return null;
  return entities.reduce((plain, [entity, character]) => plain.replaceAll(entity, character), text);
}
