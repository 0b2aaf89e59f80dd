import { isoOf } from "./group.ts";
import { mergeActivity, mergeWindows } from "./merge.ts";
import { placementOf } from "./placement.ts";
import type { SessionAnchor } from "./session.ts";
import type { Activity, GroupState, Lane } from "./state.ts";

/** What of a group makes one session. */
export interface Slice {
  readonly id: string;
  readonly anchor: SessionAnchor;
  readonly lanes: readonly (readonly [string, Lane])[];
  readonly activity: Activity;
  readonly signInSessionArn: string | null;
}

export function slicesOf(group: GroupState): readonly Slice[] {
  if (group.isWindowed) return windowSlices(group);
  const { anchors, lanes } = placementOf(group);
  return [...anchors].flatMap(([id, anchor]) => {
    const own = group.lanes.entries.filter(([name]) => lanes.get(name) === id);
    const activity = total(own.flatMap(([, lane]) => lane.windows));
    if (activity === null) return [];
    const whole = anchors.size === 1 ? wholeOf(group, activity) : activity;
    const signInSessionArn = anchor === "sign-in-session" ? id.slice("sis:".length) : null;
    return [{ id, anchor, lanes: own, activity: whole, signInSessionArn }];
  });
}

function total(activities: readonly Activity[]): Activity | null {
  const [first, ...rest] = activities;
  return first === undefined ? null : rest.reduce(mergeActivity, first);
}

/**
 * Where one session is the whole group, the group's own counts are exact even when lanes were left
 * out.
 */
function wholeOf(group: GroupState, activity: Activity): Activity {
  const { firstAt, lastAt, eventCount, access, outcomes } = group;
  return { ...activity, firstAt, lastAt, eventCount, access, outcomes };
}

function windowSlices(group: GroupState): readonly Slice[] {
  const windows = mergeWindows(
    group.lanes.entries.flatMap(([, lane]) => lane.windows),
    true,
  );
  return windows.map((activity) => ({
    id: `${group.key}/${isoOf(activity.firstAt)}`,
    anchor: "idle-window",
    lanes: group.lanes.entries.filter(([, lane]) => isActiveIn(lane, activity)),
    activity,
    signInSessionArn: null,
  }));
}

function isActiveIn(lane: Lane, { firstAt, lastAt }: Activity): boolean {
  return lane.windows.some((window) => window.firstAt <= lastAt && window.lastAt >= firstAt);
}
