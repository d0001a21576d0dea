import { describe, expect, it } from 'vitest';
import { examine } from '../src/doctor/examine.js';
import { udevRules } from '../src/doctor/udev-rules.js';
import { call } from './cli.js';
import { FakeMachine } from './doctor-machine.js';

describe('udev-rules', () => {
  it('prints a rule for each function, with the given group', async () => {
    expect(udevRules('pos').match(/GROUP="pos"/g)).toHaveLength(3);
    const { code, stdout } = await call(['udev-rules']);
    expect(code).toBe(0);
    expect(stdout).toBe(`${udevRules('plugdev')}\n`);
    expect(stdout).toContain('ATTRS{idVendor}=="1209", ATTRS{idProduct}=="0001"');
  });

  it('tells ModemManager not to open the port and its USB device (C-32)', () => {
    const lines = udevRules('pos').split('\n');
    const ignoring = lines.filter((line) => line.endsWith(', ENV{ID_MM_DEVICE_IGNORE}="1"'));
    expect(ignoring.map((line) => /SUBSYSTEM=="(\w+)"/.exec(line)?.[1])).toEqual(['usb', 'tty']);
  });
});

describe('doctor recognises exactly the rules that let a user open the device', () => {
  const OURS = 'ATTRS{idVendor}=="1209", ATTRS{idProduct}=="0001"';
  const GRANT = 'MODE="0660", GROUP="plugdev", TAG+="uaccess"';

  it.each([
    ['as it is printed', udevRules('plugdev')],
    ['with ATTR', `${OURS.replaceAll('ATTRS', 'ATTR')}, ${GRANT}`],
    ['with the properties of udev', `ENV{ID_VENDOR_ID}=="1209", ENV{ID_MODEL_ID}=="0001", ${GRANT}`],
    ['for all users', `${OURS}, MODE:="0666"`],
    ['for one user', `${OURS}, OWNER="pos"`],
    ['for the user at the screen', `${OURS}, TAG+="uaccess"`],
    ['that also names other ids', `ATTRS{idVendor}=="0403|1209", ATTRS{idProduct}=="6001|0001", ${GRANT}`],
    ['over two lines', `${OURS}, \\\n# a comment between\n  ${GRANT}`],
    ['without spaces, and with line ends of Windows', `${`${OURS},${GRANT}`.replaceAll(' ', '')}\r\n`],
  ])('a rule %s counts (C-32)', (_, rule) => {
    const machine = new FakeMachine();
    machine.groups('plugdev:x:46:');
    const file = machine.rule(rule);
    expect(examine([], machine).findings).toContainEqual(expect.objectContaining({ what: 'udev rule', found: file }));
  });

  it.each([
    ['for another product of the same vendor id', `ATTRS{idVendor}=="1209", ATTRS{idProduct}=="53c1", ${GRANT}`],
    ['for another vendor', `ATTRS{idVendor}=="534c", ATTRS{idProduct}=="0001", ${GRANT}`],
    ['for two devices in two lines', `ATTRS{idVendor}=="1209", ${GRANT}\nATTRS{idProduct}=="0001", ${GRANT}`],
    ['in a comment', `  # ${OURS}, ${GRANT}`],
    ['that excludes ours', `ATTRS{idVendor}=="1209", ATTRS{idProduct}!="0001", ${GRANT}`],
    ['that lets no user open the device', `${OURS}, MODE="0600", SYMLINK+="bluetap"`],
    ['that asks for a group', `${OURS}, GROUP=="plugdev"`],
    ['that takes the tag away', `${OURS}, TAG-="uaccess"`],
    ['that is not readable', '\u0000\u0001"=="=\n"'],
  ])('a rule %s does not count (C-32)', (_, rule) => {
    const machine = new FakeMachine();
    machine.rule(rule);
    expect(examine([], machine).findings).toContainEqual({
      verdict: 'note',
      what: 'udev rule',
      found: 'not installed',
      advice: 'bluetap udev-rules prints it',
    });
  });

  it('ids are compared as numbers, in either case, and a file that udev does not read does not count (C-32)', () => {
    const machine = new FakeMachine();
    machine.groups('plugdev:x:46:');
    machine.rule(udevRules('plugdev'), 'etc/rules.d/70-bluetap.rules.bak');
    expect(examine([], machine).findings).toContainEqual(expect.objectContaining({ found: 'not installed' }));
    // An empty file of the same name in a folder of higher priority switches the rule off.
    machine.rule(udevRules('plugdev'), 'usr/rules.d/70-bluetap.rules');
    machine.rule('', 'etc/rules.d/70-bluetap.rules');
    expect(examine([], machine).findings).toContainEqual(expect.objectContaining({ found: 'not installed' }));
  });

  it('an older rule, which lets ModemManager probe the port, is noted (C-32)', () => {
    const machine = new FakeMachine();
    machine.groups('plugdev:x:46:');
    const older = udevRules('plugdev').replaceAll(', ENV{ID_MM_DEVICE_IGNORE}="1"', '');
    const file = machine.rule(older);
    const finding = () => examine([], machine).findings.find(({ what }) => what === 'udev rule');
    expect(finding()).toMatchObject({
      verdict: 'note',
      found: file,
      advice: expect.stringMatching(/^it lets ModemManager probe the serial port: bluetap udev-rules \| sudo tee /),
    });
    machine.rule(`${OURS}, ENV{ID_MM_PORT_IGNORE}="1"`, 'usr/rules.d/60-modem.rules');
    expect(finding()).toEqual({ verdict: 'ok', what: 'udev rule', found: file });
  });
});
