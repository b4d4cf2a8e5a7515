// @ts-check
/** Lets a child process of a spec run our TypeScript sources: `node --conditions=source --import <this file> main.ts`. */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
