// As src/main.ts does, before anything else is loaded: what is imported with it is loaded before it
// runs, and is to be imported by `await import` after it.
import { keepHeapSmall } from "../dist/heap.js";

keepHeapSmall();
