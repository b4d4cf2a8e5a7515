import type { Committed, DomainEvent, Effect } from '#libs/kernel';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ProcessOutlet } from '../engine/outlets.ts';

/** What an operator watches. Own registry: two control planes in one process (tests) must not collide. */
export class Metrics implements ProcessOutlet {
  readonly registry = new Registry();

  readonly commits = new Counter({
    name: 'waybill_commits_total',
    help: 'Commits that became durable.',
    labelNames: ['shard'],
    registers: [this.registry],
  });

  readonly events = new Counter({
    name: 'waybill_events_total',
    help: 'Events that became durable.',
    labelNames: ['shard'],
    registers: [this.registry],
  });

  readonly requests = new Histogram({
    name: 'waybill_request_seconds',
    help: 'API requests by source (aws, nats), operation and outcome (ok, client error, server error, throttled).',
    labelNames: ['source', 'operation', 'outcome'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [this.registry],
  });

  readonly queuedCommands = new Gauge({
    name: 'waybill_queued_commands',
    help: 'Commands that wait for a writer.',
    labelNames: ['shard'],
    registers: [this.registry],
  });

  readonly refusedReplySubjects = new Counter({
    name: 'waybill_refused_reply_subjects_total',
    help: 'Requests over NATS that were refused because their reply subject is not in the inbox of their sender.',
    labelNames: ['entry_point'],
    registers: [this.registry],
  });

  readonly foreignMessages = new Counter({
    name: 'waybill_foreign_messages_total',
    help: 'Messages in the journal that are not commits, each time that one was read: waybill doctor repairs it.',
    registers: [this.registry],
  });

  readonly journalBytes = new Gauge({
    name: 'waybill_journal_bytes',
    help: 'Bytes that nats-server has stored.',
    registers: [this.registry],
  });

  readonly journalRoomBytes = new Gauge({
    name: 'waybill_journal_room_bytes',
    help: 'Bytes that the journal can still grow by: up to max_file_store, or to the end of its disk.',
    registers: [this.registry],
  });

  readonly journalUsedRatio = new Gauge({
    name: 'waybill_journal_used_ratio',
    help: 'The part that is used of all that the journal can have; a warning is logged from 0.8 on.',
    registers: [this.registry],
  });

  readonly leading = new Gauge({
    name: 'waybill_leading',
    help: '1 while this process writes.',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  open(): void {}

  close(): void {}

  shardOpened(): void {}

  committed({ commit: { shard, decisions } }: Committed<DomainEvent, Effect>): void {
    this.commits.inc({ shard });
    this.events.inc(
      { shard },
      decisions.reduce((sum, { events }) => sum + events.length, 0),
    );
  }
}
