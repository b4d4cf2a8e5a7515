import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { FaultyLine, type TestNatsServer, testNatsServer } from '#libs/testing';
import type { LeaseCampaign } from './lease-campaign.ts';
import { WriterLeases } from './writer-leases.ts';

// A lease that nobody gives back takes its whole lifetime of three seconds to run out.
jest.setTimeout(30_000);

const KEY = 'ecs.1.blue';
let server: TestNatsServer;
let story: string[];
let look: () => void;
let campaigns: LeaseCampaign[];

beforeEach(async () => {
  server = await testNatsServer();
  story = [];
  campaigns = [];
  look = () => {};
});
afterEach(async () => {
  await Promise.all(campaigns.map((campaign) => campaign.resign()));
  await server.stop();
});

async function campaign(holder: string, nc: NatsConnection): Promise<LeaseCampaign> {
  const leases = await WriterLeases.open(nc);
  const tell = (line: string) => {
    story.push(line);
    look();
  };
  const made = leases.campaign(KEY, holder, {
    onAcquired: () => tell(`${holder} acquired`),
    onLost: () => tell(`${holder} lost`),
  });
  campaigns.push(made);
  return made;
}

async function told(line: string): Promise<void> {
  await new Promise<void>((resolve) => {
    look = () => {
      if (story.includes(line)) resolve();
    };
    look();
  });
}

describe('WriterLeases', () => {
  test('one holds the lease; given back, the other has it', async () => {
    const blue = await campaign('blue', await server.connect());
    await told('blue acquired');
    const green = await campaign('green', await server.connect());
    const leases = await WriterLeases.open(await server.connect());
    expect(await leases.holderOf(KEY)).toBe('blue');
    expect([blue.held, green.held]).toEqual([true, false]);
    await blue.resign();
    await told('green acquired');
    expect(await leases.holderOf(KEY)).toBe('green');
    expect(story).toEqual(['blue acquired', 'green acquired']);
    await green.resign();
    expect(await leases.holderOf(KEY)).toBeNull();
  });

  test('a holder who is cut off knows it before another has the lease', async () => {
    const cutOff = await server.connect();
    const blue = await campaign('blue', cutOff);
    await told('blue acquired');
    await campaign('green', await server.connect());
    await cutOff.close();
    await told('green acquired');
    expect(story).toEqual(['blue acquired', 'blue lost', 'green acquired']);
    expect(blue.held).toBe(false);
  });

  test('a holder outlives a renewal whose answer is lost', async () => {
    const line = await FaultyLine.open(server.url);
    const blue = await campaign('blue', await server.connect('control-plane', `nats://127.0.0.1:${line.port}`));
    await told('blue acquired');
    await line.loseUntil('answer', '"seq":');
    const watcher = await server.connect();
    const renewals = watcher.subscribe(`$KV.WAYBILL_LEASES.${KEY}`, { max: 3 });
    // Three more renewals take longer than the lease would live without them.
    for await (const renewal of renewals) expect(renewal.string()).toBe('blue');
    expect(story).toEqual(['blue acquired']);
    expect(blue.held).toBe(true);
    await blue.resign();
    await line.close();
  });

  test('who lost the lease tries again', async () => {
    await campaign('blue', await server.connect());
    await told('blue acquired');
    server.server.signal('SIGSTOP');
    await told('blue lost');
    story.length = 0;
    server.server.signal('SIGCONT');
    await told('blue acquired');
  });
});
