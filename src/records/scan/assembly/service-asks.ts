import { INPUT, MARGIN } from "./layout";
import { any, equal } from "./vectors";

/**
 * Whether a record, of which only markers were seen that do not count in a service's call, is
 * such a call: laid out as CloudTrail does it, with parameters. By those alone it would be chosen
 * (see `../../outside-asks.ts`), and a marker that counts there would have been seen.
 *
 * False whenever anything is unusual: then the parsed record decides. That is so when a field may
 * stand twice, since the later would hold, or a name is spelt with escapes.
 */
export function isCallOfService(from: usize, to: usize): bool {
  if (from < INPUT - MARGIN || from + PREFIX_BYTES >= to) return false;
  const fields = pastIdentity(from);
  if (fields == 0) return false;
  const parameters = parametersAfter(fields, to);
  return parameters != 0 && isToldOnce(fields, to, parameters);
}

// {"eventVersion":"1.08","userIdentity":{"type":"AWSService","invokedBy":"
const PREFIX_BYTES: usize = 72;

/** Behind `…},`; 0 when the text begins otherwise. */
// @ts-ignore: decorator
@inline
function pastIdentity(from: usize): usize {
  if (load<u64>(from) != 0x56746e657665227b) return 0; // {"eventV
  if (load<u64>(from, 8) != 0x3a226e6f69737265) return 0; // ersion":
  if ((load<u32>(from, 16) & 0xffffff) != 0x2e3122) return 0; // "1.
  if (!isDigit(load<u8>(from, 19)) || !isDigit(load<u8>(from, 20))) return 0;
  if (load<u64>(from, 21) != 0x4972657375222c22) return 0; // ","userI
  if (load<u64>(from, 29) != 0x22797469746e6564) return 0; // dentity"
  if (load<u64>(from, 37) != 0x2265707974227b3a) return 0; // :{"type"
  if (load<u64>(from, 45) != 0x726553535741223a) return 0; // :"AWSSer
  if (load<u64>(from, 53) != 0x69222c2265636976) return 0; // vice","i
  if (load<u64>(from, 61) != 0x794264656b6f766e) return 0; // nvokedBy
  if ((load<u32>(from, 69) & 0xffffff) != 0x223a22) return 0; // ":"
  let at = from + PREFIX_BYTES;
  while (isOfName(load<u8>(at))) at++;
  return (load<u32>(at) & 0xffffff) == 0x2c7d22 ? at + 3 : 0; // "},
}

// @ts-ignore: decorator
@inline
function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

/** What a service's host name is made of. */
// @ts-ignore: decorator
@inline
function isOfName(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26 || isDigit(byte) || byte == 0x2e || byte == 0x2d;
}

/**
 * Where the name of the parameters ends, an object: the first bracket behind fields of plain
 * text. A string that held this name and a bracket would have a backslash before them.
 */
// @ts-ignore: decorator
@inline
function parametersAfter(fields: usize, to: usize): usize {
  for (let at = fields; at < to; at += 64) {
    const found = equal(at, 0x7b) | equal(at, 0x5b) | equal(at, 0x5c);
    if (found == 0) continue;
    const place = at + <usize>ctz(found);
    const isNamed =
      load<u64>(place - 20) == 0x7473657571657222 && // "request
      load<u64>(place - 12) == 0x6574656d61726150 && // Paramete
      load<u32>(place - 4) == 0x3a227372; // rs":
    return isNamed && load<u8>(place) == 0x7b ? place - 2 : 0;
  }
  return 0;
}

/** No other name ends like these two, and only what CloudTrail escapes though JSON need not is. */
// @ts-ignore: decorator
@inline
function isToldOnce(from: usize, to: usize, parameters: usize): bool {
  for (let at = from; at < to; at += 64) {
    const left = to - at;
    const inside = left < 64 ? ((<u64>1) << left) - 1 : u64.MAX_VALUE;
    let quotes = equal(at, 0x22) & inside;
    while (quotes != 0) {
      const quote = at + <usize>ctz(quotes);
      quotes &= quotes - 1;
      const ending = load<u64>(quote - 8);
      if (ending == 0x797469746e656449) return false; // Identity
      if (ending == 0x73726574656d6172 && quote != parameters) return false; // rameters
    }
    if (!any(at, 0x5c)) continue;
    let backslashes = equal(at, 0x5c) & inside;
    while (backslashes != 0) {
      if (!isUsual(at + <usize>ctz(backslashes) + 1)) return false;
      backslashes &= backslashes - 1;
    }
  }
  return true;
}

/** `=`, `&`, `<` and `>`, as CloudTrail spells them. */
function isUsual(at: usize): bool {
  const start = load<u32>(at);
  const letter = load<u8>(at, 4);
  if (start == 0x33303075) return letter == 0x63 || letter == 0x64 || letter == 0x65; // u003
  return start == 0x32303075 && letter == 0x36; // u002
}
