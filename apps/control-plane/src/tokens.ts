/** Injection tokens of what is not a class of its own. */
export const SETTINGS = Symbol('Settings');
export const LOGGER = Symbol('Logger');
