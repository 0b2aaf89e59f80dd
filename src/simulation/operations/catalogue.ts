import { compute } from "./compute.ts";
import { data } from "./data.ts";
import { oversight } from "./oversight.ts";

/** Every operation the ordinary traffic uses, by IAM action (or API name where S3's differ). */
export const operations = { ...compute, ...data, ...oversight };
export type OperationName = keyof typeof operations;
