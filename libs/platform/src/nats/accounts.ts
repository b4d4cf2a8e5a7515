import { agents, audit, events, eventStream, JOURNAL_STREAM } from '#libs/subjects';

/**
 * NATS accounts, which share no subject but what is exported here. A server acts with its own permissions on
 * addresses that its callers choose (reply subjects, deliver subjects of consumers), so permissions alone cannot keep
 * such a message out of the journal; an account can. WAYBILL: journal, leases, cursors, the control planes. CLIENTS: host
 * agents, principals, and the connection of the control plane that responds to them. AUDIT: those who read the journal. EVENTS: the stream of public events, without
 * users: its consumers deliver and respond there, where no user listens. FOLLOWERS: those who read that stream.
 */
export type NatsAccount = 'WAYBILL' | 'CLIENTS' | 'AUDIT' | 'EVENTS' | 'FOLLOWERS';

/** The copies of public events in the structured mode of CloudEvents. */
export const EVERY_STRUCTURED_EVENT = events.structured(events.every);

/** What the control plane publishes of its own accord, heard by clients: one way only. */
const TOLD_TO_CLIENTS = [events.every, EVERY_STRUCTURED_EVENT, agents.assign('*', '*')];
/** JetStream requests that read one message, by the subject under which auditors send them. */
const READ_BY_AUDITORS = {
  [audit.info]: `$JS.API.STREAM.INFO.${JOURNAL_STREAM}`,
  [audit.message]: `$JS.API.STREAM.MSG.GET.${JOURNAL_STREAM}`,
  [audit.directMessage]: `$JS.API.DIRECT.GET.${JOURNAL_STREAM}`,
};

/** JetStream requests by which the control plane makes the stream of public events, by the subject that it uses. */
const MADE_BY_CONTROL_PLANE = {
  [eventStream.create]: `$JS.API.STREAM.CREATE.${eventStream.name}`,
  [eventStream.update]: `$JS.API.STREAM.UPDATE.${eventStream.name}`,
};
/** JetStream requests of those who follow the stream of public events: about this stream, and none that changes it. */
const SENT_BY_FOLLOWERS = [
  'INFO',
  'STREAM.NAMES',
  'STREAM.LIST',
  `STREAM.INFO.${eventStream.name}`,
  `CONSUMER.CREATE.${eventStream.name}.>`,
  `CONSUMER.DURABLE.CREATE.${eventStream.name}.*`,
  `CONSUMER.NAMES.${eventStream.name}`,
  `CONSUMER.LIST.${eventStream.name}`,
  `CONSUMER.INFO.${eventStream.name}.*`,
  `CONSUMER.DELETE.${eventStream.name}.*`,
];
const FETCHED_BY_FOLLOWERS = `CONSUMER.MSG.NEXT.${eventStream.name}.*`;
const ACKNOWLEDGED_BY_FOLLOWERS = `$JS.ACK.${eventStream.name}.>`;

/** What a user in FOLLOWERS may publish. */
export const FOLLOWER_REQUESTS: readonly string[] = [
  ...[...SENT_BY_FOLLOWERS, FETCHED_BY_FOLLOWERS].map(eventStream.api),
  ACKNOWLEDGED_BY_FOLLOWERS,
];

const jetStreamApi = (request: string): string => `$JS.API.${request}`;

/** The `accounts` block of a nats-server configuration. */
export function accountsBlock<User>(usersOf: (account: NatsAccount) => readonly User[]): object {
  return {
    // A system account without users: nothing reaches the server-wide API.
    SYS: {},
    WAYBILL: {
      jetstream: 'enabled',
      users: usersOf('WAYBILL'),
      exports: [
        ...TOLD_TO_CLIENTS.map((stream) => ({ stream, accounts: ['CLIENTS'] })),
        { stream: events.every, accounts: ['EVENTS'] },
        ...Object.values(READ_BY_AUDITORS).map((service) => ({ service, accounts: ['AUDIT'] })),
      ],
      imports: Object.entries(MADE_BY_CONTROL_PLANE).map(([to, subject]) => ({
        service: { account: 'EVENTS', subject },
        to,
      })),
    },
    CLIENTS: {
      users: usersOf('CLIENTS'),
      imports: TOLD_TO_CLIENTS.map((subject) => ({ stream: { account: 'WAYBILL', subject } })),
    },
    AUDIT: {
      users: usersOf('AUDIT'),
      imports: Object.entries(READ_BY_AUDITORS).map(([to, subject]) => ({
        service: { account: 'WAYBILL', subject },
        to,
      })),
    },
    EVENTS: {
      jetstream: 'enabled',
      users: usersOf('EVENTS'),
      imports: [{ stream: { account: 'WAYBILL', subject: events.every } }],
      exports: [
        ...Object.values(MADE_BY_CONTROL_PLANE).map((service) => ({ service, accounts: ['WAYBILL'] })),
        ...SENT_BY_FOLLOWERS.map((request) => ({ service: jetStreamApi(request), accounts: ['FOLLOWERS'] })),
        // One request, as many responses as it asks for.
        { service: jetStreamApi(FETCHED_BY_FOLLOWERS), response: 'stream', accounts: ['FOLLOWERS'] },
        { service: ACKNOWLEDGED_BY_FOLLOWERS, accounts: ['FOLLOWERS'] },
      ],
    },
    FOLLOWERS: {
      users: usersOf('FOLLOWERS'),
      imports: [
        ...[...SENT_BY_FOLLOWERS, FETCHED_BY_FOLLOWERS].map((request) => ({
          service: { account: 'EVENTS', subject: jetStreamApi(request) },
          to: eventStream.api(request),
        })),
        { service: { account: 'EVENTS', subject: ACKNOWLEDGED_BY_FOLLOWERS } },
      ],
    },
  };
}
