import { expect, test } from '@jest/globals';
import { pullFailureCause, withoutSecrets } from './pull-failure.ts';
import type { PullFailureCause } from './pull-failure.ts';

/** As engines say it. */
test.each<[PullFailureCause, string]>([
  ['FINAL', 'manifest for app:1 not found: manifest unknown: manifest unknown'],
  ['FINAL', "pull access denied for app, repository does not exist or may require 'docker login': denied: no"],
  ['FINAL', 'Head "https://registry.example/v2/app/manifests/1": unauthorized: authentication required'],
  ['FINAL', 'Get "http://registry.example/v2/app/manifests/1": no basic auth credentials'],
  ['FINAL', 'no matching manifest for linux/arm64/v8 in the manifest list entries'],
  ['FINAL', 'invalid reference format: repository name must be lowercase'],
  ['FINAL', 'Get "https://registry.example/v2/": x509: certificate signed by unknown authority'],
  ['FINAL', 'manifest verification failed for digest sha256:00'],
  ['UNREACHABLE', 'Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host'],
  ['UNREACHABLE', 'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused'],
  ['UNREACHABLE', 'Get "https://registry.example/v2/": net/http: TLS handshake timeout'],
  ['PASSING', 'toomanyrequests: You have reached your pull rate limit.'],
  ['PASSING', 'error parsing HTTP 429 response body: invalid character: "slow down, not found"'],
  ['PASSING', 'received unexpected HTTP status: 503 Service Unavailable'],
  ['PASSING', 'filesystem layer verification failed for digest sha256:00'],
  ['PASSING', 'unexpected EOF'],
  [
    'NO_SPACE',
    'failed to register layer: ApplyLayer exit status 1 stdout:  stderr: write /content: no space left on device',
  ],
])('%s: %s', (cause, text) => {
  expect(pullFailureCause(text)).toBe(cause);
});

test('a password that the registry has sent back is not passed on', () => {
  expect(withoutSecrets('denied: Basic dTpw, password p4ss', ['p4ss', 'dTpw', ''])).toBe(
    'denied: Basic ***, password ***',
  );
});
