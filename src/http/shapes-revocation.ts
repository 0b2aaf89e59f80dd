import { z } from "zod";
import {
  ApproveRevocation, AskedView, AskRevocation, PlanView, ResponseView, RevocationView,
} from "../response/contract.ts";

const id = "3f1c7a90b2de4c6f8a5d0e9b7c61f204";

const PlanShape = PlanView.meta({
  id: "RevocationPlan",
  description: "What would be done, to whom, what it does not stop, and how it is undone.",
});

export const RevocationShape = RevocationView.extend({ plan: PlanShape }).meta({
  id: "Revocation",
  description: "Access taken away from sessions: asked for, decided, carried out, seen to hold.",
});

export const AskedShape = AskedView
  .extend({ plan: PlanShape, revocation: RevocationShape.nullable() })
  .meta({ id: "AskedRevocation", description: "The plan, and what was asked for by it." });

export const ResponseShape = ResponseView.meta({
  id: "Response",
  description: "Whether anything may be changed in accounts, and what waits for what.",
});

export const revocationBodies = {
  ask: AskRevocation.meta({
    example: {
      target: { kind: "credential", value: "ASIATASKKEY000000001" }, reason: "It leaked.",
      dryRun: true,
    },
  }),
  approve: ApproveRevocation.meta({ example: { version: "9b2f61c07d3e48aa" } }),
};

/** A revocation's id in a path. */
export const RevocationPath = z.strictObject({
  id: z.string().min(1).max(256).meta({ example: id }),
});
