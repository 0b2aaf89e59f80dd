import type { Finding } from "../findings/finding.ts";
import type { Digest } from "./digest.ts";
import type { Telling } from "./notice.ts";
import {
  digestLine, digestRest, digestTitle, happened, headline, line, lookAt, particulars,
} from "./wording.ts";

/** What `chat.postMessage` and `chat.update` take beside where it goes. */
export interface SlackMessage {
  /** What a notification on a phone shows. */
  readonly text: string;
  readonly blocks: readonly object[];
}

/**
 * Slack's limits, in characters.
 * https://docs.slack.dev/reference/block-kit/blocks/header-block
 * https://docs.slack.dev/reference/block-kit/blocks/section-block
 */
const maxima = { header: 150, section: 3000, field: 2000, text: 3000 };

/** A finding as it is by now: the first message of its thread. */
export function findingMessage(finding: Finding): SlackMessage {
  const { id, rule, level, title, status, verdict, because } = finding;
  const mark = status === "open" ? level.toUpperCase() : (verdict ?? status);
  const fields = particulars(finding)
    .map(([name, value]) => plain(`${name}: ${value}`, maxima.field));
  return {
    text: harmless(headline(finding, maxima.text)),
    blocks: [
      { type: "header", text: plain(`[${mark}] ${title}`, maxima.header) },
      { type: "section", text: plain(because, maxima.section), fields },
      { type: "context", elements: [plain(`${rule} · ${status} · ${lookAt(id)}`, maxima.section)] },
    ],
  };
}

/** What a thread says of a change. */
export function threadMessage(what: Telling, finding: Finding): SlackMessage {
  const said = happened(what, finding);
  return {
    text: harmless(line(said, maxima.text)),
    blocks: [{ type: "section", text: plain(said, maxima.section) }],
  };
}

export function digestMessage(digest: Digest): SlackMessage {
  const title = digestTitle(digest);
  const rest = digestRest(digest);
  const lines = [...digest.lines.map(digestLine), ...(rest === null ? [] : [rest])];
  return {
    text: harmless(title),
    blocks: [
      { type: "header", text: plain(title, maxima.header) },
      // The lines are one line each, and short enough: together they fit.
      { type: "section", text: { ...plain("", 1), text: harmless(lines.join("\n")) } },
      { type: "context", elements: [plain(lookAt(null), maxima.section)] },
    ],
  };
}

/** Text that Slack looks for no mentions, links, emoji or formatting in. It takes no empty one. */
function plain(text: string, lengthMax: number) {
  return { type: "plain_text", emoji: false, text: harmless(line(text, lengthMax)) || "-" };
}

/**
 * `<!channel>` and `<@U1>` in text wake people up, `<http…|bank>` shows another link than it is.
 * With angle quotes there is nothing to parse, wherever the text is shown, and no length changes.
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
function harmless(text: string): string {
  return text.replaceAll("<", "‹").replaceAll(">", "›").replaceAll("&", "＆");
}
