/** A decoded request: plain JSON values whatever the protocol, times as epoch seconds, blobs as base64. */
export type WireInput = Record<string, unknown>;
