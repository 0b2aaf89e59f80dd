import { unreadOf } from "../audit/asked-parts.ts";
import { inventoryOf } from "../audit/inventory.ts";
import { toldByStore } from "./audit-options.ts";
import { snapshotFor } from "./audit-snapshot.ts";
import { exitCodes } from "./exit-codes.ts";
import type { InventoryOptions } from "./inventory.ts";
import { unreadLines } from "./output/audit-wording.ts";
import { write } from "./output/print-events.ts";
import { inventoryTexts } from "./output/print-inventory.ts";
import { plural } from "./output/table.ts";

/** The exit code. */
export async function runInventory(options: InventoryOptions): Promise<number> {
  const told = await toldByStore(options);
  const audited = await snapshotFor(options, told);
  if (typeof audited === "number") return audited;
  const { accounts, at } = audited;
  const inventory = inventoryOf({ ...told, accounts });
  const accountIds = accounts.map(({ id }) => id);
  for (const text of inventoryTexts({ ...inventory, at, accountIds }, options.format)) {
    await write(text);
  }
  const unread = unreadOf(accounts);
  for (const line of unreadLines(unread)) process.stderr.write(`${line}\n`);
  const { identities, becoming } = inventory;
  process.stderr.write(`Agents' identities: ${identities.length.toLocaleString("en")}; ` +
    `${plural(becoming.length, "way")} to become another.\n`);
  return unread.length > 0 ? exitCodes.unreadable : exitCodes.ok;
}
