// As src/main.ts does, before anything else is loaded: to be imported first.
import { keepHeapSmall } from "../dist/heap.js";

keepHeapSmall();
