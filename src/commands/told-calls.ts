import type { SimulatedTask, ToldNews } from "../simulation/told.ts";
import {
  credentialCall, endCall, heartbeatCall, isoAt, startCall, type TaskCall,
} from "../tasks/call.ts";

/** What the service would be told of a simulated task, in order. */
export function callsOf({ start, news }: SimulatedTask): readonly TaskCall[] {
  const { id, startedAt, ...rest } = start;
  return [
    startCall({ ...rest, startedAt: isoAt(startedAt) }),
    ...news.map((each) => newsCall(id, each)),
  ];
}

function newsCall(id: string, news: ToldNews): TaskCall {
  switch (news.kind) {
    case "credential": {
      const { issuedAt, expiresAt, ...rest } = news.credential;
      const instants = { issuedAt: isoAt(issuedAt), expiresAt: isoAt(expiresAt) };
      return credentialCall(id, { ...rest, ...instants });
    }
    case "heartbeat":
      return heartbeatCall(id, news.at);
    case "end":
      return endCall(id, { ...news.end, at: isoAt(news.end.at) });
    default:
      return news satisfies never;
  }
}
