import { type FSWatcher, watch } from 'node:fs';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { connectNats, credentialsOf, hostDeskUser, rootUser } from '#libs/platform';
import type { NatsUser, SupervisedNatsServer } from '#libs/platform';
import { hosts as subjects } from '#libs/subjects';
import { ask, Refused } from '../connection/ask.ts';
import { messageOf } from '../shell/cli-problem.ts';
import type { ClockAnswer, DeskRefusal, JoinAnswer, JoinRequest, LeaveAnswer, LeaveRequest } from './desk-messages.ts';
import { makeHostsFolder, readHost, readHosts, removeHost, writeHost } from './host-records.ts';
import { hostUsers, isForgotten, nextExpiry } from './host-users.ts';

export interface HostDeskOptions {
  readonly home: string;
  readonly nats: SupervisedNatsServer;
  /** The users besides those of hosts. */
  readonly users: readonly NatsUser[];
  readonly log: (line: string) => void;
}

/** A timer takes no more. */
const TIMER_MS_MAX = 2 ** 31 - 1;
/** Unknown to the API: it never registered, or it is a host of the Fargate pool, which is no container instance. */
const UNKNOWN_INSTANCE = new Set(['InvalidParameterException', 'ClusterNotFoundException']);

/**
 * Knows the hosts of a data folder while its stack runs: gives the nats-server their users, takes away those whose time is
 * over, and answers machines that join or leave. Commands change the files; it notices.
 */
export class HostDesk {
  readonly #options: HostDeskOptions;
  #nc: NatsConnection | null = null;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** One thing after the other: what is read is still so when it is written. */
  #work: Promise<unknown> = Promise.resolve();
  #userNames = '';
  #isClosed = false;

  constructor(options: HostDeskOptions) {
    this.#options = options;
    this.#userNames = namesOf(options.nats.credentials);
  }

  async open(): Promise<void> {
    const { home, nats } = this.#options;
    const folder = await makeHostsFolder(home);
    const { user, password, inboxPrefix } = credentialsOf(nats.credentials, hostDeskUser().name);
    this.#nc = await connectNats({ name: 'waybill-host-desk', ...this.#server(), user, password, inboxPrefix });
    this.#serve(subjects.everyJoin, (message) => this.#join(message));
    this.#serve(subjects.everyLeave, (message) => this.#leave(message));
    this.#serve(subjects.everyClock, () => Promise.resolve({ now: Date.now() } satisfies ClockAnswer));
    this.#watcher = watch(folder, () => this.#refreshLater());
    await this.#then(() => this.#refresh());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watcher?.close();
    clearTimeout(this.#timer);
    await this.#work;
    await this.#nc?.close();
  }

  #server(): { readonly url: string; readonly caFile?: string } {
    const { url, caFile } = this.#options.nats;
    return { url, ...(caFile === null ? {} : { caFile }) };
  }

  #then<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => {});
    return done;
  }

  #refreshLater(): void {
    if (this.#isClosed) return;
    this.#then(() => this.#refresh()).catch((error: unknown) => {
      this.#options.log(`the hosts could not be looked after: ${messageOf(error)}`);
    });
  }

  /** The users as the files and the time have it. */
  async #refresh(): Promise<void> {
    const { home, nats, users } = this.#options;
    const now = Date.now();
    const records = await readHosts(home);
    for (const record of records) if (isForgotten(record, now)) await removeHost(home, record.instanceId);
    const wanted = [...users, ...hostUsers(records, now)];
    const names = namesOf(Object.fromEntries(wanted.map((user) => [user.name, user])));
    if (names !== this.#userNames) {
      await nats.setUsers(wanted);
      this.#userNames = names;
    }
    const expiry = nextExpiry(records, now);
    clearTimeout(this.#timer);
    if (expiry === null || this.#isClosed) return;
    this.#timer = setTimeout(() => this.#refreshLater(), Math.min(expiry - now, TIMER_MS_MAX));
  }

  #serve(subject: string, answer: (message: Msg) => Promise<object | null>): void {
    this.#nc?.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null) return this.#options.log(`the desk for hosts is not heard any more: ${error.message}`);
        this.#then(() => answer(message))
          .catch((problem: unknown): DeskRefusal => ({ problem: messageOf(problem) }))
          .then((body) => body !== null && message.respond(JSON.stringify(body)))
          .catch((problem: unknown) => this.#options.log(`a host got no answer: ${messageOf(problem)}`));
      },
    });
  }

  /** The first machine that comes with a token gets the credentials; another one later does not. */
  async #join(message: Msg): Promise<JoinAnswer | DeskRefusal> {
    const { home, nats, log } = this.#options;
    const instanceId = subjects.instanceOf(message.subject);
    const { machine, hostname } = message.json<JoinRequest>();
    const record = await readHost(home, instanceId);
    if (record === null) return { problem: 'the token was revoked' };
    const { joined } = record;
    if (joined !== null && joined.machine !== machine) {
      const when = new Date(joined.at).toISOString();
      return { problem: `the token was used by ${joined.hostname} at ${when}: each host needs one of its own` };
    }
    if (joined === null) {
      await writeHost(home, { ...record, joined: { machine, hostname, at: Date.now() } });
      log(`host ${hostname} joins cluster ${record.cluster} as container instance ${instanceId}`);
    }
    await this.#refresh();
    const of = (user: string): JoinAnswer['agent'] => {
      const { password } = credentialsOf(nats.credentials, user);
      return { user, password };
    };
    return { agent: of(`agent-${instanceId}`), host: of(`host-${instanceId}`) };
  }

  /** Its tasks are gone, so the instance is deregistered; then its users go, and with them the connection of the caller. */
  async #leave(message: Msg): Promise<DeskRefusal | null> {
    const { home, log } = this.#options;
    const instanceId = subjects.instanceOf(message.subject);
    const record = await readHost(home, instanceId);
    if (record === null) return { problem: 'the host is not known here any more' };
    const { force } = message.json<LeaveRequest>();
    await this.#deregister(record.cluster, instanceId, force);
    const left: LeaveAnswer = { left: true };
    message.respond(JSON.stringify(left));
    await this.#nc?.flush();
    await removeHost(home, instanceId);
    log(`container instance ${instanceId} has left cluster ${record.cluster}`);
    await this.#refresh();
    return null;
  }

  async #deregister(cluster: string, containerInstance: string, force: boolean): Promise<void> {
    const { user, password, inboxPrefix } = credentialsOf(this.#options.nats.credentials, rootUser().name);
    const nc = await connectNats({ name: 'waybill-host-desk', ...this.#server(), user, password, inboxPrefix });
    try {
      await ask({ nc, principal: user }, 'ecs', 'DeregisterContainerInstance', { cluster, containerInstance, force });
    } catch (error) {
      const isUnknown = error instanceof Refused && UNKNOWN_INSTANCE.has(error.type) && /not found/.test(error.message);
      if (!isUnknown) throw error;
    } finally {
      await nc.close();
    }
  }
}

function namesOf(users: Readonly<Record<string, unknown>>): string {
  return Object.keys(users).sort().join(' ');
}
