import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArguments, UsageError, usage } from '../lab/src/arguments.js';
import { Deadline } from '../lab/src/deadline.js';
import { explainMissing, missingPackages } from '../lab/src/debian-packages.js';
import { chooseEnvironment, writeGuestScript } from '../lab/src/guest-script.js';
import { LabError } from '../lab/src/lab-errors.js';
import { runProgram } from '../lab/src/run-program.js';
import { StreamUntilToken } from '../lab/src/stream-until-token.js';

describe('arguments', () => {
  test('end at the first word that is not an option, so the command keeps its own options', () => {
    const words = ['--timeout', '20', '--verbose', '--env', 'A=1', '--env=B', 'ls', '--timeout', '-l', '--', '--help'];
    expect(parseArguments(words)).toEqual({
      help: false,
      verbose: true,
      timeout: 20,
      memory: 2048,
      environment: ['A=1', 'B'],
      packages: [],
      results: undefined,
      command: ['ls', '--timeout', '-l', '--', '--help'],
    });
    expect(parseArguments(['--', '--strange', 'x']).command).toEqual(['--strange', 'x']);
    expect(parseArguments(['--package', 'tshark', '--package=g++', '--out', 'o', 'x'])).toMatchObject({
      packages: ['tshark', 'g++'],
      results: 'o',
      command: ['x'],
    });
  });

  test('do not change the words of the command', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(parseArguments(['--memory', '512', 'command', ...words]).command).toEqual(['command', ...words]);
      }),
    );
  });

  test('need a command, unless help is requested', () => {
    expect(parseArguments(['--help']).help).toBe(true);
    for (const words of [[], ['--verbose'], ['--'], ['']])
      expect(() => parseArguments(words)).toThrow(/^There is no command to run\. Example: npm run lab/);
  });

  test.each([
    [['--timeout', '0', 'x'], '--timeout takes seconds, a whole number from 1 to 2000000, and not "0"'],
    [['--timeout', '1.5', 'x'], 'and not "1.5"'],
    [['--timeout=', 'x'], 'and not ""'],
    [['--memory', 'much', 'x'], '--memory takes MiB'],
    [['--env', '=1', 'x'], '--env takes NAME or NAME=VALUE, and number 1 is neither'],
    [['--env', 'A=secret', '--env', '-u', 'x'], '--env'],
    [['--package', '-y', 'x'], '--package'],
    [['--package', 'a b', 'x'], '--package takes the name of a Debian package: a b'],
    [['--out=', 'x'], '--out takes a folder'],
    [['--tiemout', '3', 'x'], '--tiemout'],
  ])('%j is refused', (words, message) => {
    expect(() => parseArguments(words)).toThrow(UsageError);
    expect(() => parseArguments(words)).toThrow(message);
  });

  test('are all explained in the usage', () => {
    for (const option of ['timeout', 'memory', 'env', 'package', 'out', 'verbose', 'help'])
      expect(usage).toContain(`  --${option} `.trimEnd());
  });
});

describe('the script of the guest', () => {
  const order = { token: 'T', modules: '/m', results: '', folder: '/', environment: [], command: ['true'] };

  test('passes words, folder and environment through a shell without a change', () => {
    const words = [
      "it's",
      '"',
      '$HOME `id` \\n',
      'a\nb\tc',
      '',
      '*',
      ' two  spaces ',
      '-n',
      '--',
      'A=B',
      'é€😀',
      ';&|<>(){}#!',
    ];
    const print = 'console.log(JSON.stringify([process.argv.slice(1), process.cwd(), process.env]))';
    const script = writeGuestScript({
      ...order,
      token: "t'\x01",
      environment: ['ODD=it\'s "$x"\n'],
      command: [process.execPath, '-e', print, '--', ...words],
    });
    const { stdout, status } = spawnSync('sh', ['-c', `${script}\nprintf %s "$token"; run`], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout.slice(0, 3)).toBe("t'\x01");
    expect(JSON.parse(stdout.slice(3))).toEqual([words, '/', { ODD: 'it\'s "$x"\n' }]);
  });

  test('ends with 125 if the folder does not exist, and with 127 if the command does not exist', () => {
    const run = (changed: object) =>
      spawnSync('sh', ['-c', `${writeGuestScript({ ...order, ...changed })}\nrun`]).status;
    expect(run({})).toBe(0);
    expect(run({ folder: '/no such folder' })).toBe(125);
    expect(run({ command: ['no-such-program'] })).toBe(127);
  });

  test('sets the usual variables, and the requested variables', () => {
    const here = {
      PATH: '/bin',
      CI: 'true',
      CI_JOB: '3',
      BLUETAP_X: 'x',
      LC_ALL: 'C',
      TOKEN: 'secret',
      npm_x: '1',
      A: 'a',
    };
    const usual = ['PATH=/bin', 'CI=true', 'CI_JOB=3', 'BLUETAP_X=x', 'LC_ALL=C', 'BLUETAP_LAB=1'];
    expect(chooseEnvironment(here, [])).toEqual(usual);
    expect(chooseEnvironment(here, ['A', 'B=1=2', 'MISSING', 'EMPTY='])).toEqual([...usual, 'A=a', 'B=1=2', 'EMPTY=']);
    expect(chooseEnvironment(here, ['CI=false'])).toContain('CI=false');
    expect(chooseEnvironment({ 'BLUETAP_%%': '() { :; }', PATH: undefined }, [])).toEqual(['BLUETAP_LAB=1']);
  });
});

