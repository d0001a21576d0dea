import { describe, expect, it } from 'vitest';
import { parseAddress } from '../src/address.js';
import { socket } from '../src/index.js';

describe('parseAddress reads', () => {
  it.each([
    ['tcp://127.0.0.1:4000', { host: '127.0.0.1', port: 4000 }],
    ['tcp://localhost:1', { host: 'localhost', port: 1 }],
    ['tcp://pos-7.shop.example:65535', { host: 'pos-7.shop.example', port: 65535 }],
    ['tcp://[::1]:4000', { host: '::1', port: 4000 }],
    ['tcp://[fe80::1%eth0]:4000', { host: 'fe80::1%eth0', port: 4000 }],
    ['unix:/run/bluetap.sock', { path: '/run/bluetap.sock' }],
    ['unix:device', { path: 'device' }],
    ['unix:/with space/and:colon', { path: '/with space/and:colon' }],
  ])('%s', (address, target) => {
    expect(parseAddress(address)).toEqual(target);
  });
});

describe('parseAddress says what is wrong with', () => {
  it.each([
    ['', 'it begins with neither "tcp://" nor "unix:"'],
    ['127.0.0.1:4000', 'it begins with neither'],
    ['tcp:127.0.0.1:4000', 'it begins with neither'],
    ['http://127.0.0.1:4000', 'it begins with neither'],
    ['TCP://127.0.0.1:4000', 'it begins with neither'],
    ['tcp://127.0.0.1', 'the port is missing'],
    ['tcp://127.0.0.1:', 'the port is missing'],
    ['tcp://[::1]', 'the port is missing'],
    ['tcp://127.0.0.1:0', 'from 1 to 65535, not "0"'],
    ['tcp://127.0.0.1:65536', 'from 1 to 65535, not "65536"'],
    ['tcp://127.0.0.1:100000', 'from 1 to 65535'],
    ['tcp://127.0.0.1:-1', 'from 1 to 65535'],
    ['tcp://127.0.0.1:04000', 'from 1 to 65535'],
    ['tcp://127.0.0.1:4e3', 'from 1 to 65535'],
    ['tcp://127.0.0.1:4000 ', 'from 1 to 65535'],
    ['tcp://:4000', 'the host is missing'],
    ['tcp://', 'the host is missing'],
    ['tcp://::1:4000', 'belongs in brackets'],
    ['tcp://[::1]4000', 'belongs in brackets'],
    ['tcp://[::1:4000', 'belongs in brackets'],
    ['tcp://[127.0.0.1]:4000', '"127.0.0.1" is not an IPv6 address'],
    ['tcp://[]:4000', '"" is not an IPv6 address'],
    ['tcp://my POS:4000', '"my POS" is not a host name'],
    ['tcp://user:secret@127.0.0.1:4000', 'it contains credentials'],
    ['tcp://127.0.0.1:4000/', 'nothing may follow the port'],
    ['tcp://127.0.0.1:4000/path', 'nothing may follow the port'],
    ['tcp://127.0.0.1:4000?timeout=1', 'nothing may follow the port'],
    ['tcp://127.0.0.1:4000#x', 'nothing may follow the port'],
    ['unix:', 'the path is missing'],
    ['unix:a\0b', 'the path contains a zero byte'],
    [`unix:/${'é'.repeat(60)}`, 'the path has 121 bytes'],
  ])('%j', (address, what) => {
    expect(() => parseAddress(address)).toThrow(TypeError);
    expect(() => parseAddress(address)).toThrow(what);
    expect(() => parseAddress(address)).toThrow(
      'Write tcp://HOST:PORT (IPv6 in brackets: tcp://[::1]:4000) or unix:PATH',
    );
  });

  it('something that is not a string', () => {
    expect(() => parseAddress(4000 as never)).toThrow(TypeError);
  });
});

describe('socket', () => {
  it('checks its address immediately', () => {
    expect(() => socket('tcp://127.0.0.1')).toThrow(TypeError);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2_147_483_648])('refuses a connect timeout of %s', (ms) => {
    expect(() => socket('unix:device', { connectTimeoutMs: ms })).toThrow(RangeError);
  });
});
