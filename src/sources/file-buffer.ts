import { open, type FileHandle } from "node:fs/promises";

/**
 * Memory that one file after another is read into: with a new buffer for each, many megabytes of
 * read files wait for the collector.
 */
export class FileBuffer {
  #buffer = Buffer.alloc(0);

  /**
   * A file's bytes, there until the next is read; null when it cannot be read: who opens it again
   * is told why.
   */
  async read(path: string): Promise<Buffer | null> {
    const file = await open(path).catch(() => null);
    if (file === null) return null;
    try {
      return await this.#whole(file);
    } catch {
      return null;
    } finally {
      await file.close();
    }
  }

  /** Of a file that grows meanwhile the beginning. */
  async #whole(file: FileHandle): Promise<Buffer> {
    const { size } = await file.stat();
    if (this.#buffer.length < size) this.#buffer = Buffer.allocUnsafeSlow(size);
    let length = 0;
    while (length < size) {
      const { bytesRead } = await file.read(this.#buffer, length, size - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return this.#buffer.subarray(0, length);
  }
}
