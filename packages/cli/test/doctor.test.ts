import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Transport, TransportError } from '@bluetap/transport';
import { describe, expect, it } from 'vitest';
import { listAll } from '../src/devices/listing.js';
import { examine } from '../src/doctor/examine.js';
import type { Finding } from '../src/doctor/finding.js';
import { thisMachine } from '../src/doctor/machine.js';
import { call } from './cli.js';
import { FakeMachine, hidDevice, port, usbDevice } from './doctor-machine.js';

const listings = [
  { transport: 'hid', devices: [hidDevice] },
  { transport: 'usb', devices: [usbDevice] },
  { transport: 'serial', devices: [port] },
];
const NODES = { hid: 'hidraw0', usb: 'bus/usb/001/002', serial: 'ttyACM0' };
type Kind = keyof typeof NODES;
const KINDS = Object.keys(NODES) as Kind[];

/** Returns the finding for the device at one transport. */
function findingAt(kind: Kind, machine: FakeMachine): Finding {
  return examine(listings, machine).findings.find(({ what }) => what === kind)!;
}

/** Makes a machine on which this user may not open the device. Its nodes do not belong to the group root. */
function closed(mode: number, user?: FakeMachine['user']): { machine: FakeMachine; gid: number } {
  const machine = new FakeMachine(user);
  const gids = KINDS.map((kind) => machine.node(NODES[kind], mode));
  machine.allowed = false;
  return { machine, gid: gids[0]! };
}

