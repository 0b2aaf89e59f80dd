import type { Inventory } from "../../audit/inventory.ts";
import { dayText } from "../../audit/verdict.ts";
import { html, type Html } from "./html-text.ts";
import { shortName } from "./print-graph.ts";
import { usesText } from "./print-inventory.ts";

/** More nobody reads; the whole is in inventory.json. */
const shownMax = 200;

export function inventoryHtml({ identities }: Inventory): Html {
  if (identities.length === 0) return html`<p class="hint">Nobody is known.</p>`;
  const more = identities.length - shownMax;
  return html`<p class="hint">Used: actions that were called, of those it may do. Accounts: its own,
and those it reaches through chains of roles.</p>
<table><tr><th>Identity</th><th>Agent</th><th>Owner</th><th>Mode</th><th>Found by</th>
<th>Last session</th><th class="number">Used</th><th>Accounts</th></tr>${
  identities.slice(0, shownMax).map((identity) => {
    const { kind, subject, agents, owner, mode, found, lastSessionAt, reach } = identity;
    return html`<tr><td>${kind} <code>${shortName(subject)}</code></td>
<td>${agents.join(", ")}</td><td>${owner}</td><td>${mode}</td>
<td>${[...new Set(found.map(({ by }) => by))].join(", ")}</td>
<td>${lastSessionAt === null ? "never seen" : dayText(lastSessionAt)}</td>
<td class="number">${usesText(identity)}</td><td>${reach.accounts.join(", ")}</td></tr>`;
  })}</table>${more > 0 ? html`<p class="hint">${more} more are in inventory.json.</p>` : html``}`;
}
