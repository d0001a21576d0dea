import { register } from 'node:module';
import { mutants } from './mutants/all.js';

// node run-mutant.js NAME [options of the simulator]: runs the simulator with one seeded mistake.
const [name] = process.argv.splice(2, 1);
const mutant = mutants.find((each) => each.name === name);
if (!mutant) throw new Error(`no mutant is called ${name}`);
register('./mutant-hooks.js', import.meta.url, { data: mutant });
await import('./main.js');
