/**
 * Whether a parsed value nests more objects and arrays into each other than that; `{}` is one deep.
 */
export function isDeeper(value: unknown, depthMax: number): boolean {
  return isNesting(value) && isNestedDeeper(value, depthMax);
}

// Runs for every record: `for…in` allocates nothing, and a parsed object has no enumerable keys but
// its own.
function isNestedDeeper(value: Readonly<Record<string, unknown>>, depthMax: number): boolean {
  if (depthMax === 0) return true;
  for (const key in value) {
    const inner = value[key];
    if (isNesting(inner) && isNestedDeeper(inner, depthMax - 1)) return true;
  }
  return false;
}

function isNesting(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
