import { expect, test } from '@jest/globals';
import { loginIn } from './docker-config.ts';

const auth = Buffer.from('puller:a:b').toString('base64');
const login = { username: 'puller', password: 'a:b' };

test.each([
  ['a host', { auths: { 'localhost:5000': { auth } } }, 'localhost:5000'],
  ['a URL', { auths: { 'https://registry.example/v2/': { auth } } }, 'registry.example'],
  ['Docker Hub', { auths: { 'https://index.docker.io/v1/': { auth } } }, 'docker.io'],
  ['user and password apart', { auths: { 'registry.example': login } }, 'registry.example'],
])('%s', (_name, config, registry) => {
  expect(loginIn(config, registry)).toEqual(login);
  expect(loginIn(config, 'other.example')).toBeUndefined();
});

test.each([
  ['a credential store', { auths: { 'registry.example': {} }, credsStore: 'desktop' }],
  ['a credential helper', { credHelpers: { 'registry.example': 'ecr-login' } }],
])('%s is not asked, and says so', (_name, config) => {
  expect(() => loginIn(config, 'registry.example')).toThrow(
    'ResourceInitializationError: unable to pull secrets or registry auth: the login of this host for registry.example',
  );
});
