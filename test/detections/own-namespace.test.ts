import { describe, expect, test } from "vitest";
import { loadRules } from "../../src/detections/load-rules.ts";
import { factCatalogue } from "../../src/facts/catalogue.ts";
import { messages, wholeRule } from "./rule-builder.ts";

describe("our own namespace", () => {
  test.each([
    ["entitty: session", "error 11:3 There is no entitty under trailwarden. Did you mean entity?"],
    [
      "entity: sesion",
      "error 11:11 entity must be one of session, credential, role, agent, account, principal, " +
        "event, task, source; the value is sesion. Did you mean session?",
    ],
    [
      "entity: correlation",
      "error 11:11 entity must be one of session, credential, role, agent, account, principal, " +
        "event, task, source; the value is correlation.",
    ],
    ['because: "By {role.mod}."', 'error 11:16 There is no fact role.mod. Did you mean role.mode?'],
    [
      'because: "By {rolle}."',
      "warning 11:16 CloudTrail never sends rolle in a record. The sentence will always say " +
        "unknown.",
    ],
    [
      'because: "By {role.mode."',
      "error 11:16 A '{' is not closed. Write '{{' for the character itself.",
    ],
    ["because: [a]", "error 11:12 because must be text."],
    [
      "level_when: high",
      "error 11:15 level_when must be a map such as event.result: { denied: medium }.",
    ],
    [
      "level_when: { event.acess: { write: high } }",
      "error 11:17 There is no fact event.acess. Did you mean event.access?",
    ],
    [
      "level_when: { event.access: { write: hgh } }",
      "error 11:40 The level must be one of informational, low, medium, high, critical; the " +
        "value is hgh. Did you mean high?",
    ],
    [
      "level_when: { event.access: high }",
      "error 11:31 Expected a map of values and their levels, such as { denied: medium }.",
    ],
    [
      "level_when: { event.is_sensitive_read: { yes: high } }",
      "error 11:44 event.is_sensitive_read is true or false; the value is yes.",
    ],
    [
      "blind_spots: { a: b }",
      "error 11:16 blind_spots must be a list of texts. Put a text with a colon in quotes.",
    ],
  ])("%s", (line, expected) => {
    expect(messages(`${wholeRule}trailwarden:\n  ${line}\n`)).toEqual([expected]);
  });

  test.each(["role", "agent", "credential"])("entity: %s, of a rule over baselines", (entity) => {
    const rule = wholeRule.replace("eventName: x", "baseline.session.unusual: true");
    const errors = (about: string) => loadRules(
      [{ name: "r.yml", text: `${rule}trailwarden:\n  entity: ${about}\n` }],
      { facts: factCatalogue },
    ).problems.map(({ line, message }) => `${line} ${message}`);
    expect(errors(entity)).toEqual([
      "11 A rule that asks for baseline.session.unusual is about a session or an event, not " +
        `about the ${entity}: write entity: session.`,
    ]);
    expect(errors("session")).toEqual([]);
  });

  test("must be a map", () => {
    expect(messages(`${wholeRule}trailwarden: yes\n`)).toEqual([
      "error 10:14 trailwarden must be a map of entity, because, level_when, blind_spots.",
    ]);
  });
});
