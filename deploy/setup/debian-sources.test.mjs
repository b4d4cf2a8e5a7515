// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseDeb822, parseOneLine, sourcesOfRelease } from './debian-sources.mjs';

const DEB822 = `Types: deb deb-src
# a remark in between
URIs: http://mirror.example/debian
 http://second.example/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Trusted: yes
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;
const ofTrixie = (/** @type {import('./debian-sources.mjs').Source[]} */ sources) =>
  sourcesOfRelease(sources, 'bookworm', 'trixie');

describe('sources of another release', () => {
  test('keep mirrors and keys, and ask for the release and its security updates only', () => {
    assert.equal(
      ofTrixie(parseDeb822(DEB822)),
      `Types: deb
URIs: http://mirror.example/debian http://second.example/debian
Suites: trixie
Components: main
Targets: Packages
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: trixie-security
Components: main
Targets: Packages
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`,
    );
  });

  test('come from the one-line form too, whose trust in unsigned lists is not carried over', () => {
    const text = `# deb http://off.example/debian bookworm main
deb [ signed-by=/usr/share/keyrings/debian-archive-keyring.gpg trusted=yes check-date=no ] http://mirror.example/debian bookworm main # ours
deb-src http://mirror.example/debian bookworm main
deb http://mirror.example/debian-security bookworm/updates main contrib
`;
    const derived = ofTrixie(parseOneLine(text));
    assert.match(
      derived,
      /Suites: trixie\nComponents: main\nTargets: Packages\nSigned-By: \/usr\/share\S+\ncheck-date: no\n/,
    );
    assert.match(derived, /Suites: trixie-security\n/);
    assert.doesNotMatch(derived, /trusted|off\.example|deb-src/i);
  });

  test('leave out other publishers, whatever they call their suites', () => {
    const others = [
      ...parseOneLine('deb https://other.example/apt cloud-sdk-bookworm main'),
      ...parseOneLine('deb [signed-by=/etc/keyrings/other.gpg] https://other.example/apt bookworm main'),
      ...parseOneLine('deb https://other.example/apt bookworm stable'),
      ...parseDeb822(
        'Types: deb\nURIs: https://other.example\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN\n .\n x',
      ),
    ];
    assert.equal(others.length, 4);
    assert.equal(ofTrixie(others), '');
  });

  test('leave out what is switched off', () => {
    assert.deepEqual(parseDeb822(`Enabled: no\n${DEB822}`).length, 1);
  });

  test('understand names that move from release to release', () => {
    assert.match(ofTrixie(parseOneLine('deb http://mirror.example/debian stable main')), /Suites: trixie\n/);
  });
});
