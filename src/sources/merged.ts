/**
 * What several give, as it comes. Each is asked for one ahead, and for the next when its last one
 * was taken; those that are slow hold up none of the others.
 */
export async function* merged<T>(parts: readonly AsyncIterator<T, void>[]): AsyncGenerator<T> {
  const ready: Given<T>[] = [];
  let wake = (): void => undefined;
  const ask = (part: AsyncIterator<T, void>): void => {
    const give = (given: Given<T>) => {
      ready.push(given);
      wake();
    };
    part.next().then(
      (result) => { give({ part, result }); },
      (error: unknown) => { give({ error }); },
    );
  };
  parts.forEach(ask);
  let live = parts.length;
  while (live > 0) {
    const next = ready.shift();
    if (next === undefined) {
      await new Promise<void>((resolve) => { wake = resolve; });
    } else if ("error" in next) throw next.error;
    else if (next.result.done === true) live -= 1;
    else {
      yield next.result.value;
      ask(next.part);
    }
  }
}

type Given<T> =
  | { readonly part: AsyncIterator<T, void>; readonly result: IteratorResult<T, void> }
  | { readonly error: unknown };
