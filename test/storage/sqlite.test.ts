import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { storeContract } from "./contract.ts";
import { newFiles } from "./files.ts";

const newFile = newFiles();
storeContract("a SQLite file", () => openSqliteStore({ path: newFile() }));
storeContract("SQLite in memory", () => openSqliteStore({ path: ":memory:" }));
