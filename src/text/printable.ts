/**
 * Untrusted text made safe to show on one line: control characters, line breaks, and the invisible
 * marks that reorder or hide text become `·`.
 * https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export function printable(text: string): string {
  return text.replace(hidden, "·");
}

/** Controls, formats (zero-width, bidirectional, tags), line separators, half characters. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
