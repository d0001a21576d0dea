import { describe, expect, it } from 'vitest';
import { libraries } from '../src/devices/libraries.js';
import { version } from '../src/process/version.js';
import { FakeMachine } from './doctor-machine.js';

describe('the versions of the libraries', () => {
  it('are not needed: a bundle has no packages, and a CommonJS bundle has no URL either (C-29)', () => {
    const none = ['node-hid (no package found)', 'usb (no package found)', 'serialport (no package found)'];
    expect(libraries('file:///nowhere/bundle.js')).toEqual(none);
    expect(libraries('no address')).toEqual(none);
    expect(() => libraries(undefined)).not.toThrow();
  });

  it('are found if `exports` hides package.json, and are missing if it is damaged (C-29)', () => {
    const machine = new FakeMachine();
    const at = (path: string, content: object | string) =>
      machine.file(
        `node_modules/${path}/package.json`,
        typeof content === 'string' ? content : JSON.stringify(content),
      );
    at('@bluetap/transport-hid', { version: '1.0.0', exports: { '.': './index.js' } });
    at('node-hid', { version: '3.9.9', exports: {} });
    at('@bluetap/transport-hid/node_modules/node-hid', { version: '3.4.1', exports: { '.': './index.js' } });
    at('serialport', 'not JSON');
    expect(libraries(`file://${machine.root}/app/bundle.js`)).toEqual([
      'node-hid 3.4.1',
      'usb (no package found)',
      'serialport (no package found)',
    ]);
  });
});

it('the version is the version of this package, and unknown in a bundle, also beside another package (C-29)', () => {
  expect(version()).toMatch(/^\d/);
  const machine = new FakeMachine();
  expect(version(`file://${machine.root}/app/bundle.js`)).toBe('unknown');
  machine.file('package.json', JSON.stringify({ name: 'a-pos', version: '7.0.0' }));
  expect(version(`file://${machine.root}/app/bundle.js`)).toBe('unknown');
  expect(version('no address')).toBe('unknown');
});
