/**
 * Why a pull has failed. `FINAL`: the registry would say the same again; `UNREACHABLE`: it could not be asked;
 * `NO_SPACE`: the host's disk is full; `PASSING`: anything that another attempt may get past (busy, limited, cut off,
 * damaged on the way).
 */
export type PullFailureCause = 'FINAL' | 'UNREACHABLE' | 'NO_SPACE' | 'PASSING';

/** A registry's words, and the engine's own, as Docker passes them on; the first rule that matches decides. */
const RULES: readonly (readonly [PullFailureCause, RegExp])[] = [
  ['NO_SPACE', /no space left on device|disk quota exceeded/i],
  ['PASSING', /toomanyrequests|too many requests|HTTP 429|unexpected HTTP status: 5\d\d|unexpected EOF/i],
  [
    'UNREACHABLE',
    /no such host|connection refused|connection reset|i\/o timeout|tls handshake timeout|no route to host|network is unreachable|server misbehaving|deadline exceeded|request canceled/i,
  ],
  [
    'FINAL',
    /not found|(manifest|name) unknown|unknown blob|denied|unauthorized|authentication required|no basic auth|invalid reference|does not exist|no matching manifest|manifest verification failed|x509:|HTTP response to HTTPS client|unsupported (schema|media|manifest)/i,
  ],
];

/** @param text what the engine says */
export function pullFailureCause(text: string): PullFailureCause {
  return RULES.find(([, pattern]) => pattern.test(text))?.[0] ?? 'PASSING';
}

/** A text without the passwords that a registry may have sent back. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret !== '').reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
