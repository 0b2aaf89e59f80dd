/** A rule's name is its file's name and what people type: lower-case words joined by hyphens. */
export function isRuleName(name: string): boolean {
  return name.length <= 63 && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name);
}

export interface ScaffoldOptions {
  /** The rule's id for life: a fresh version-4 UUID, from whoever may be random. */
  readonly uuid: string;
  /** `2026-03-01` */
  readonly date: string;
}

/**
 * A rule that loads and cases that pass, to be edited: `<name>.yml` and `<name>.cases.json`.
 *
 * @param name one that {@link isRuleName} accepts
 */
export function scaffoldRule(
  name: string,
  { uuid, date }: ScaffoldOptions,
): { yml: string; cases: string } {
  if (!isRuleName(name)) throw new Error(`scaffoldRule was given a name that is none: ${name}.`);
  const words = name.replaceAll("-", " ");
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return { yml: ruleText({ name, title, uuid, date }), cases: casesText };
}

interface RuleWords {
  readonly name: string;
  readonly title: string;
  readonly uuid: string;
  readonly date: string;
}

function ruleText({ name, title, uuid, date }: RuleWords): string {
  return `# What the keys mean:
# https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html
title: ${title}
id: ${uuid}
name: ${name} # the file's name, and what people call the rule
status: experimental # then test, then stable
description: >-
  Which behaviour this finds, and why it matters.
date: ${date}
logsource:
  product: aws
  service: cloudtrail
detection:
  # Fields are CloudTrail's own (eventName, requestParameters.roleArn)
  # or facts (role.mode, event.access).
  call:
    eventSource: iam.amazonaws.com
    eventName: CreateUser
  refused:
    errorCode|exists: true
  condition: call and not refused
level: medium # informational, low, medium, high or critical
tags:
  # A tactic and a technique: correlations count tactics.
  - attack.persistence
  - attack.t1136.003
falsepositives:
  - When this is harmless.
trailwarden:
  entity: session # what a finding is about: one finding per rule and entity, which grows
  because: "{userIdentity.arn} called {eventName} at {eventSource}."
  # level_when: { event.result: { denied: low } }
  blind_spots:
    - What this cannot see.
`;
}

const casesText = `${JSON.stringify(
  {
    fires: [
      {
        name: "a role session creates a user",
        records: [
          {
            base: "assumed-role",
            set: { eventSource: "iam.amazonaws.com", eventName: "CreateUser", readOnly: false },
          },
        ],
        expect: {
          level: "medium",
          entity: "session",
          because: { contains: "called CreateUser at iam.amazonaws.com." },
        },
      },
    ],
    quiet: [{ name: "it lists instances", records: [{ base: "assumed-role" }] }],
  },
  null,
  2,
)}\n`;
