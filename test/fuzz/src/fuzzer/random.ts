// The root of the repository depends on no package, so the path leads to the compiled package.
export { Random, seedOf } from '../../../../testing/dist/index.js';