describe('doctor says why a listed device cannot be opened', () => {
  it.each(KINDS)('%s: no node in /dev, as in a container that shares only /sys (C-27)', (kind) => {
    expect(findingAt(kind, new FakeMachine({ name: 'root', uid: 0, gids: [0] }))).toMatchObject({
      verdict: 'bad',
      advice: expect.stringMatching(
        /^the kernel has the device, but there is no \S+ here: .* container .* --device=\S+dev\/(hidraw0|bus\/usb\/001\/002|ttyACM0)$/,
      ),
    });
  });

  it.each(KINDS)('%s: a device that was unplugged during the check is not a fault (C-27)', (kind) => {
    const machine = new FakeMachine();
    for (const path of ['bus/usb/devices/1-1', 'class/hidraw/hidraw0', 'class/tty/ttyACM0']) {
      rmSync(join(machine.sys, path), { recursive: true });
    }
    expect(findingAt(kind, machine)).toMatchObject({ verdict: 'note', advice: expect.stringContaining('unplugged') });
  });

  it('a folder that cannot be read (C-27)', () => {
    const machine = new FakeMachine();
    symlinkSync('bus', machine.file('dev/x', '').replace(/x$/, 'bus'));
    const { verdict, advice } = findingAt('usb', machine);
    expect({ verdict, advice }).toEqual({
      verdict: 'bad',
      advice: expect.stringMatching(/001\/002 cannot be examined \(ELOOP\): give this user access to the folder /),
    });
  });

  it.each(KINDS)('%s: no udev rule (C-27)', (kind) => {
    const { machine } = closed(0o600);
    expect(findingAt(kind, machine)).toMatchObject({
      verdict: 'bad',
      advice: expect.stringMatching(/^only root may open .*, because no udev rule is installed: bluetap udev-rules \|/),
    });
  });

  it('a rule for a group that does not exist on this machine (C-27)', () => {
    const { machine } = closed(0o600);
    const file = machine.rule();
    machine.groups('dialout:x:20:');
    expect(findingAt('hid', machine).advice).toBe(
      `the udev rule ${file} is for the group plugdev, which does not exist on this machine: sudo groupadd --system plugdev && sudo usermod -aG plugdev pos, then plug the device in again and log in again`,
    );
    expect(examine([], machine).findings).toContainEqual({
      verdict: 'note',
      what: 'udev rule',
      found: file,
      advice: 'it is for the group plugdev, which does not exist on this machine: sudo groupadd --system plugdev',
    });
  });

  it('a rule that was installed after the device was plugged in, and a rule for the screen only (C-27)', () => {
    const { machine } = closed(0o600);
    machine.groups('plugdev:x:46:');
    const file = machine.rule();
    expect(findingAt('usb', machine).advice).toMatch(
      /has not been applied to .*: plug the device in again, or sudo udev/,
    );
    machine.rule('ATTRS{idVendor}=="1209", ATTRS{idProduct}=="0001", TAG+="uaccess"\n');
    expect(findingAt('usb', machine).advice).toMatch(`${file} lets only the user at the screen open`);
  });

  it.each(KINDS)('%s: the user is not in the group (C-27)', (kind) => {
    const { machine, gid } = closed(0o660);
    machine.groups(`plugdev:x:${gid}:other,posx`);
    machine.rule();
    expect(findingAt(kind, machine).advice).toMatch(
      / is for the group plugdev, and pos is not in it: sudo usermod -aG plugdev pos, then log out and log in again$/,
    );
  });

  it('the user was added to the group after this login (C-27)', () => {
    const { machine, gid } = closed(0o660);
    machine.groups(`dialout:x:${gid}:other,pos`);
    expect(findingAt('serial', machine).advice).toMatch(
      / is for the group dialout\. pos was added to this group after this login: log out and log in again$/,
    );
  });

  it('a group or a user that has a number and no name (C-27)', () => {
    const { machine, gid } = closed(0o660);
    expect(findingAt('hid', machine).advice).toMatch(
      `is for the group number ${gid}, which has no name here: start the container with --group-add=${gid}`,
    );
    const nameless = closed(0o660, { uid: 1000, gids: [54321] });
    nameless.machine.groups(`plugdev:x:${nameless.gid}:pos`);
    expect(findingAt('hid', nameless.machine).advice).toMatch(
      `plugdev (${nameless.gid}), and the user number 1000 is not in it: start the container with --group-add=`,
    );
  });

  it('a user who is in the group but still refused, and root of a container (C-27)', () => {
    const { gid } = closed(0o660);
    const member = closed(0o660, { name: 'pos', uid: 1000, gids: [gid] });
    member.machine.groups(`plugdev:x:${gid}:pos`);
    expect(findingAt('hid', member.machine).advice).toMatch(/^this user is in the group plugdev .*SELinux/);
    const root = closed(0o660, { name: 'root', uid: 0, gids: [0] });
    expect(findingAt('hid', root.machine).advice).toMatch(/^root may not open .*: this is the root of a container/);
  });

  it('a container: the rules and the groups of the machine outside count (C-27)', () => {
    const { machine, gid } = closed(0o600);
    machine.file('containerenv', '');
    expect(findingAt('hid', machine).advice).toMatch(
      /^in this container only root may open .*machine outside of the container: /,
    );
    const { findings } = examine(listings, machine);
    expect(findings.find(({ what }) => what === 'udev rule')!.advice).toContain('outside of this container');
    machine.groups(`plugdev:x:${gid}:pos`);
    machine.node('hidraw0', 0o660);
    expect(findingAt('hid', machine).advice).toMatch(`start the container with --group-add=${gid}`);
  });

  it('says ok if the device can be opened, and says what a container can hide (C-27)', () => {
    const machine = new FakeMachine();
    for (const kind of KINDS) machine.node(NODES[kind], 0o660);
    expect(KINDS.map((kind) => findingAt(kind, machine))).toEqual([
      { verdict: 'ok', what: 'hid', found: 'A1 at /dev/hidraw0' },
      { verdict: 'ok', what: 'usb', found: 'A1 at bus 1 address 2' },
      { verdict: 'ok', what: 'serial', found: 'A1 at /dev/ttyACM0' },
    ]);
    machine.file('containerenv', '');
    expect(examine(listings, machine).findings.at(-1)).toMatchObject({ verdict: 'note', what: 'container' });
    expect(examine([{ transport: 'hid', devices: [] }], machine).findings.at(-1)).toMatchObject({ what: 'hid' });
  });
});

