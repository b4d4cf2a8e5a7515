import { agents, audit, events, JOURNAL_STREAM } from '#libs/subjects';

/**
 * Three NATS accounts, which share no subject but what is exported here. A server acts with its own permissions on
 * addresses that its callers choose (reply subjects, deliver subjects of consumers), so permissions alone cannot keep
 * such a message out of the journal; an account can. WAYBILL: journal, leases, cursors, the control planes. CLIENTS: host
 * agents, principals, and the connection of the control plane that responds to them. AUDIT: those who read the journal.
 */
export type NatsAccount = 'WAYBILL' | 'CLIENTS' | 'AUDIT';

/** The shortest pattern that people type; `events.all('*')` is narrower and would have it refused. */
export const EVERY_PUBLIC_EVENT = events.all('*').replace('.*.', '.');
/** Their copies in the structured mode of CloudEvents. */
export const EVERY_STRUCTURED_EVENT = events.structured(EVERY_PUBLIC_EVENT);

/** What the control plane publishes of its own accord, heard by clients: one way only. */
const TOLD_TO_CLIENTS = [EVERY_PUBLIC_EVENT, EVERY_STRUCTURED_EVENT, agents.assign('*', '*')];
/** JetStream requests that read one message, by the subject under which auditors send them. */
const READ_BY_AUDITORS = {
  [audit.info]: `$JS.API.STREAM.INFO.${JOURNAL_STREAM}`,
  [audit.message]: `$JS.API.STREAM.MSG.GET.${JOURNAL_STREAM}`,
  [audit.directMessage]: `$JS.API.DIRECT.GET.${JOURNAL_STREAM}`,
};

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
        ...Object.values(READ_BY_AUDITORS).map((service) => ({ service, accounts: ['AUDIT'] })),
      ],
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
  };
}
