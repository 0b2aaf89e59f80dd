import { z } from "zod";
import { readInstant } from "../events/instant.ts";
import { denialKinds, leastOf, type Denial } from "./denial.ts";
import { conditionKeys, statementsIn, type Carrier } from "./document.ts";

const Texts = z.array(z.string());
/** As `document.ts` writes it, and nothing else: what somebody has narrowed denies less. */
const Statement = z.strictObject({
  Sid: z.string(),
  Effect: z.literal("Deny"),
  Action: z.literal("*"),
  Resource: z.literal("*"),
  Condition: z.strictObject({
    StringEquals: z.record(z.string(), Texts).optional(),
    StringLike: z.strictObject({ "aws:userid": Texts }).optional(),
    DateLessThan: z.strictObject({ "aws:TokenIssueTime": z.string() }).optional(),
  }),
});

/**
 * The denials that a stored document makes.
 *
 * @param roleId of the role that an inline policy is in
 */
export function denialsIn(
  document: string,
  carrier: Carrier,
  roleId: string | null,
): readonly Denial[] {
  return leastOf((statementsIn(document) ?? []).flatMap((statement) => {
    const { data } = Statement.safeParse(statement);
    return data === undefined ? [] : denialsOf(data.Condition, carrier, roleId);
  }));
}

function denialsOf(
  { StringEquals, StringLike, DateLessThan }: z.infer<typeof Statement>["Condition"],
  carrier: Carrier,
  roleId: string | null,
): readonly Denial[] {
  const [[key, values] = [null, [""]], ...more] = Object.entries(StringEquals ?? {});
  const kind = denialKinds.find((one) => conditionKeys[one] === key);
  const before = DateLessThan?.["aws:TokenIssueTime"];
  const issuedBefore = before === undefined ? null : readInstant(before);
  if (kind === undefined || more.length > 0 || (before !== undefined && issuedBefore === null)) {
    return [];
  }
  const bound = StringLike?.["aws:userid"].map((pattern) => pattern.replace(/:\*$/, ""));
  const inline = carrier === "inline" && roleId !== null ? [roleId] : [];
  return values.flatMap((value) =>
    (kind === "user-id" ? [value.slice(0, value.indexOf(":"))] : bound ?? inline)
      .map((id) => ({ roleId: id, kind, value, issuedBefore })));
}

/** Whether all of these are made by the document, itself or by wider ones. */
export function holds(document: readonly Denial[], denials: readonly Denial[]): boolean {
  const least = leastOf(document);
  return JSON.stringify(leastOf([...least, ...denials])) === JSON.stringify(least);
}
