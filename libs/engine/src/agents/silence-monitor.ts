import type { AgentSession } from '#libs/kernel';

interface Watch {
  sessionId: string;
  /** ms; the latest sign of life. */
  heardAt: number;
  /** ms; when its silence is to be reported (again). */
  dueAt: number;
  /** The version that it had when it was last found to be behind. */
  behindAt: number | null;
}

/**
 * Which agents of one shard were heard of, and when. Heartbeats never enter the log: only a session that was silent too
 * long becomes a command. Times are given by the caller. Changed in place, one object per host.
 *
 * When a shard's writer is opened, heartbeats have been missed: a new monitor is given a heartbeat of every session that the
 * log calls connected, so that each has the full time from then.
 */
export class SilenceMonitor {
  readonly #silenceMs: number;
  readonly #watched = new Map<string, Watch>();

  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  /** A sign of life of the present session of a host; the first one starts the watch. The caller knows which one is the present one. */
  heartbeat({ host, sessionId }: AgentSession, at: number): void {
    const watch = this.#watched.get(host);
    if (watch === undefined) {
      this.#watched.set(host, { sessionId, heardAt: at, dueAt: at + this.#silenceMs, behindAt: null });
      return;
    }
    watch.behindAt = null;
    if (watch.sessionId === sessionId && at < watch.heardAt) return;
    watch.sessionId = sessionId;
    watch.heardAt = at;
    watch.dueAt = at + this.#silenceMs;
  }

  /**
   * A heartbeat of an agent that lacks the newest changes. It counts as long as the agent moves on; one that cannot get
   * what it should have is treated as lost, and must not look connected.
   */
  behind(session: AgentSession, version: number, at: number): void {
    const watch = this.#watched.get(session.host);
    if (watch !== undefined && watch.sessionId === session.sessionId && watch.behindAt === version) return;
    this.heartbeat(session, at);
    const heard = this.#watched.get(session.host);
    if (heard !== undefined) heard.behindAt = version;
  }

  /** Sessions that have been silent too long. Each is returned again after that long until it is forgotten: a report can fail. */
  overdue(at: number): AgentSession[] {
    const silent: AgentSession[] = [];
    for (const [host, watch] of this.#watched) {
      if (at < watch.dueAt) continue;
      watch.dueAt = at + this.#silenceMs;
      silent.push({ host, sessionId: watch.sessionId });
    }
    return silent;
  }

  /** The log says that this session is over. A newer session of the host stays watched. */
  forget({ host, sessionId }: AgentSession): void {
    if (this.#watched.get(host)?.sessionId === sessionId) this.#watched.delete(host);
  }
}
