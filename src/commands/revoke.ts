import { Option, type Command } from "commander";
import { targetKinds, type NamedTarget } from "../revocations/target.ts";
import { UsageError } from "../usage-error.ts";
import { paragraph } from "./options.ts";
import { askedText } from "./output/print-plan.ts";
import { atDesk, revocationVerb, type RevocationOptions } from "./revocation-verb.ts";

interface RevokeOptions extends RevocationOptions {
  readonly as?: NamedTarget["kind"];
  readonly dryRun?: true;
  readonly reason?: string;
  readonly yes?: true;
}

const description = paragraph(`
Takes access away from live sessions: a deny on their role for temporary credentials, the key
switched off for an IAM user's. Prints the plan: the exact policy, whom it hits, what it does not
stop, the way back. Without --yes that is all it does; with it, and response.enabled in the config,
it is asked for, approved as response.approvals say, and carried out.`);

const examples = `
<what> is a session's id, an access key id (ASIA…: its session; AKIA…: the key), a role's ARN, a
sign-in session's ARN, or the name of an agent; --as says which, where it cannot be told.

Examples:
  trailwarden revoke ASIAXAMPLEXAMPLE0001                      what would be done; changes nothing
  trailwarden revoke aider --reason "leaked prompt" --yes      every live session of the agent
  trailwarden revoke alice --as source-identity
  trailwarden revocations undo <id> --reason "false alarm"

Exit codes: 0 planned or asked for, 1 all of it is refused, or AWS kept it from being carried out.`;

export function addRevokeCommand(program: Command): void {
  revocationVerb(program, "revoke <what>")
    .summary("take access away from sessions, an agent, a role or a key")
    .description(description)
    .addOption(new Option("--as <kind>", "what <what> is").choices([...targetKinds]))
    .option("--dry-run", "only the plan, whatever else is said")
    .option("-r, --reason <text>", "why: for the audit log, and for whoever approves")
    .option("-y, --yes", "ask for it, and carry it out as far as it is approved")
    .addHelpText("after", examples)
    .action(revoke);
}

async function revoke(what: string, options: RevokeOptions): Promise<void> {
  const { as, yes, format } = options;
  const reason = options.reason?.trim() ?? "";
  const dryRun = options.dryRun === true || yes !== true;
  if (!dryRun && reason === "") throw new UsageError("Say why, with --reason.");
  const body = { target: targetIn(what, as), reason: reason || "a dry run", dryRun };
  await atDesk(options, async (desk) => askedText(await desk.ask(body), format));
}

/** By its form; what has none of these is an agent's name. */
function targetIn(text: string, as: NamedTarget["kind"] | undefined): NamedTarget {
  const [kind] = forms.find(([, form]) => form.test(text)) ?? ["agent"];
  return { kind: as ?? kind, value: text };
}

const forms: readonly (readonly [NamedTarget["kind"], RegExp])[] = [
  ["credential", /^A(?:SI|KI)A[A-Z0-9]{12,}$/],
  ["role", /^arn:[^:]+:iam::\d{12}:role\//],
  ["sign-in-session", /^arn:[^:]+:signin:/],
  ["session", /^sis:|[@|:/]/],
];
