const DOCKER_HUB = 'docker.io';
const OFFICIAL = 'library/';

/** An image's name without tag and digest, as given: `host:5000/team/app`. */
export function repositoryOf(reference: string): string {
  const [name = ''] = reference.split('@', 1);
  return hasTag(name) ? name.slice(0, name.lastIndexOf(':')) : name;
}

/** The registry's host, with its port: `docker.io` unless the first part of the name can be one. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = repositoryOf(reference).split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost && first !== 'index.docker.io' ? first : DOCKER_HUB;
}

/** Docker's API pulls every tag of a name that has none. */
export function withTag(reference: string): string {
  return reference.includes('@') || hasTag(reference) ? reference : `${reference}:latest`;
}

/** What a registry has under that digest in the image's repository, whatever the tag says now. */
export function pinnedTo(reference: string, digest: string): string {
  return `${repositoryOf(reference)}@${digest}`;
}

/** The names of one repository that Docker takes for the same, in the shortest of them: `app` for `docker.io/library/app`. */
export function familiarName(repository: string): string {
  const name = repository.replace(/^(index\.)?docker\.io\//, '');
  return name.startsWith(OFFICIAL) ? name.slice(OFFICIAL.length) : name;
}

/** With a tag or digest, in the form in which two references of one image are equal. */
export function familiarReference(reference: string): string {
  return familiarName(withTag(reference));
}

function hasTag(name: string): boolean {
  return name.slice(name.lastIndexOf('/') + 1).includes(':');
}
