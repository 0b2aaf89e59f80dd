import fc from "fast-check";

/**
 * Documents and markers made to trip a scanner that reads bytes: as text, so that spelling counts.
 */

const knownMarkers = [
  "agent-reader-7",
  "role/ops",
  "A=b&c<d>",
  'q"t"x',
  "back\\slash",
  "abc",
  "Kiro",
  ',"A',
  "},{",
  "\\u003d",
  "u003d",
  "claude-code-session-0123456789",
];

export const markerSets = fc.oneof(
  fc.subarray(knownMarkers),
  fc.subarray(knownMarkers.filter((marker) => marker.length > 6)),
  fc.array(fc.string({ unit: "grapheme-ascii", minLength: 3, maxLength: 40 }), { maxLength: 5 }),
);

const fragments = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...knownMarkers) },
  { weight: 1, arbitrary: fc.constantFrom("agent-", "reader-7", "role", "/ops", "laude-code") },
  { weight: 2, arbitrary: fc.constantFrom('"', "{", "}", "[", "]", "]}", '{"Records":[', "_^|~") },
  { weight: 2, arbitrary: fc.nat(8).map((length) => "\\".repeat(length)) },
  { weight: 2, arbitrary: fc.nat(130).map((length) => "-".repeat(length)) },
  { weight: 1, arbitrary: fc.constantFrom("é", "中", "😀", "\ud800", "\u0000", "\n", "\u2028") },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme-ascii", maxLength: 6 }) },
);

type Spelling = "shortest" | "mixed" | "escaped";

/** A JSON string literal; `seed` decides which characters of a mixed one are escaped. */
function literal(text: string, spelling: Spelling, seed: number): string {
  let spelt = "";
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const isChosen = (seed >> (i % 20)) % 3 === 0;
    const isEscaped = spelling === "escaped" || (spelling === "mixed" && isChosen);
    spelt += isEscaped ? escape(character, seed + i) : JSON.stringify(character).slice(1, -1);
  }
  return `"${spelt}"`;
}

function escape(character: string, seed: number): string {
  if (character === "/" && seed % 2 === 0) return "\\/";
  const hex = character.charCodeAt(0).toString(16).padStart(4, "0");
  return `\\u${seed % 3 === 0 ? hex.toUpperCase() : hex}`;
}

const literals = fc
  .tuple(
    fc.array(fragments, { maxLength: 4 }),
    fc.constantFrom<Spelling>("shortest", "shortest", "mixed", "escaped"),
    fc.nat(1_048_575),
  )
  .map(([parts, spelling, seed]) => literal(parts.join(""), spelling, seed));

const blanks = fc.oneof(
  { weight: 9, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom(" ", "\n", "\t", "\r"), maxLength: 70 }),
  },
);

/** The values between brackets, blanks around each and commas between them. */
function list(of: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  const spaced = fc.tuple(blanks, of, blanks).map((parts) => parts.join(""));
  return fc.array(spaced, { maxLength }).map((parts) => parts.join(","));
}

type Texts = Record<"value" | "object" | "array" | "pair", string>;

const { object } = fc.letrec<Texts>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: "json" },
    literals,
    fc.constantFrom("true", "null", "0", "-1.5e3", "{}", "[]", '""'),
    tie("object"),
    tie("array"),
  ),
  pair: fc.tuple(literals, blanks, blanks, tie("value")).map(([k, a, b, v]) => `${k}${a}:${b}${v}`),
  object: list(tie("pair"), 4).map((pairs) => `{${pairs}}`),
  array: list(tie("value"), 3).map((values) => `[${values}]`),
}));

/** The text of regular documents. */
export const documents = fc
  .tuple(blanks, blanks, blanks, fc.oneof(list(object, 3), list(object, 12)), blanks)
  .map(([a, b, c, records, d]) => `${a}{${b}"Records"${c}:${a}[${records}]${d}}${b}`);

const strikes = fc.record({
  at: fc.nat(100_000),
  kind: fc.constantFrom("set", "remove", "insert", "repeat"),
  byte: fc.oneof(
    fc.constantFrom(...Buffer.from('"\\{}[],: u0/')),
    fc.nat(255),
  ),
  length: fc.nat(12),
});

type Strike = typeof strikes extends fc.Arbitrary<infer T> ? T : never;

function struck(document: Buffer, { at, kind, byte, length }: Strike): Buffer {
  const place = at % (document.length + 1);
  const before = document.subarray(0, place);
  const after = document.subarray(place);
  switch (kind) {
    case "set":
      return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
    case "insert":
      return Buffer.concat([before, Buffer.from([byte]), after]);
    case "remove":
      return Buffer.concat([before, after.subarray(length)]);
    case "repeat":
      return Buffer.concat([before, after.subarray(0, length), after]);
  }
}

/** Documents damaged in one to three places. */
export const mutated = fc
  .tuple(documents, fc.array(strikes, { minLength: 1, maxLength: 3 }))
  .map(([text, blows]) => blows.reduce(struck, Buffer.from(text)));
