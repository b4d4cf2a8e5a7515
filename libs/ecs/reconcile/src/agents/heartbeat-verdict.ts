import type { AgentHeartbeat, HeartbeatVerdict } from '#libs/kernel';

/** What the log says of an instance whose heartbeat came. */
export interface KnownInstance {
  readonly connected: boolean;
  readonly sessionId: string;
  readonly wantedVersion: number;
}

/**
 * What a heartbeat says about its sender. A session that the log calls over, or never heard of, is to be opened again,
 * whichever it is: the request of a process that is long dead may come late and take the place of the living one, and
 * then only the living one still speaks.
 */
export function heartbeatVerdict(known: KnownInstance | undefined, heartbeat: AgentHeartbeat): HeartbeatVerdict {
  if (known === undefined || !known.connected) return 'lost';
  if (known.sessionId !== heartbeat.sessionId) return 'fenced';
  return heartbeat.version === known.wantedVersion ? 'alive' : 'behind';
}
