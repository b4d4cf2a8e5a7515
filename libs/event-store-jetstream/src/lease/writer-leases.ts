import { LEASE_TTL_MS, StoreUnavailable } from '#libs/event-store';
import { jetstream } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { errorText } from '../jetstream-api.ts';
import { LeaseCampaign, type LeaseHandlers } from './lease-campaign.ts';

/** The bucket's name; keys are subjects below `$KV.WAYBILL_LEASES.`. */
const LEASE_BUCKET = 'WAYBILL_LEASES';
/** Shorter than the lease by far: an answer that comes later is of no use. */
const LEASE_REQUEST_TIMEOUT_MS = 1_000;

export interface WriterLeasesOptions {
  /** Copies of the bucket in a natsCluster. */
  readonly replicas?: number;
}

/**
 * Leases that say who should try to write. They are liveness only: two holders at once waste work and do no harm, since
 * the journal takes one commit a place.
 */
export class WriterLeases {
  readonly #nc: NatsConnection;
  readonly #bucket: KV;

  private constructor(nc: NatsConnection, bucket: KV) {
    this.#nc = nc;
    this.#bucket = bucket;
  }

  /** Opens the bucket and creates it where there is none. @throws StoreUnavailable */
  static async open(nc: NatsConnection, { replicas = 1 }: WriterLeasesOptions = {}): Promise<WriterLeases> {
    try {
      const kvm = new Kvm(jetstream(nc, { timeout: LEASE_REQUEST_TIMEOUT_MS }));
      // Without direct reads, so that the one who looks asks the leader.
      const bucket = await kvm.create(LEASE_BUCKET, { history: 1, ttl: LEASE_TTL_MS, replicas, allow_direct: false });
      const { ttl } = await bucket.status();
      if (ttl < LEASE_TTL_MS) throw new Error(`its entries live for ${ttl} ms, ${LEASE_TTL_MS} are needed`);
      return new WriterLeases(nc, bucket);
    } catch (error) {
      throw new StoreUnavailable(`the bucket ${LEASE_BUCKET} cannot be opened: ${errorText(error)}`, { cause: error });
    }
  }

  /**
   * Tries to get the lease and, whenever it was lost, to get it again, until `resign`.
   * @param key what the lease is for, e.g. a shard
   * @param holder who asks; unique to this process, since the lease belongs to the holder's name
   */
  campaign(key: string, holder: string, handlers: LeaseHandlers): LeaseCampaign {
    return new LeaseCampaign({
      nc: this.#nc,
      bucket: this.#bucket,
      subject: `$KV.${LEASE_BUCKET}.${key}`,
      key,
      holder,
      handlers,
      ttlMs: LEASE_TTL_MS,
    });
  }

  /** Who holds a lease just now, or null. @throws StoreUnavailable */
  async holderOf(key: string): Promise<string | null> {
    try {
      const entry = await this.#bucket.get(key);
      return entry === null || entry.operation !== 'PUT' ? null : entry.string();
    } catch (error) {
      throw new StoreUnavailable(`the lease of ${key} cannot be read: ${errorText(error)}`, { cause: error });
    }
  }
}
