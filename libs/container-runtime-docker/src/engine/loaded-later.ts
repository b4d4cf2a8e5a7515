/** What `createRequire` gives, as far as it is used here. */
export interface Load {
  (file: string): unknown;
  resolve(name: string): string;
  readonly cache: NodeJS.Dict<NodeModule>;
}

type Call = (...given: readonly unknown[]) => unknown;

/**
 * Puts off loading a CommonJS module that exports one function, until it is called: whoever requires the module from now
 * on gets a function that does so.
 */
export function loadLater(load: Load, name: string): void {
  const file = load.resolve(name);
  if (load.cache[file] !== undefined) return;
  let loaded: Call | undefined;
  const call: Call = (...given) => {
    if (loaded === undefined) {
      Reflect.deleteProperty(load.cache, file);
      loaded = load(file) as Call;
    }
    return loaded(...given);
  };
  const standIn: Partial<NodeModule> = {
    id: file,
    filename: file,
    loaded: true,
    exports: call,
    children: [],
    paths: [],
  };
  load.cache[file] = standIn as NodeModule;
}
