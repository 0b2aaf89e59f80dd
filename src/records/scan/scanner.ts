import { Buffer } from "node:buffer";
import type { Learnt } from "./learning.ts";
import { scannerWasm } from "./scanner-wasm.ts";

/** The scanner's module (./assembly), made once and used by one document at a time. */
export interface Scanner {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  /** Forgets all markers; grams of so many bytes, at the stride's multiples, 2^bits places. */
  readonly forget: (gramBytes: number, strideBytes: number, bits: number) => void;
  /** Counts the grams of the piece in memory: {@link enter} takes each marker's rarest. */
  readonly count: (length: number) => void;
  /** Enters the marker at TEXT + offset; `isSlight`: not for services. 0 when there is no room. */
  readonly enter: (offset: number, length: number, isSlight: number) => number;
  /** The same for one of SHORTS_MAX short markers, 3 to 7 bytes, which count always. */
  readonly enterShort: (offset: number, length: number) => number;
  readonly begin: (offset: number) => void;
  /** Scans the piece at INPUT, whose first byte is the document's byte `offset`. */
  readonly scan: (length: number, offset: number) => number;

  /** Begins a deflate stream that lies in memory at [from, to), PADDING behind it. */
  readonly startInflate: (from: number, to: number) => void;
  /** Fills the buffer from INPUT on with at least so many bytes, if there are. */
  readonly inflate: (length: number) => number;
  readonly inflatedLength: () => number;
  /** Moves the buffer by so many bytes; HISTORY of those before INPUT are kept. */
  readonly advance: (length: number) => void;

  /** How often the counted piece has the grams entered since {@link forget}. */
  readonly expectedHits: Cell;
  readonly foundCount: Cell;
  readonly recordCount: Cell;
  readonly closedAt: Cell;
  readonly MORE: Cell;
  readonly CLOSED: Cell;
  readonly GOES_ON: Cell;
  readonly ENDED: Cell;
  readonly INPUT: Cell;
  readonly PIECE: Cell;
  readonly MARGIN: Cell;
  readonly OVERRUN: Cell;
  readonly HISTORY: Cell;
  readonly PADDING: Cell;
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

/** The one scanner of this thread, and what it knows; null where there can be none. */
export function sharedScanner(): Shared | null {
  if (shared === undefined) {
    const scanner = makeScanner();
    shared = scanner === null ? null : { scanner, learnt: null };
  }
  return shared;
}

export interface Shared {
  readonly scanner: Scanner;
  learnt: Learnt | null;
}

let shared: Shared | null | undefined;

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
