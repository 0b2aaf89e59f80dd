import type { Aim } from "../revocations/aim.ts";
import type { RoleGate, Wrote } from "../revocations/role-gate.ts";
import type { Step } from "../revocations/steps.ts";

/** One call that changes something: these are the only ones in the program that do. */
export async function writeStep(step: Step, aim: Aim, gate: RoleGate): Promise<Wrote> {
  switch (step.kind) {
    case "put-role-policy": {
      const { roleName, policyName } = inlineOf(aim);
      return await gate.putRolePolicy(roleName, policyName, step.document);
    }
    case "delete-role-policy": {
      const { roleName, policyName } = inlineOf(aim);
      return await gate.deleteRolePolicy(roleName, policyName);
    }
    case "create-version":
      return await gate.createPolicyVersion(policyArnOf(aim), step.document);
    case "delete-version":
      return await gate.deletePolicyVersion(policyArnOf(aim), step.id);
    case "attach":
      return await gate.attachRolePolicy(step.roleName, policyArnOf(aim));
    case "detach":
      return await gate.detachRolePolicy(step.roleName, policyArnOf(aim));
    case "set-key": {
      if (aim.kind !== "key") throw misplaced(aim);
      const { userName, accessKeyId } = aim.change;
      return await gate.setAccessKey(userName, accessKeyId, step.status);
    }
    default:
      return step satisfies never;
  }
}

function inlineOf(aim: Aim) {
  if (aim.kind === "key" || aim.place.carrier !== "inline") throw misplaced(aim);
  return aim.place;
}

function policyArnOf(aim: Aim): string {
  if (aim.kind === "key" || aim.place.carrier !== "managed") throw misplaced(aim);
  return aim.place.policyArn;
}

function misplaced(aim: Aim): Error {
  return new Error(`A step of another place was taken in that of a ${aim.kind}.`);
}
