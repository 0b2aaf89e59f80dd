import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { version } from "../../version.ts";
import type { Api } from "../options.ts";

/** The page loads its own scripts and asks its own server. */
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

/** Each named shape comes twice, as taken and as given; ours are only given. */
function withoutInputs<T extends object>(description: T): T {
  const { components = {} } = description as { components?: { schemas?: object } };
  const schemas = Object.fromEntries(
    Object.entries(components.schemas ?? {}).filter(([name]) => !name.endsWith("Input")),
  );
  return { ...description, components: { ...components, schemas } };
}

/** `/docs` for people and `/docs/json` for programs: made of the routes' own schemas. */
export async function addDocs(api: Api): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "trailwarden",
        version,
        description: "What AI agents do in AWS accounts. Every address but /healthz asks for a " +
          "token. In a browser, log in with the token as password and any user name; to change " +
          "something from this page, give the token under Authorize.",
      },
      components: {
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer" },
          basic: {
            type: "http", scheme: "basic",
            description: "The token as password, for reading only.",
          },
        },
      },
      security: [{ bearer: [] }, { basic: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutInputs(jsonSchemaTransformObject(document)),
  });
  await api.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: pagePolicy,
    uiConfig: { tryItOutEnabled: true, validatorUrl: null },
  });
}
