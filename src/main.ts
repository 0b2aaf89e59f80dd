#!/usr/bin/env node
import { existsSync } from "node:fs";
import { keepHeapSmall } from "./heap.ts";

/** Verbs that agents wait for, in a bundle of their own. */
const quickVerbs: readonly (string | undefined)[] = ["run", "credentials"];
const isQuick = quickVerbs.includes(process.argv[2]);
const name = isQuick ? "quick-verbs" : "every-verb";
/** Made by `npm run build`: one file takes a third of the time to load that all of them take. */
const bundle = new URL(`./${name}.bundle.js`, import.meta.url);

// What is loaded would have it grow.
if (!isQuick) keepHeapSmall();
if (existsSync(bundle)) await import(bundle.href);
else if (isQuick) await import("./quick-verbs.ts");
else await import("./every-verb.ts");