describe('doctor names the process that holds a device', () => {
  /** Makes a machine on which this user may open every node. */
  function open(): FakeMachine {
    const machine = new FakeMachine();
    for (const kind of KINDS) machine.node(NODES[kind], 0o666);
    return machine;
  }

  it('a port, a claimed USB interface, and HID, which several programs can open (C-27)', () => {
    const machine = open();
    machine.claim();
    machine.process(70, 'minicom', 'ttyACM0', 'ttyACM0');
    machine.process(71, 'pos program', 'hidraw0', 'bus/usb/001/002');
    machine.process(process.pid, 'bluetap', 'hidraw0', 'bus/usb/001/002', 'ttyACM0');
    expect(findingAt('serial', machine)).toMatchObject({
      verdict: 'bad',
      advice: 'held by minicom (process 70): only one program at a time can use it, so end that program first',
    });
    expect(findingAt('usb', machine)).toMatchObject({
      verdict: 'bad',
      advice: expect.stringContaining('held by pos program (process 71)'),
    });
    expect(findingAt('hid', machine)).toMatchObject({
      verdict: 'note',
      advice: expect.stringContaining('also open in pos program (process 71)'),
    });
  });

  it('a program that opens a USB device and claims nothing does not block other programs (C-27)', () => {
    const machine = open();
    machine.claim('usbhid');
    machine.process(70, 'fwupd', 'bus/usb/001/002');
    expect(findingAt('usb', machine)).toMatchObject({ verdict: 'ok' });
  });

  it('a process that it may not examine: it says so, and who may examine it (C-27)', () => {
    const machine = open();
    machine.claim();
    // This replaces a folder that cannot be read, because root can read every folder.
    rmSync(join(machine.proc, '1/fd'), { recursive: true });
    machine.file('proc/1/fd', '');
    expect(findingAt('usb', machine).advice).toBe(
      'another program holds it, and this user cannot see which: sudo bluetap doctor names it',
    );
    const hidden = { verdict: 'note', what: 'processes', advice: 'sudo bluetap doctor examines all of them' };
    expect(examine(listings, machine).findings.at(-1)).toMatchObject({
      ...hidden,
      found: expect.stringContaining('this user may not examine all of them'),
    });
    // With the mount option hidepid, a user sees only their own processes.
    machine.process(70, 'minicom', 'hidraw0');
    rmSync(join(machine.proc, '1'), { recursive: true });
    expect(examine(listings, machine).findings.at(-1)).toMatchObject(hidden);
    rmSync(machine.proc, { recursive: true });
    expect(examine(listings, machine).findings.at(-1)).toEqual({
      verdict: 'note',
      what: 'processes',
      found: `not examined, because ${machine.proc} cannot be read`,
    });
  });

  it('a process that ends during the search holds nothing, and a process can have no name (C-27)', () => {
    const machine = open();
    mkdirSync(join(machine.proc, '80'));
    machine.process(81, '', 'ttyACM0', 'gone');
    expect(findingAt('serial', machine).advice).toContain('held by ? (process 81)');
    expect(examine(listings, machine).findings.at(-1)).toMatchObject({ what: 'serial' });
  });
});

