import { expect, test } from "vitest";
import { explainMatch } from "../../src/detections/explain-match.ts";
import { loadRules } from "../../src/detections/load-rules.ts";
import { facts, loaded, ruleText, subject } from "./rule-builder.ts";

test("an explanation shows for every line what it wanted and what it saw", () => {
  const detection = loaded(
    ruleText(`  selection:
    eventName|startswith: [Put, Delete]
    role.mode: readonly
    requestParameters.count|gt: 5
    resources.ARN: '*'
  filter:
    errorCode: null
    sourceIPAddress|cidr: 10.0.0.0/8
  condition: selection and not filter
`),
  );
  const seen = subject(
    {
      eventName: "PutObject",
      errorCode: "AccessDenied",
      requestParameters: { count: 7 },
      resources: [{ ARN: "a" }, { ARN: "b" }],
    },
    { "role.mode": "readonly" },
  );
  expect(explainMatch(detection, seen)).toEqual({
    detection: "11111111-2222-4333-8444-555555555555",
    matched: true,
    selections: [
      {
        name: "selection",
        filter: null,
        matched: true,
        items: [
          {
            field: "eventName|startswith",
            matched: true,
            expected: '"Put*", "Delete*"',
            seen: '"PutObject"',
          },
          { field: "role.mode", matched: true, expected: '"readonly"', seen: '"readonly"' },
          { field: "requestParameters.count|gt", matched: true, expected: "> 5", seen: "7" },
          { field: "resources.ARN", matched: true, expected: '"*"', seen: '"a", "b"' },
        ],
      },
      {
        name: "filter",
        filter: null,
        matched: false,
        items: [
          { field: "errorCode", matched: false, expected: "null", seen: '"AccessDenied"' },
          { field: "sourceIPAddress|cidr", matched: false, expected: "10.0.0.0/8", seen: "absent" },
        ],
      },
    ],
  });
});

test("an explanation names the filter that kept a rule quiet", () => {
  const rule = ruleText("  keywords: [secret]\n  condition: keywords\n");
  const filter = `title: Known
logsource: { product: aws }
filter: {
  rules: [11111111-2222-4333-8444-555555555555],
  robots: { eventName: GetSecretValue },
  condition: not robots,
}
`;
  const { detections } = loadRules([{ name: "r.yml", text: `${rule}---\n${filter}` }], { facts });
  const traces = detections.map(
    (one) => explainMatch(one, subject({ eventName: "GetSecretValue" })),
  );
  expect(traces.map(({ matched, selections }) => [matched, selections])).toEqual([
    [
      false,
      [
        {
          name: "keywords",
          filter: null,
          matched: true,
          items: [{ field: "", matched: true, expected: '"*secret*"', seen: "the whole record" }],
        },
        {
          name: "robots",
          filter: "Known",
          matched: true,
          items: [
            {
              field: "eventName",
              matched: true,
              expected: '"GetSecretValue"',
              seen: '"GetSecretValue"',
            },
          ],
        },
      ],
    ],
  ]);
});

test("an explanation stays short, whatever the record holds", () => {
  const values = Array.from({ length: 50 }, (_, i) => `value${i}`).join(", ");
  const detection = loaded(ruleText(`  s: { userAgent: [${values}] }\n  condition: s\n`));
  const [trace] = explainMatch(
    detection,
    subject({ userAgent: Array(20).fill("x".repeat(1000)) }),
  ).selections;
  const [item] = trace?.items ?? [];
  expect(item?.expected).toMatch(/"value9" and 40 more$/);
  expect(item?.seen.length).toBeLessThan(1100);
  expect(item?.seen).toMatch(/, …$/);
});
