import {
  GenerateCredentialReportCommand, GenerateServiceLastAccessedDetailsCommand,
  GetAccessKeyLastUsedCommand, GetAccountAuthorizationDetailsCommand, GetAccountSummaryCommand,
  GetCredentialReportCommand, GetOpenIDConnectProviderCommand, GetServiceLastAccessedDetailsCommand,
  ListAccessKeysCommand, ListOpenIDConnectProvidersCommand, ListRolesCommand,
  ListSAMLProvidersCommand,
} from "@aws-sdk/client-iam";
import { readCredentialReport, saidOrNull } from "../audit/credential-report.ts";
import type { AccessKey, Identities, ServiceUse } from "../audit/identities.ts";
import { notAsked } from "../audit/part.ts";
import type { CredentialReport, OidcProvider, SamlProvider } from "../audit/snapshot.ts";
import type { AwsConfig } from "../config/schema.ts";
import type { Reach } from "./clients.ts";
import { isNamed, Iam } from "./iam-client.ts";
import { groupIn, policyIn, roleIn, serviceUseIn, userIn } from "./iam-shapes.ts";

/** A page, and what the next one is asked for with; null on the last. */
export interface IamPage<T> {
  readonly items: T;
  readonly next: string | null;
}

/** The most a page may hold; IAM may give less. */
const MaxItems = 1000;

/** An account's IAM, read call by call, each once. Everything here throws an AwsFault. */
export class IamRead {
  readonly #iam: Iam;
  readonly #resource: string;

