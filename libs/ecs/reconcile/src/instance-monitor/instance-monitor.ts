import { HEARTBEAT_TIMEOUT_SECONDS } from '#libs/agents/protocol';

/** A session of a container instance that was silent too long. */
export interface SilentSession {
  readonly instanceId: string;
  readonly sessionId: string;
}

interface Watch {
  sessionId: string;
  /** ms; the latest sign of life. */
  heardAt: number;
  /** ms; when its silence is to be told (again). */
  dueAt: number;
  /** The wanted set's version that it had when it was last found to be behind. */
  behindAt: number | null;
}

/**
 * Who was heard of, and when. Heartbeats never enter the log: only a session that was silent too long becomes a command
 * (`ReportInstanceDisconnected`). Times are given by the caller. Changed in place, one object a host.
 *
 * When the control plane (re)starts nobody has been listening: a new monitor is given a heartbeat of every instance that
 * the log calls connected, so that each has the full time from then.
 */
export class InstanceMonitor {
  readonly #timeoutMilliseconds: number;
  readonly #watched = new Map<string, Watch>();

  constructor(timeoutSeconds: number = HEARTBEAT_TIMEOUT_SECONDS) {
    this.#timeoutMilliseconds = timeoutSeconds * 1_000;
  }

  /** A sign of life of the current session of an instance; the first one starts the watch. The caller knows which session is the current one. */
  heartbeat(instanceId: string, sessionId: string, at: number): void {
    const watch = this.#watched.get(instanceId);
    if (watch === undefined) {
      this.#watched.set(instanceId, { sessionId, heardAt: at, dueAt: at + this.#timeoutMilliseconds, behindAt: null });
      return;
    }
    watch.behindAt = null;
    if (watch.sessionId === sessionId && at < watch.heardAt) return;
    watch.sessionId = sessionId;
    watch.heardAt = at;
    watch.dueAt = at + this.#timeoutMilliseconds;
  }

  /**
   * A heartbeat of an agent that lacks the newest wanted set. It counts as long as the agent moves on; one that cannot get
   * its set is as good as lost, and must not look connected.
   */
  behind(instanceId: string, sessionId: string, version: number, at: number): void {
    const watch = this.#watched.get(instanceId);
    if (watch !== undefined && watch.sessionId === sessionId && watch.behindAt === version) return;
    this.heartbeat(instanceId, sessionId, at);
    const heard = this.#watched.get(instanceId);
    if (heard !== undefined) heard.behindAt = version;
  }

  /** Sessions that have been silent too long. One is told again after another time-out, until it is forgotten: a report can fail. */
  overdue(at: number): SilentSession[] {
    const silent: SilentSession[] = [];
    for (const [instanceId, watch] of this.#watched) {
      if (at < watch.dueAt) continue;
      watch.dueAt = at + this.#timeoutMilliseconds;
      silent.push({ instanceId, sessionId: watch.sessionId });
    }
    return silent;
  }

  /** The log says that this session is over. A newer session of the instance stays watched. */
  forget(instanceId: string, sessionId: string): void {
    if (this.#watched.get(instanceId)?.sessionId === sessionId) this.#watched.delete(instanceId);
  }
}
