/**
 * What files that are no JSON visibly are, by their first bytes: the sentence for a person, who
 * would otherwise be told that some byte begins no value.
 */
const formats: readonly (readonly [first: readonly number[], detail: string])[] = [
  [[0xff, 0xfe], utf16()],
  [[0xfe, 0xff], utf16()],
  [[0x7b, 0x00], utf16()],
  [[0x00, 0x7b], utf16()],
  [[0x1f, 0x8b], "The file was compressed twice. Inflate it once: gzip -dc file > file.json.gz"],
  [[0x28, 0xb5, 0x2f, 0xfd], "The file is compressed with zstd. Inflate it: zstd -d file"],
  [[0x42, 0x5a, 0x68], "The file is compressed with bzip2. Inflate it: bunzip2 file"],
  [[0x50, 0x4b, 0x03, 0x04], "The file is a ZIP archive. Unpack it: unzip file"],
  [[0x50, 0x41, 0x52, 0x31], "The file is Parquet. Export CloudTrail's records as JSON."],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], "The file is a SQLite database, no CloudTrail log."],
];

function utf16(): string {
  return "The file is UTF-16; JSON is UTF-8. Convert it: iconv -f utf-16 -t utf-8 file";
}

/** Which other format an inflated file is in; null when it may be JSON. */
export function foreignFormat(beginning: Buffer): string | null {
  const format = formats.find(([first]) => first.every((byte, i) => beginning[i] === byte));
  return format?.[1] ?? null;
}
