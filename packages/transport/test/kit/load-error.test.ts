import { describe, expect, it } from 'vitest';
import { loadError, loaded } from '../../src/kit/index.js';

const fault = (message: string, code?: string, cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { code });
const GYP =
  'No native build was found for platform=linux arch=x64 runtime=node abi=115 uv=1 libc=glibc node=20.20.2\n    loaded from: /app/dist\n';
const PREBUILDS =
  'Failed to find binding for HID_hidraw\nTried paths:\n - /app/build/Debug/HID_hidraw.node\n - /app/build/Release/HID_hidraw.node\n - /app/prebuilds/HID_hidraw-linux-x64/node-napi-v4.node';
const NAPI =
  'Cannot find native binding. npm has a bug related to optional dependencies (https://github.com/npm/cli/issues/4828). Please try `npm i` again after removing both package-lock.json and node_modules directory.';
const BUNDLE = /keep LIB out of the bundle \(mark it as external\)/;
const THIS_MACHINE = /delete node_modules and run `npm install` on this machine/;
const DLOPEN = 'ERR_DLOPEN_FAILED';
/** The chain of the loader of usb. `said` is what Windows says about the binary. */
const usbOnWindows = (said: string) =>
  fault(
    NAPI,
    undefined,
    fault(
      `${said}\r\n\\\\?\\C:\\app\\usb.win32-x64-msvc.node`,
      undefined,
      fault("Cannot find module './usb.win32-x64-msvc.node'"),
    ),
  );

