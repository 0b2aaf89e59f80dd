/** The class of a level as AWS writes it: `Permissions management, Write` is `permissions`. */
export function accessOf(level: string): string;

/** The text of src/events/iam-actions-by-level.ts. */
export function accessLevelsSource(): Promise<string>;
