import { nextDay, rangesIn, withDay, type Day, type DayRange } from "./archive-days.ts";

interface DayCount {
  unsettled: number;
  /** Everything of it is committed, or can never be. */
  isWhole: boolean;
}

/**
 * Which days of a place are read: those that are listed to their end, and of which every file is
 * settled.
 */
export class PlaceProgress {
  readonly #days = new Map<Day, DayCount>();
  readonly #onDay: (day: Day) => boolean;
  #ranges: readonly DayRange[];
  /** Listed to their end are those before it; null between runs of days. */
  #listing: Day | null = null;
  #isChanged = false;
  #idle: () => void = () => undefined;

  /** @param onDay told of each day that is over; whether it is to be kept as read */
  constructor(data: string | null, onDay: (day: Day) => boolean) {
    this.#ranges = rangesIn(data);
    this.#onDay = onDay;
  }

  /** A run of days begins to be listed. */
  begin([first]: DayRange): void {
    this.#listing = first;
  }

  /** A file of that day was met: the days before it are listed. */
  met(day: Day): void {
    this.#listedBefore(day);
    const count = this.#days.get(day) ?? { unsettled: 0, isWhole: true };
    count.unsettled += 1;
    this.#days.set(day, count);
  }

  /** @param isWhole false when it was not read, and may be another time */
  settled(day: Day, isWhole: boolean): void {
    const count = this.#days.get(day);
    if (count === undefined) return;
    count.unsettled -= 1;
    count.isWhole &&= isWhole;
    if (count.unsettled > 0) return;
    if (this.#listing === null || day < this.#listing) this.#over(day, count.isWhole);
    if (this.isIdle) this.#idle();
  }

  /** The run of days is listed to its end. */
  end([, last]: DayRange): void {
    this.#listedBefore(nextDay(last));
    this.#listing = null;
  }

  get isIdle(): boolean {
    return [...this.#days.values()].every(({ unsettled }) => unsettled === 0);
  }

  /** When all that was met is settled. */
  async whenIdle(): Promise<void> {
    if (this.isIdle) return;
    await new Promise<void>((resolve) => { this.#idle = resolve; });
  }

  /** What to keep, when it has changed since this was last asked; else null. */
  takeData(): string | null {
    if (!this.#isChanged) return null;
    this.#isChanged = false;
    return JSON.stringify(this.#ranges);
  }

  #listedBefore(day: Day): void {
    if (this.#listing === null) return;
    for (let one = this.#listing; one < day; one = nextDay(one)) {
      const count = this.#days.get(one);
      if (count === undefined || count.unsettled === 0) this.#over(one, count?.isWhole ?? true);
    }
    if (day > this.#listing) this.#listing = day;
  }

  #over(day: Day, isWhole: boolean): void {
    this.#days.delete(day);
    const isKept = this.#onDay(day);
    if (!isKept || !isWhole) return;
    this.#ranges = withDay(this.#ranges, day);
    this.#isChanged = true;
  }
}
