import { Buffer } from "node:buffer";
import { scannerWasm } from "./scanner-wasm.ts";

/** The scanner's module (./assembly), made once and used by one document at a time. */
export interface Scanner {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Forgets all markers; grams of so many bytes, at the stride's multiples, 2^bits places. */
  readonly forget: (gramBytes: number, strideBytes: number, bits: number) => void;
  /** Counts the grams of the piece in memory: {@link enter} takes each marker's rarest. */
  readonly count: (length: number) => void;
  /** Enters the marker at TEXT + offset; 0 when there is no room. */
  readonly enter: (offset: number, length: number) => number;
  /** The same for one of SHORTS_MAX short markers, 3 to 7 bytes. */
  readonly enterShort: (offset: number, length: number) => number;
  readonly begin: (offset: number) => void;
  /** Scans the piece at INPUT, whose first byte is the document's byte `offset`. */
  readonly scan: (length: number, offset: number) => number;

  /** How often the counted piece has the grams entered since {@link forget}. */
  readonly expectedHits: Cell;
  readonly foundCount: Cell;
  readonly recordCount: Cell;
  readonly closedAt: Cell;
  readonly MORE: Cell;
  readonly CLOSED: Cell;
  readonly INPUT: Cell;
  readonly PIECE: Cell;
  readonly MARGIN: Cell;
  readonly TEXT: Cell;
  readonly TEXT_MAX: Cell;
  readonly SHORTS_MAX: Cell;
  readonly FOUND: Cell;
  readonly END: Cell;
}

interface Cell {
  readonly value: number;
}

/** What we use of the global, whose types come with the DOM's and not with `es2023`. */
interface WebAssemblyGlobal {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** Null where WebAssembly or its 128-bit vectors are missing or forbidden. */
export function makeScanner(host: unknown = globalThis): Scanner | null {
  const { WebAssembly } = host as { readonly WebAssembly?: WebAssemblyGlobal };
  if (WebAssembly === undefined) return null;
  try {
    const module = new WebAssembly.Module(Buffer.from(scannerWasm, "base64"));
    return new WebAssembly.Instance(module).exports as Scanner;
  } catch {
    // A CompileError (no vectors) or a policy against code generation: the caller has a plain path.
    return null;
  }
}
