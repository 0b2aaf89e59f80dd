import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ExplanationShape, TimelineEventShape } from "../../src/http/shapes-event.ts";
import { FindingShape, SuppressionShape } from "../../src/http/shapes-finding.ts";
import {
  AgentShape, CredentialShape, RoleShape, SessionShape,
} from "../../src/http/shapes-session.ts";
import {
  AskedShape, ResponseShape, RevocationShape,
} from "../../src/http/shapes-revocation.ts";
import { ApprovalShape, TaskShape } from "../../src/http/shapes-task.ts";
import { ProblemShape } from "../../src/http/shapes.ts";
import { everyRoute, pages } from "./every-route.ts";
import { serving } from "./serving.ts";

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: { readonly example?: string | number | boolean };
  }[];
  readonly requestBody?: unknown;
  readonly security?: readonly unknown[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}
interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
  readonly security: readonly unknown[];
}

const served = await serving();
const description = await (await served.ask("/docs/json")).json() as Description;
const operations = Object.entries(description.paths).flatMap(([pattern, methods]) =>
  Object.entries(methods).map(([method, operation]) =>
    ({ method: method.toUpperCase(), pattern, operation })));

describe("the OpenAPI description", () => {
  it("has every address that is served, and no other", () => {
    expect(description.openapi).toBe("3.1.0");
    const described = operations.map(({ method, pattern }) => `${method} ${pattern}`).sort();
    expect(described).toEqual(everyRoute.map((route) => `${route.method} ${route.pattern}`).sort());
  });

  it("says of each what it does, and that it may refuse", () => {
    for (const { method, pattern, operation } of operations) {
      expect(operation.summary).toMatch(/^[A-Z].{9,}[^.]$/);
      const { least } = everyRoute.find((route) =>
        route.method === method && route.pattern === pattern) ?? { least: null };
      if (least === "open") {
        expect(operation.security).toEqual([]);
        continue;
      }
      expect(operation.security).toBeUndefined();
      for (const status of ["401", "403", "429"]) {
        expect(operation.responses).toHaveProperty(status);
      }
      const isBodied = ["POST", "DELETE"].includes(method);
      expect([pattern, operation.requestBody !== undefined]).toEqual([pattern, isBodied]);
    }
    expect(description.security).toEqual([{ bearer: [] }, { basic: [] }]);
  });

  it("declares what is in its paths, and nothing twice", () => {
    for (const { pattern, operation: { parameters = [] } } of operations) {
      const inPath = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((one) => one.in === "path").map(({ name }) => name)).toEqual(inPath);
      const names = parameters.map((one) => `${one.in} ${one.name}`);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it("refers to nothing that is not there", () => {
    const refs = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g)]
      .map(([, to]) => to);
    expect(refs.length).toBeGreaterThan(20);
    const known = Object.keys(description.components.schemas)
      .map((name) => `#/components/schemas/${name}`);
    expect(refs.filter((to) => !known.includes(String(to)))).toEqual([]);
    expect(known.filter((name) => !refs.includes(name))).toEqual([]);
  });

  it("gives examples of parameters that are taken", async () => {
    let asked = 0;
    for (const { method, pattern, operation: { parameters = [] } } of operations) {
      const route = everyRoute.find((one) => one.method === method && one.pattern === pattern);
      if (method !== "GET" || route === undefined) continue;
      for (const { name, in: place, schema } of parameters) {
        if (place !== "query" || schema.example === undefined) continue;
        const joint = route.path.includes("?") ? "&" : "?";
        const value = encodeURIComponent(String(schema.example));
        const { status } = await served.ask(`${route.path}${joint}${name}=${value}`);
        // An id that nothing has is an answer; a repeated session is not.
        const isTwice = route.path.includes(`${name}=`);
        if (!isTwice) expect([200, 404]).toContain(status);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(15);
  });

  it("is not about the pages for people", async () => {
    for (const page of pages) {
      expect(Object.keys(description.paths)).not.toContain(page);
      expect((await served.ask(page)).status).toBe(200);
    }
  });
});

const shapes: readonly (readonly [string, z.ZodType, boolean])[] = [
  ["Problem", ProblemShape, true], ["Finding", FindingShape, true],
  ["Suppression", SuppressionShape, true], ["Credential", CredentialShape, true],
  ["Agent", AgentShape, true], ["Role", RoleShape, true], ["Session", SessionShape, false],
  ["TimelineEvent", TimelineEventShape, true], ["Explanation", ExplanationShape, false],
  ["Task", TaskShape, true], ["Approval", ApprovalShape, true],
  ["Revocation", RevocationShape, false], ["AskedRevocation", AskedShape, false],
  ["Response", ResponseShape, false],
];

describe("named shapes", () => {
  it.each(shapes)("%s is described, and its example is one", (name, shape, hasExample) => {
    const described = description.components.schemas[name] as { readonly example?: unknown };
    expect(described).toMatchObject({ type: "object" });
    expect(described.example !== undefined).toBe(hasExample);
    if (hasExample) expect(shape.parse(described.example)).toEqual(described.example);
  });
});
