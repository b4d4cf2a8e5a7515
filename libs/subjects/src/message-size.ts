/**
 * No message of Waybill is larger, as encoded and without its headers: well below nats-server's default max_payload of
 * 1 MiB. What may become larger is paged, split or refused by whoever sends it.
 */
export const MESSAGE_BYTES_MAX = 1_000_000;
