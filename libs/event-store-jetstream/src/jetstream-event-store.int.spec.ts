import { describeEventStore, FaultyLine, testNatsServer } from '#libs/testing';
import { openJournal } from './jetstream-event-store.ts';

describeEventStore('JetStreamEventStore', async () => {
  const server = await testNatsServer();
  const line = await FaultyLine.open(server.url);
  const store = await openJournal(await server.connect('control-plane', `nats://127.0.0.1:${line.port}`));
  const other = await openJournal(await server.connect());
  return {
    store,
    other,
    appendLosing: async (lost, commit, expected) => {
      const [outcome] = await Promise.all([
        store.append(commit, expected),
        line.loseUntil(lost, lost === 'request' ? commit.hash : '"seq":'),
      ]);
      return outcome;
    },
    close: async () => {
      await server.stop();
      await line.close();
    },
  };
});
