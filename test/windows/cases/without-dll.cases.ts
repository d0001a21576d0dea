// What a person sees on a Windows without bcryptprimitives.dll, before the run adds it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { usb } from '@bluetap/transport-usb';

describe('what Wine lacks', () => {
  test('bcryptprimitives.dll, which usb needs: the run adds it, and usb() says that a DLL is missing', async () => {
    await assert.rejects(usb().list(), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'missing-library');
      assert.match(
        error.message,
        /^usb did not load .*: a DLL that it needs is missing: install the Microsoft Visual C\+\+ /,
      );
      return true;
    });
  });
});