describe('a library that does not load (C-19, C-29)', () => {
  // The source of each message is in a comment. Messages without a comment were seen on Debian 12 with Node 20.20.2.
  it.each([
    [
      'linux',
      fault("Cannot find package 'LIB' imported from /app/x.js", 'ERR_MODULE_NOT_FOUND'),
      /install it with `npm install LIB`; .*bundle/,
    ],
    [
      'win32',
      fault("Cannot find module 'LIB'\r\nRequire stack:\r\n- C:\\app\\x.js", 'MODULE_NOT_FOUND'),
      /install it with `npm install LIB`/,
    ],
    ['linux', fault("Cannot find module './part.node'", 'MODULE_NOT_FOUND'), BUNDLE],
    [
      'linux',
      fault('libudev.so.1: cannot open shared object file: No such file or directory', DLOPEN),
      /on Debian install libudev1 and libusb-1\.0-0$/,
    ],
    [
      'linux',
      fault('libusb-1.0.so.0: cannot open shared object file: No such file or directory', DLOPEN),
      /on Debian install libudev1 and libusb-1\.0-0$/,
    ],
    [
      'linux',
      fault('libatomic.so.1: cannot open shared object file: No such file or directory', DLOPEN),
      /on Debian install libatomic1$/,
    ],
    [
      'linux',
      fault('libnew.so.9: cannot open shared object file: No such file or directory', DLOPEN),
      /the package .* has the file libnew\.so\.9$/,
    ],
    // musl's loader, github.com/nodejs/docker-node/issues/692
    [
      'linux',
      fault('Error loading shared library libudev.so.1: No such file or directory (needed by /app/HID.node)', DLOPEN),
      /on Alpine install eudev-libs and libusb$/,
    ],
    // github.com/googleapis/google-cloud-node/issues/1754
    [
      'linux',
      fault(
        'Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /app/HID.node)',
        DLOPEN,
      ),
      /another C library.*musl/,
    ],
    // github.com/serialport/node-serialport/issues/682
    [
      'linux',
      fault('Error relocating /app/bindings.node: __strcpy_chk: symbol not found', DLOPEN),
      /another C library.*musl/,
    ],
    [
      'linux',
      fault('libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory', DLOPEN),
      /another C library.*musl/,
    ],
    // github.com/zwave-js/zwave-js-ui/issues/2211
    [
      'linux',
      fault(
        "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.28' not found (required by /tmp/x/bindings.node)",
        DLOPEN,
      ),
      /needs GLIBC_2\.28, .*too old.*npm rebuild LIB --build-from-source/,
    ],
    ['linux', fault('/app/HID.node: invalid ELF header', DLOPEN), THIS_MACHINE],
    ['linux', fault('/app/HID.node: wrong ELF class: ELFCLASS32', DLOPEN), THIS_MACHINE],
    // github.com/node-hid/node-hid/issues/310 and github.com/serialport/node-serialport/issues/1103
    [
      'win32',
      fault('\\\\?\\C:\\app\\HID.node is not a valid Win32 application.\r\n\\\\?\\C:\\app\\HID.node', DLOPEN),
      THIS_MACHINE,
    ],
    ['win32', fault('%1 is not a valid Win32 application.\r\n\\\\?\\C:\\app\\HID.node', DLOPEN), THIS_MACHINE],
    ['win32', fault('%1 ist keine zulässige Win32-Anwendung.\r\n\\\\?\\C:\\app\\HID.node', DLOPEN), THIS_MACHINE],
    // github.com/nvchernov/hidapiadapter/issues/6
    [
      'win32',
      fault('The specified module could not be found.\r\n\\\\?\\C:\\app\\HID.node', DLOPEN),
      /Microsoft Visual C\+\+ Redistributable/,
    ],
    // usb 3.1.0 under Wine 8. Its loader keeps no code.
    ['win32', usbOnWindows('Module not found.'), /Microsoft Visual C\+\+ Redistributable/],
    // The same on a Windows in another language.
    ['win32', usbOnWindows('Das angegebene Modul wurde nicht gefunden.'), THIS_MACHINE],
    // github.com/node-hid/node-hid/issues/434
    [
      'win32',
      fault('A dynamic link library (DLL) initialization routine failed.\r\n\\\\?\\E:\\app\\HID.node', DLOPEN),
      /npm rebuild LIB.*electron\/rebuild/,
    ],
    [
      'linux',
      fault(
        "The module '/app/HID.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION 108.",
        DLOPEN,
      ),
      /npm rebuild LIB/,
    ],
    // github.com/node-hid/node-hid/issues/379
    ['darwin', fault("Module did not self-register: '/app/HID.node'."), /npm rebuild LIB/],
    // github.com/node-hid/node-hid/issues/485
    [
      'darwin',
      fault(
        "dlopen(/app/HID.node, 0x0001): tried: '/app/HID.node' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64e'))",
        DLOPEN,
      ),
      THIS_MACHINE,
    ],
    [
      'darwin',
      fault(
        'dlopen(/app/HID.node, 0x0001): code signature in (/app/HID.node) not valid for use in process: mapped file have different Team IDs',
        DLOPEN,
      ),
      /disable-library-validation/,
    ],
    [
      'linux',
      fault('Cannot load native addon because loading addons is disabled.', 'ERR_DLOPEN_DISABLED'),
      /--allow-addons/,
    ],
    // node-hid/src/exports.cc; github.com/node-hid/node-hid/issues/227 and 276
    ['win32', new TypeError('cannot initialize hidapi (hid_init failed)'), /Windows 8 or later; Wine/],
    ['linux', new TypeError('cannot initialize hidapi (hid_init failed)'), /container or sandbox/],
    // node-gyp-build, in a bundle of esbuild and of rolldown; github.com/serialport/node-serialport/issues/2998 and
    // 2468
    ['linux', fault(GYP), BUNDLE],
    // pkg-prebuilds, in a bundle of esbuild; github.com/Julusian/node-elgato-stream-deck/issues/90
    ['linux', fault(PREBUILDS), BUNDLE],
    // bindings; github.com/node-hid/node-hid/issues/238 and 316
    [
      'win32',
      fault('Could not locate the bindings file. Tried:\r\n → C:\\app\\build\\HID.node\r\n → C:\\app\\out\\HID.node'),
      BUNDLE,
    ],
    // napi-rs; github.com/napi-rs/napi-rs/issues/2934
    [
      'win32',
      fault(NAPI, undefined, fault("Cannot find module '@node-usb/usb-win32-x64-msvc'", 'MODULE_NOT_FOUND')),
      BUNDLE,
    ],
    [
      'linux',
      fault(NAPI, undefined, fault('Error loading shared library ld-linux-x86-64.so.2: x')),
      /another C library/,
    ],
    // A bundle of esbuild, and one of rolldown, as ECMAScript modules.
    ['linux', fault('Dynamic require of "events" is not supported'), BUNDLE],
    ['linux', new ReferenceError('__dirname is not defined in ES module scope'), BUNDLE],
    ['linux', fault('dlopen failed', DLOPEN), THIS_MACHINE],
  ])('%s: %s', (platform, error, advice) => {
    const told = loadError(error, 'LIB', platform)!;
    expect(told).toMatchObject({ name: 'TransportError', code: 'missing-library', cause: error });
    expect(told.message).toMatch(/^LIB did not load \(.*\): /);
    expect(told.message).toMatch(advice);
    expect(told.message).not.toMatch(/\\u000a|\n|Tried paths|prebuilds|npm has a bug|Require stack|loaded from/);
    if (platform !== 'linux') expect(told.message).not.toMatch(/Debian|Alpine/);
  });

  it('does not match an error of a device', () => {
    for (const said of ['Permission denied', 'failed to open device (error 5)', 'symbol not found', '']) {
      expect(loadError(new Error(said), 'LIB', 'linux')).toBeUndefined();
    }
    expect(loadError(undefined, 'LIB', 'linux')).toBeUndefined();
  });

  it('does not follow an endless chain of causes', () => {
    const error = fault('round', DLOPEN);
    Object.assign(error, { cause: error });
    expect(loadError(error, 'LIB', 'linux')?.code).toBe('missing-library');
  });

  it('shortens a message that names many paths', () => {
    expect(loadError(fault(`dlopen ${'/path'.repeat(200)}`, DLOPEN), 'LIB', 'linux')!.message.length).toBeLessThan(400);
  });

  it.each([undefined, null, 5, {}])('that loads as %j is missing or not complete', (given) => {
    expect(() => loaded(given as { open: unknown } | undefined, 'open' as never, 'LIB')).toThrow(
      expect.objectContaining({ code: 'missing-library', message: expect.stringMatching(BUNDLE) }),
    );
    const library = { open: () => {} };
    expect(loaded(library, 'open', 'LIB')).toBe(library);
  });
});