describe('packages', () => {
  const told = [
    'Package: udev\nStatus: install ok installed\nPriority: optional\n',
    'Package: kmod\nStatus: deinstall ok config-files\n',
    'Package: usbip\nStatus: install ok half-configured\n',
  ].join('\n');

  test('are installed if dpkg says so', () => {
    expect(missingPackages(['udev', 'kmod', 'usbip', 'usbutils'], told)).toEqual(['kmod', 'usbip', 'usbutils']);
    expect(missingPackages(['udev'], told)).toEqual([]);
  });

  test('the message names the missing packages, and the command that installs them', () => {
    expect(explainMissing(['kmod', 'usbip'], true)).toBe(
      'The lab needs the Debian packages kmod, usbip. This installs them:\n' +
        '  apt-get install --no-install-recommends kmod usbip\n' +
        'With CI=true this program installs them itself.',
    );
    expect(explainMissing(['kmod'], false)).toBe(
      'The lab needs the Debian package kmod. This installs it:\n' +
        '  sudo apt-get install --no-install-recommends kmod',
    );
  });
});

describe('a program of the system', () => {
  const deadline = new Deadline(600);
  const node = (script: string) => [process.execPath, '-e', script];

  test('returns the output of the program', () => {
    const copy = 'process.stdin.pipe(process.stdout)';
    expect(runProgram(deadline, node(copy), { input: Buffer.from('bytes') })?.toString()).toBe('bytes');
    expect(runProgram(deadline, node(''))?.length).toBe(0);
  });

  test('that fails causes an error that says how, or no error if the call is quiet', () => {
    expect(() => runProgram(deadline, node('process.exit(3)'))).toThrow(
      /process\.exit\(3\) failed with exit code 3\.$/,
    );
    expect(() => runProgram(deadline, node('process.kill(process.pid)'))).toThrow('was ended by SIGTERM.');
    expect(() => runProgram(deadline, ['no-such-program', 'x'])).toThrow(
      new LabError('no-such-program x was not found.'),
    );
    expect(runProgram(deadline, node('console.error("noise"); process.exit(3)'), { quiet: true })).toBeUndefined();
  });
});

describe('StreamUntilToken', () => {
  const token = '\x01end';

  /**
   * Writes these chunks to a stream, but does not end it. Returns the stream, and a function that returns its output so
   * far.
   */
  function send(chunks: Buffer[]) {
    const stream = new StreamUntilToken(token);
    const got: Buffer[] = [];
    stream.on('data', (bytes: Buffer) => got.push(bytes));
    for (const chunk of chunks) stream.write(chunk);
    return { stream, text: () => Buffer.concat(got).toString('latin1') };
  }

  test('passes on all bytes before the token, for any chunks, and ends there', async () => {
    const bytes = fc
      .array(fc.constantFrom(1, 0x65, 0x6e, 0, 255), { maxLength: 40 })
      .map((values) => Buffer.from(values));
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(fc.nat(50)), async (data, cuts) => {
        const whole = Buffer.concat([data, Buffer.from(token), Buffer.from('not for you')]);
        const places = [0, ...cuts.filter((cut) => cut <= data.length + 4).sort((a, b) => a - b), whole.length];
        const { stream, text } = send(places.slice(1).map((place, index) => whole.subarray(places[index], place)));
        await new Promise((resolve) => stream.once('end', resolve));
        expect(text()).toBe(data.toString('latin1'));
        expect(stream.complete).toBe(true);
      }),
    );
  });

  test('keeps back only bytes that can be the start of the token', async () => {
    const { stream, text } = send([Buffer.from('name? '), Buffer.from('a\x01e')]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(text()).toBe('name? a');
    stream.write('X');
    await new Promise((resolve) => setImmediate(resolve));
    expect(text()).toBe('name? a\x01eX');
    stream.destroy();
  });

  test('is not complete if the source ends without the token', async () => {
    const { stream, text } = send([Buffer.from('half\x01en')]);
    stream.end();
    await new Promise((resolve) => stream.once('end', resolve));
    expect(text()).toBe('half\x01en');
    expect(stream.complete).toBe(false);
  });

  test('refuses a token that can begin again inside itself', () => {
    expect(() => new StreamUntilToken('abca')).toThrow(RangeError);
  });
});
