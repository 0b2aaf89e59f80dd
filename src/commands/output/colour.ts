import pc from "picocolors";

/**
 * Colour where a person looks: on a terminal, unless `NO_COLOR` is set (https://no-color.org).
 * Never in a pipe or a file, also not in CI, where picocolors itself would: what is written there
 * is searched and compared.
 */
export const onStdout = pc.createColors(isWanted(process.stdout));
export const onStderr = pc.createColors(isWanted(process.stderr));

export type Colours = typeof onStdout;

function isWanted({ isTTY }: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR: off = "", FORCE_COLOR: on = "", TERM: terminal } = process.env;
  if (off !== "") return false;
  return on !== "" || (isTTY === true && terminal !== "dumb");
}
