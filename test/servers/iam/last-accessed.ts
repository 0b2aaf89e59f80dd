import { z } from "zod";
import { missing, reading, writing, type Action } from "./action.ts";
import { arn, paged, paging } from "./parameters.ts";
import type { AccountState, ServiceUseState } from "./state.ts";

/**
 * What an identity's policies let it do, and when it last did.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
 */
export const lastAccessedActions: Readonly<Record<string, Action>> = {
  GenerateServiceLastAccessedDetails: writing(
    { Arn: arn, Granularity: z.enum(["SERVICE_LEVEL", "ACTION_LEVEL"]).default("SERVICE_LEVEL") },
    ({ state, now, caller, pollCount }, { Arn, Granularity }) => {
      if (!isThere(state, Arn)) throw missing(`The entity ${Arn} cannot be found.`);
      const id = `00000000-0000-4000-8000-${String(state.jobs.size + 1).padStart(12, "0")}`;
      const isByAction = Granularity === "ACTION_LEVEL";
      const job = { arn: Arn, isByAction, madeBy: caller, createdAt: now, pollsLeft: pollCount };
      state.jobs.set(id, job);
      return { JobId: id };
    },
  ),
  GetServiceLastAccessedDetails: reading(
    { JobId: z.string().length(36), ...paging },
    (place, { JobId, ...page }) => {
      const job = place.state.jobs.get(JobId);
      if (job === undefined || job.madeBy !== place.caller) {
        throw missing(`The job ${JobId} cannot be found.`);
      }
      const common = { JobCreationDate: job.createdAt, IsTruncated: false };
      if (job.pollsLeft > 0) {
        job.pollsLeft -= 1;
        // In the answer's shape there is no way round these two.
        return {
          ...common, JobStatus: "IN_PROGRESS", JobCompletionDate: job.createdAt,
          ServicesLastAccessed: [],
        };
      }
      if (place.jobsFail) {
        return {
          ...common, JobStatus: "FAILED", JobCompletionDate: place.now, ServicesLastAccessed: [],
          Error: { Code: "ServiceFailure", Message: "The service failed." },
        };
      }
      const { page: uses, rest } = paged(place, place.state.uses.get(job.arn) ?? [], page);
      return {
        ...common, JobStatus: "COMPLETED", JobCompletionDate: place.now, ...rest,
        JobType: job.isByAction ? "ACTION_LEVEL" : "SERVICE_LEVEL",
        ServicesLastAccessed: uses.map((use) => useTold(job.arn, use, job.isByAction)),
      };
    },
  ),
};

function isThere({ users, groups, roles, policies }: AccountState, at: string): boolean {
  return policies.has(at) ||
    [users, groups, roles].some((map) => [...map.values()].some((one) => one.arn === at));
}

function useTold(by: string, { namespace, at, actions }: ServiceUseState, isByAction: boolean) {
  const used = at === undefined
    ? {}
    : { LastAuthenticated: at, LastAuthenticatedEntity: by, LastAuthenticatedRegion: "eu-west-1" };
  const tracked = (actions ?? []).map(({ name: ActionName, at: when }) => ({
    ActionName,
    ...(when === undefined ? {} : {
      LastAccessedEntity: by, LastAccessedTime: when, LastAccessedRegion: "eu-west-1",
    }),
  }));
  return {
    ServiceName: namespace.toUpperCase(), ServiceNamespace: namespace, ...used,
    TotalAuthenticatedEntities: at === undefined ? 0 : 1,
    TrackedActionsLastAccessed: isByAction && actions !== undefined ? tracked : null,
  };
}
