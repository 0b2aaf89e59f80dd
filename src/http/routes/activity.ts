import { z } from "zod";
import { pageJson, placeIn, type CursorForm } from "../cursor.ts";
import type { Api, ServerOptions } from "../options.ts";
import { activityJson, AgentShape, RoleShape } from "../shapes-session.ts";
import { pageOf, paging, refusals } from "../shapes.ts";

const agentsForm: CursorForm = { of: "agents", kinds: ["string"] };
const rolesForm: CursorForm = { of: "roles", kinds: ["string"] };
const Query = z.strictObject(paging);

export function addActivity(api: Api, { store, now, config }: ServerOptions): void {
  api.get("/v1/agents", {
    config: { role: "viewer" },
    schema: {
      summary: "Agents that were seen, by name, and what their sessions come to",
      tags: ["agents"],
      querystring: Query,
      response: { 200: pageOf(AgentShape), ...refusals },
    },
  }, async ({ query: { limit, cursor } }) => {
    const slice = { limit, after: placeIn(agentsForm, cursor) };
    const owners = new Map(config().agents.map(({ name, owner }) => [name, owner]));
    return pageJson(await store.listAgents(slice, now()), agentsForm, (agent) => ({
      name: agent.agent,
      status: agent.status,
      owner: owners.get(agent.agent) ?? null,
      ...activityJson(agent),
    }));
  });

  api.get("/v1/roles", {
    config: { role: "viewer" },
    schema: {
      summary: "Roles that had sessions, by ARN, and what these come to",
      tags: ["agents"],
      querystring: Query,
      response: { 200: pageOf(RoleShape), ...refusals },
    },
  }, async ({ query: { limit, cursor } }) => {
    const slice = { limit, after: placeIn(rolesForm, cursor) };
    return pageJson(await store.listRoles(slice, now()), rolesForm, (role) => ({
      arn: role.roleArn, mode: role.mode, ...activityJson(role),
    }));
  });
}
