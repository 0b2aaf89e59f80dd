import type { AwsConfig, SourceConfig } from "../config/schema.ts";
import type { EventStore } from "../sessions/store.ts";
import { DirectorySource } from "./directory.ts";
import { LookupEvents } from "./lookup-events.ts";
import type { Source, SourceWatcher } from "./source.ts";
import { createSqsSource } from "./sqs.ts";

export interface SourceSurroundings {
  readonly aws: AwsConfig;
  readonly watcher: SourceWatcher;
  readonly store: Pick<EventStore, "cursor">;
}

/** A source as the config describes it. It does nothing until it is asked for what it has. */
export function createSource(config: SourceConfig, surroundings: SourceSurroundings): Source {
  const { watcher } = surroundings;
  switch (config.kind) {
    case "sqs":
      return createSqsSource(config, surroundings);
    case "lookup-events":
      return new LookupEvents(config, surroundings);
    case "directory":
      return new DirectorySource(config, watcher);
  }
}
