// The baseline in a process of its own, with Node's own heap and not the program's: reads paths as
// JSON from standard input, prints the records met and the seconds as JSON.
import { readFileSync } from "node:fs";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { timed } from "./timed.mjs";

const paths = JSON.parse(readFileSync(process.stdin.fd));
process.stdout.write(JSON.stringify(await timed(() => baseline(paths))));

/** What anybody would write in three lines, and the least that reading JSON as such costs. */
function baseline(paths) {
  return paths.reduce((count, path) => {
    const text = gunzipSync(readFileSync(path)).toString();
    return count + JSON.parse(text).Records.length;
  }, 0);
}