  /** @param resource what faults name: `account 111122223333` */
  constructor(aws: AwsConfig, reach: Reach, resource: string) {
    // Tries of its own would come faster than IAM likes: whoever asks waits.
    this.#iam = new Iam(aws, reach, { maxAttempts: 1 });
    this.#resource = resource;
  }

  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html */
  async details(marker: string | null): Promise<IamPage<Identities>> {
    const page = await this.#asked("GetAccountAuthorizationDetails", (client) => client.send(
      new GetAccountAuthorizationDetailsCommand({ MaxItems, ...at(marker) })));
    const items = {
      users: (page.UserDetailList ?? []).map(userIn),
      groups: (page.GroupDetailList ?? []).map(groupIn),
      roles: (page.RoleDetailList ?? []).map(roleIn),
      policies: (page.Policies ?? []).map(policyIn),
    };
    return { items, next: page.Marker ?? null };
  }

  /** Name and MaxSessionDuration of roles, which `details` does not tell. */
  async sessionLimits(
    marker: string | null,
  ): Promise<IamPage<readonly (readonly [string, number])[]>> {
    const page = await this.#asked("ListRoles", (client) =>
      client.send(new ListRolesCommand({ MaxItems, ...at(marker) })));
    const items = (page.Roles ?? []).flatMap(({ RoleName = "", MaxSessionDuration }) =>
      MaxSessionDuration === undefined ? [] : [[RoleName, MaxSessionDuration] as const]);
    return { items, next: page.Marker ?? null };
  }

  async accessKeys(UserName: string, marker: string | null): Promise<IamPage<AccessKey[]>> {
    const page = await this.#asked("ListAccessKeys", (client) =>
      client.send(new ListAccessKeysCommand({ UserName, ...at(marker) })));
    const items = (page.AccessKeyMetadata ?? []).map(({ AccessKeyId, Status, CreateDate }) => ({
      id: AccessKeyId ?? "",
      isActive: Status === "Active",
      createdAt: CreateDate?.getTime() ?? 0,
      lastUsed: notAsked("iam:GetAccessKeyLastUsed"),
    }));
    return { items, next: page.Marker ?? null };
  }

  /** Null: never. */
  async keyUse(AccessKeyId: string) {
    const { AccessKeyLastUsed: used } = await this.#asked("GetAccessKeyLastUsed", (client) =>
      client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId })));
    if (used?.LastUsedDate === undefined) return null;
    return {
      at: used.LastUsedDate.getTime(),
      service: saidOrNull(used.ServiceName ?? ""),
      region: saidOrNull(used.Region ?? ""),
    };
  }

  /** The report that is there; made anew where there is none. `pending`: ask again. */
  async credentialReport(): Promise<CredentialReport | "pending"> {
    const made = await this.#asked("GenerateCredentialReport", (client) =>
      client.send(new GenerateCredentialReportCommand({})));
    if (made.State !== "COMPLETE") return "pending";
    return this.#asked("GetCredentialReport", async (client) => {
      const found = await client.send(new GetCredentialReportCommand({})).catch(pendingOrThrow);
      if (found === "pending") return found;
      const users = readCredentialReport(Buffer.from(found.Content ?? []).toString());
      if (typeof users === "string") throw new Error(users);
      return { generatedAt: found.GeneratedTime?.getTime() ?? 0, users };
    });
  }

  async oidcProviders(): Promise<readonly string[]> {
    const found = await this.#asked("ListOpenIDConnectProviders", (client) =>
      client.send(new ListOpenIDConnectProvidersCommand({})));
    return (found.OpenIDConnectProviderList ?? []).flatMap(({ Arn }) => Arn ?? []);
  }

  async oidcProvider(arn: string): Promise<OidcProvider> {
    const found = await this.#asked("GetOpenIDConnectProvider", (client) =>
      client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })));
    return {
      arn,
      url: (found.Url ?? "").replace(/^https:\/\//, ""),
      clientIds: found.ClientIDList ?? [],
      createdAt: found.CreateDate?.getTime() ?? null,
    };
  }

  async samlProviders(): Promise<SamlProvider[]> {
    const found = await this.#asked("ListSAMLProviders", (client) =>
      client.send(new ListSAMLProvidersCommand({})));
    return (found.SAMLProviderList ?? []).map(({ Arn, CreateDate, ValidUntil }) => ({
      arn: Arn ?? "",
      createdAt: CreateDate?.getTime() ?? null,
      validUntil: ValidUntil?.getTime() ?? null,
    }));
  }

  async summary(): Promise<Record<string, number>> {
    const found = await this.#asked("GetAccountSummary", (client) =>
      client.send(new GetAccountSummaryCommand({})));
    return found.SummaryMap ?? {};
  }

  /** Begins to look what an identity did with each service and action; the job's id. */
  async beginServiceUse(arn: string): Promise<string> {
    const begun = await this.#asked("GenerateServiceLastAccessedDetails", (client) => client.send(
      new GenerateServiceLastAccessedDetailsCommand({ Arn: arn, Granularity: "ACTION_LEVEL" })));
    return begun.JobId ?? "";
  }

  /** `pending`: ask again. */
  async serviceUse(
    JobId: string, marker: string | null,
  ): Promise<IamPage<ServiceUse[]> | "pending"> {
    return this.#asked("GetServiceLastAccessedDetails", async (client) => {
      const found = await client.send(
        new GetServiceLastAccessedDetailsCommand({ JobId, MaxItems, ...at(marker) }));
      if (found.JobStatus === "IN_PROGRESS") return "pending";
      if (found.JobStatus === "FAILED") throw new Error(found.Error?.Message ?? "The job failed");
      const items = (found.ServicesLastAccessed ?? []).map(serviceUseIn);
      return { items, next: found.Marker ?? null };
    });
  }

  close(): void {
    this.#iam.close();
  }

  #asked<T>(api: string, send: (client: Iam["client"]) => Promise<T>): Promise<T> {
    return this.#iam.asked(api, this.#resource, () => send(this.#iam.client));
  }
}

/** A report may have expired since it was said to be complete. */
function pendingOrThrow(error: unknown): "pending" {
  const names = ["NotPresent", "NotReady", "Expired"];
  if (names.some((name) => isNamed(error, `CredentialReport${name}Exception`))) return "pending";
  throw error;
}

function at(marker: string | null) {
  return marker === null ? {} : { Marker: marker };
}
