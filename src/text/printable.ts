/**
 * Untrusted text made safe to show on one line: control characters, line breaks, and the invisible marks that
 * reorder or hide text become `·`. https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export function printable(text: string): string {
  return text.replace(hidden, "·");
}

/** C0, DEL, C1, zero-width, bidirectional controls, line separators, byte-order mark, lone surrogates, tags. */
const hidden =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;
