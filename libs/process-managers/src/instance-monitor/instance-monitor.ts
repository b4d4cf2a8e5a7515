import { HEARTBEAT_TIMEOUT_SECONDS } from '#libs/contracts';

/** A session of a container instance. */
export interface MonitoredSession {
  readonly instanceId: string;
  readonly sessionId: string;
}

interface Watch {
  sessionId: string;
  /** ms; the latest sign of life. */
  heardAt: number;
}

/**
 * Who was heard of, and when. Heartbeats never enter the log: only a session that was silent too long becomes a command
 * (`ReportInstanceDisconnected`). Times are given by the caller. Changed in place, one object a host.
 */
export class InstanceMonitor {
  readonly #timeoutMilliseconds: number;
  readonly #watched = new Map<string, Watch>();

  constructor(timeoutSeconds: number = HEARTBEAT_TIMEOUT_SECONDS) {
    this.#timeoutMilliseconds = timeoutSeconds * 1_000;
  }

  /**
   * Watches the instances that the log calls connected, and no others, after a (re)start of the control plane. Nobody was
   * listening before: each gets the full time from now.
   */
  restart(sessions: Iterable<MonitoredSession>, at: number): void {
    this.#watched.clear();
    for (const { instanceId, sessionId } of sessions) this.connected(instanceId, sessionId, at);
  }

  /** A session was opened and is durable; it takes the place of an earlier one. */
  connected(instanceId: string, sessionId: string, at: number): void {
    this.#watched.set(instanceId, { sessionId, heardAt: at });
  }

  /**
   * A sign of life.
   * @returns false when this session is not watched (fenced, disconnected, or never opened): its agent should be made to
   * open a session again.
   */
  heartbeat(instanceId: string, sessionId: string, at: number): boolean {
    const watch = this.#watched.get(instanceId);
    if (watch === undefined || watch.sessionId !== sessionId) return false;
    if (at > watch.heardAt) watch.heardAt = at;
    return true;
  }

  /** Sessions that were silent too long. They are told again and again until `disconnected`, because a report can fail. */
  overdue(at: number): MonitoredSession[] {
    const silent: MonitoredSession[] = [];
    for (const [instanceId, { sessionId, heardAt }] of this.#watched) {
      if (at - heardAt >= this.#timeoutMilliseconds) silent.push({ instanceId, sessionId });
    }
    return silent;
  }

  /** The log says that this session is over, or that the instance was deregistered. A newer session stays watched. */
  disconnected(instanceId: string, sessionId?: string): void {
    const watch = this.#watched.get(instanceId);
    if (watch !== undefined && (sessionId === undefined || watch.sessionId === sessionId)) {
      this.#watched.delete(instanceId);
    }
  }
}

/** A monitor that watches nobody yet. */
export function instanceMonitor(timeoutSeconds?: number): InstanceMonitor {
  return new InstanceMonitor(timeoutSeconds);
}