describe('the exit code of doctor', () => {
  const broken = { transport: 'hid', error: { code: 'missing-library', message: 'install libudev1' } };
  const nothing = { transport: 'usb', devices: [] };

  it('is 1 if no device can be used, and 0 otherwise (C-32)', () => {
    const { machine } = closed(0o600);
    const usable = (...those: Parameters<typeof examine>[0]) => examine(those, machine).usable;
    expect(usable(...listings)).toBe(false);
    expect(usable({ ...broken, transport: 'usb' }, broken)).toBe(false);
    expect(usable(broken, { transport: 'serial', devices: [port] })).toBe(false);
    expect(usable(nothing, { transport: 'serial', devices: [port] })).toBe(false);
    expect(usable(broken, nothing)).toBe(true);
    expect(usable(nothing)).toBe(true);
    // A device without a node on this machine is not refused in advance.
    expect(usable(...listings, { transport: 'x', devices: [{ id: 'x' }] })).toBe(true);
  });

  it('is the exit code of the process (C-32)', async () => {
    const transport = (name: string, list: Transport['list']): Transport => ({
      name,
      list,
      open: () => Promise.reject(new Error('it opens nothing')),
    });
    const failing = ['hid', 'usb', 'serial'].map((name) =>
      transport(name, async () => {
        throw new TransportError('missing-library', `${name} did not load`);
      }),
    );
    expect(await call(['doctor'], () => failing)).toMatchObject({ code: 1, stderr: '' });
    const tried = transport('hid', async () => [{ id: 'x' }]);
    expect(await call(['doctor'], () => [tried])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('doctor always ends with findings', () => {
  it('a machine on which every file is wrong (C-27)', () => {
    const machine = new FakeMachine();
    for (const kind of KINDS) machine.node(NODES[kind], 0o660);
    machine.allowed = false;
    // Folders instead of files, files instead of folders, bytes that are not text, a symbolic link to itself.
    mkdirSync(join(machine.root, 'etc/rules.d/a.rules'), { recursive: true });
    symlinkSync('b.rules', join(machine.root, 'etc/rules.d/b.rules'));
    symlinkSync('/dev/zero', join(machine.root, 'etc/rules.d/c.rules'));
    machine.file('run/rules.d', 'no folder');
    writeFileSync(machine.file('usr/rules.d/d.rules', ''), Buffer.from([0xff, 0xfe, 0, 0x22]));
    machine.file('etc/group', ':::\nnonsense\nx:x:not a number:\n#a:x:5:\n');
    rmSync(machine.sys, { recursive: true });
    machine.file('sys', '');
    rmSync(machine.proc, { recursive: true });
    machine.file('proc', '');
    const { findings, usable } = examine(listings, machine);
    expect(usable).toBe(false);
    expect(findings.filter(({ verdict }) => verdict === 'bad').map(({ what }) => what)).toEqual(KINDS);
  });

  it('an empty machine, and other systems (C-27)', () => {
    const machine = new FakeMachine();
    rmSync(machine.root, { recursive: true });
    expect(examine(listings, machine).findings.length).toBeGreaterThan(5);
    for (const platform of ['darwin', 'win32', 'freebsd'] as const) {
      const other = new FakeMachine(undefined, platform);
      expect(findingAt('usb', other)).toEqual({ verdict: 'ok', what: 'usb', found: 'A1 at bus 1 address 2' });
      other.node('ttyACM0', 0o600);
      other.allowed = false;
      expect(findingAt('serial', other).advice).toMatch(/^this user may not open .*ttyACM0: run the program as a user/);
    }
  });

  it('a transport that throws any value: one line, no stack and no list of paths (C-29)', async () => {
    const transports = [
      new Error('Failed to find binding for HID\n Tried paths:\n - /a/b\n - /c/d'),
      new TransportError('missing-library', 'usb did not load (x): install it again'),
      'a text\nwith lines',
      undefined,
      null,
    ].map(
      (error, at): Transport => ({
        name: `t${at}`,
        list: () => Promise.reject(error),
        open: () => Promise.reject(error),
      }),
    );
    const { findings } = examine(await listAll(transports), new FakeMachine());
    expect(findings.slice(-5).map(({ found, advice }) => [found, advice])).toEqual([
      ['io', 'Failed to find binding for HID'],
      ['missing-library', 'usb did not load (x): install it again'],
      ['io', 'a text'],
      ['io', 'undefined'],
      ['io', 'null'],
    ]);
  });

  it('on macOS, it says what can hide a HID device', () => {
    const nothing = [
      { transport: 'hid', devices: [] },
      { transport: 'usb', devices: [] },
    ];
    const advice = (platform: NodeJS.Platform) =>
      examine(nothing, new FakeMachine(undefined, platform)).findings.map((finding) => finding.advice ?? '');
    expect(advice('darwin').slice(-2)).toEqual([expect.stringContaining('Input Monitoring'), '']);
    expect(advice('win32').slice(-2)).toEqual(['', '']);
  });

  it('examines this machine', async () => {
    const { stdout } = await call(['doctor', '--json']);
    const { findings } = JSON.parse(stdout) as { findings: { what: string }[] };
    expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining(['Node', 'hid', 'usb', 'serial']));
    expect((await call(['doctor'])).stdout).toMatch(/libraries +node-hid 3\.\d.*, usb 3\.\d.*, serialport 13\.\d/);
    const machine = thisMachine();
    expect(machine.user.gids.length).toBeGreaterThan(0);
    expect([machine.mayOpen('/dev/null'), machine.mayOpen('/dev/none')]).toEqual([true, false]);
  });
});
