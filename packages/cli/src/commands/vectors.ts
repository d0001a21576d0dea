import { Command } from 'commander';
import { print, styles } from '../output/output.js';
import { text } from '../output/text.js';
import { ExitCode } from '../process/exit-code.js';
import { checkVector } from '../vectors/check-vector.js';
import { readVectors } from '../vectors/vector-file.js';

export function vectorsCommand(): Command {
  return new Command('vectors')
    .summary('check a file of frame vectors in both directions')
    .description(
      'Check a file of frame vectors. Decoding each wire must return its message or error. Encoding the message must return the wire again. The comparison leaves out ordinary tags that are not known, because decoding skips them.',
    )
    .argument('<file>', 'for example vectors/frames.json')
    .addHelpText('after', '\nExample:\n  bluetap vectors vectors/frames.json')
    .action((file: string) => {
      const vectors = readVectors(file);
      const { red, green } = styles();
      let holding = 0;
      for (const vector of vectors) {
        const difference = checkVector(vector);
        if (!difference) {
          holding++;
          continue;
        }
        const { direction, expected, actual } = difference;
        print(
          text`${red('does not hold:')} ${vector.name}\n  ${direction}, expected  ${expected}\n  ${direction}, actual    ${actual}`,
        );
      }
      const all = holding === vectors.length;
      print((all ? green : red)(`${holding} of ${vectors.length} vectors hold`));
      if (!all) process.exitCode = ExitCode.FAILED;
    });
}
