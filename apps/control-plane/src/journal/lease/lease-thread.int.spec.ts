import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { controlPlaneNatsEnv } from '#libs/platform';
import { WriterLeases } from '#libs/event-store-jetstream';
import { testNatsServer } from '#libs/testing';
import type { TestNatsServer } from '#libs/testing';
import { LeaseThread } from './lease-thread.ts';
import type { Campaign } from './lease-thread.ts';

jest.setTimeout(60_000);

const KEY = 'ecs.1';
const RUN_TYPESCRIPT = new URL('../../../../agent/spec/run-typescript.mjs', import.meta.url).href;
const ENTRY = new URL('lease-worker.ts', import.meta.url);

let nats: TestNatsServer;
let campaigns: Campaign[];
let failures: Error[];

beforeEach(async () => {
  nats = await testNatsServer();
  campaigns = [];
  failures = [];
});

afterEach(async () => {
  await Promise.all(campaigns.map((campaign) => campaign.resign()));
  await nats.stop();
});

/** Resolves with what is heard of the lease, once it was acquired. */
async function acquired(holder: string, ownerSilenceMsMax = 10_000): Promise<{ campaign: Campaign; news: string[] }> {
  const news: string[] = [];
  const leases = new LeaseThread({
    env: controlPlaneNatsEnv(nats),
    onFailed: (error) => failures.push(error),
    entry: ENTRY,
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning', '--import', RUN_TYPESCRIPT],
    ownerSilenceMsMax,
  });
  const campaign = await new Promise<Campaign>((resolve) => {
    const made = leases.campaign(KEY, holder, {
      onAcquired: () => {
        news.push('acquired');
        resolve(made);
      },
      onLost: () => news.push('lost'),
    });
    campaigns.push(made);
  });
  return { campaign, news };
}

/** As an overload does it: nothing else of this thread has a turn. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const turns = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a lease that a thread keeps', () => {
  test('is kept while the process is busy for longer than the lease lives', async () => {
    const { campaign, news } = await acquired('busy');
    expect(campaign.held).toBe(true);
    const { holding } = campaign;
    block(6_000);
    expect(campaign.held).toBe(true);
    expect(campaign.holding).toBe(holding);
    await turns(500);
    expect(news).toEqual(['acquired']);
    const leases = await WriterLeases.open(await nats.connect('control-plane'));
    expect(await leases.holderOf(KEY)).toBe('busy');
  });

  test('runs out when the process has no turn at all, and is acquired again when it has', async () => {
    const { campaign, news } = await acquired('hung', 1_000);
    block(7_000);
    expect(campaign.held).toBe(false);
    const { holding } = campaign;
    for (let i = 0; i < 100 && news.length < 3; i++) await turns(100);
    expect(news).toEqual(['acquired', 'lost', 'acquired']);
    expect(campaign.holding).toBe(holding + 1);
  });

  test('is free at once when it is given back', async () => {
    const { campaign } = await acquired('first');
    await campaign.resign();
    campaigns.length = 0;
    expect(campaign.held).toBe(false);
    const leases = await WriterLeases.open(await nats.connect('control-plane'));
    expect(await leases.holderOf(KEY)).toBeNull();
    await acquired('second');
    expect(failures).toEqual([]);
  });
});
