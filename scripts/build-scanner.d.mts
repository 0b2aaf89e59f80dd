/** The scanner's WebAssembly module, compiled from src/records/scan/assembly. */
export function compileScanner(): Promise<Uint8Array>;

/** The text of src/records/scan/scanner-wasm.ts. */
export function scannerSource(binary: Uint8Array): string;
