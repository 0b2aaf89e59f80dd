import { textOf } from "./field.ts";

/**
 * Tools to attack AWS accounts or hunt for secrets, by product name, lower-case.
 *
 * A name counts only where a client names itself: as a product (`pacu/1.5`,
 * `stratus-red-team_<uuid>`), in `exec-env/`, in `app/`, or as the system (`os/linux#6.8-kali`).
 * Never anywhere in the text, where a bucket or a script may bear it.
 */
const attackers: ReadonlySet<string> = new Set([
  ...["pacu", "cloudfox", "enumerate-iam", "weirdaal", "s3scanner", "aws_consoler", "aws-consoler"],
  ...["stratus-red-team", "grimoire", "trufflehog", "cloudgoat", "barq", "nimbostratus"],
  ...["cloudgrappler"],
  ...["awspx", "quiet-riot", "endgame", "red-shadow", "s3inspector", "cloudlist", "gitleaks"],
]);

/**
 * Scanners that defenders use as well. They are told like the others, because an agent's role runs
 * none of them: what is meant well is declared, or suppressed with a reason.
 */
const scanners: ReadonlyMap<string, string> = new Map([
  ["prowler", "prowler"],
  ["apn_1826889", "prowler"], // its partner id, sent instead of its name
  ["scoutsuite", "scoutsuite"],
  ["scout-suite", "scoutsuite"],
  ["cloudmapper", "cloudmapper"],
  ["cloudsploit", "cloudsploit"],
  ["nessus", "nessus"],
  ["nuclei", "nuclei"],
]);

/**
 * Linux distributions made for attackers; they show in the kernel's version or in `md/distrib#`.
 */
const distributions: ReadonlyMap<string, string> = new Map([
  ["kali", "kali-linux"],
  ["parrot", "parrot-os"],
  ["pentoo", "pentoo"],
]);

/**
 * The tool a product name stands for; null for all others. A trailing `_<id>` or `-<id>` (a run's
 * UUID) is ignored.
 */
export function attackToolOf(product: string): string | null {
  const name = product.toLowerCase().replace(runId, "");
  return attackers.has(name) ? name : (scanners.get(name) ?? null);
}

const runId = /[_-][0-9a-f]{8}-[0-9a-f-]{27}$/;

/**
 * `6.8.11-kali1-amd64`, `6.5.0-13parrot1-amd64`, `kali.2024` -> the distribution; null for all
 * others.
 */
export function attackSystemOf(version: string): string | null {
  const word = textOf(systemWord.exec(version.toLowerCase())?.[1]);
  return word === null ? null : (distributions.get(word) ?? null);
}

const systemWord = /(?:^|[-.\d])(kali|parrot|pentoo)(?:[-.\d]|$)/;
