// @ts-check
/** The few calls of the Docker Engine API that the set-up needs, over node:http: no package is installed yet. */
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from './progress.mjs';

export const DEFAULT_DOCKER_HOST = 'unix:///var/run/docker.sock';
const CALL_TIMEOUT_DEFAULT_MS = 10_000;

/** @typedef {{ status: number, body: string }} Answer */
/** @typedef {{ method?: string, body?: Buffer, contentType?: string, timeoutMs?: number }} CallOptions */

/**
 * @param {string} dockerHost as in DOCKER_HOST
 * @param {NodeJS.ProcessEnv} env
 * @returns {https.RequestOptions & { secure: boolean }}
 */
function address(dockerHost, env) {
  if (dockerHost.startsWith('unix://')) return { socketPath: dockerHost.slice('unix://'.length), secure: false };
  const text = dockerHost.replace(/^tcp:/, 'http:');
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new SetupError(`DOCKER_HOST=${dockerHost}: only unix://, tcp://, http:// and https:// are understood here`);
  }
  const secure = url.protocol === 'https:' || (env['DOCKER_TLS_VERIFY'] ?? '') !== '';
  const target = { host: url.hostname, port: url.port || (secure ? '2376' : '2375'), secure };
  if (!secure) return target;
  const folder = env['DOCKER_CERT_PATH'] || join(homedir(), '.docker');
  /** @param {string} name */
  const pem = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : undefined);
  return { ...target, ca: pem('ca.pem'), cert: pem('cert.pem'), key: pem('key.pem') };
}

/**
 * One call of the engine.
 *
 * @param {string} dockerHost
 * @param {NodeJS.ProcessEnv} env
 * @param {string} path
 * @param {CallOptions} [options]
 * @returns {Promise<Answer>}
 */
export function call(dockerHost, env, path, options = {}) {
  const { secure, ...target } = address(dockerHost, env);
  const { method = 'GET', body, contentType, timeoutMs = CALL_TIMEOUT_DEFAULT_MS } = options;
  const headers =
    body === undefined ? {} : { 'content-type': contentType ?? 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request({ ...target, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on('error', reject);
    });
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`no answer in ${timeoutMs / 1000} s`)));
    request.on('error', reject);
    request.end(body);
  });
}

/**
 * Whether an engine answers there.
 *
 * @param {string} dockerHost
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ reachable: true } | { reachable: false, code: string }>} `code` is the system's (ENOENT, EACCES, …)
 */
export async function ping(dockerHost, env) {
  try {
    const { status } = await call(dockerHost, env, '/_ping');
    return status === 200 ? { reachable: true } : { reachable: false, code: `HTTP ${status}` };
  } catch (error) {
    if (error instanceof SetupError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { reachable: false, code };
  }
}
