import { describe, expect, it } from "vitest";
import { cursorFrom, placeIn, type CursorForm } from "../../src/http/cursor.ts";

const form: CursorForm = { of: "sessions -lastAt", kinds: ["number", "string"] };
const raw = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a cursor", () => {
  it.each([[[1, "a"]], [[-7, "ünïcode \\u0000 🙂"]], [[Number.MAX_SAFE_INTEGER, ""]]])(
    "names the place it was made of: %j", (place) => {
      expect(placeIn(form, cursorFrom(form, place))).toEqual(place);
    },
  );

  it("that is not there is the beginning", () => {
    expect(placeIn(form, undefined)).toBeNull();
  });

  it.each([
    ["of another sort", cursorFrom({ ...form, of: "sessions lastAt" }, [1, "a"])],
    ["of another list", cursorFrom({ ...form, of: "credentials -lastAt" }, [1, "a"])],
    ["with too little", raw([form.of, 1])],
    ["with too much", raw([form.of, 1, "a", "b"])],
    ["with text for a number", raw([form.of, "1", "a"])],
    ["with a fraction", raw([form.of, 1.5, "a"])],
    ["with a number beyond what is exact", raw([form.of, 1e300, "a"])],
    ["with a NUL, which no column holds", raw([form.of, 1, "a\0b"])],
    ["with half a character", raw([form.of, 1, "\ud800"])],
    ["that is no list", raw({ of: form.of })],
    ["that is no JSON", "abc"],
    ["that is empty", ""],
  ])("%s is refused", (_what, cursor) => {
    expect(() => placeIn(form, cursor))
      .toThrow(/^cursor in the query is .*: no cursor of this list and sort/);
  });
});
