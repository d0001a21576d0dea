import { VirtualClock } from '@bluetap/emulator';
import { describe, expect, it } from 'vitest';
import { abortable, Scope } from '../../src/common/scope.js';

describe('a scope', () => {
  it('without a time of its own lasts until its parent is aborted', async () => {
    const clock = new VirtualClock();
    const parent = new Scope(clock);
    const scope = new Scope(clock, parent);
    const child = new Scope(clock, scope);
    expect(clock.pending).toBe(0);
    await clock.advance(1e9);
    expect(child.aborted).toBe(false);
    parent.abort('enough');
    expect(scope.reason).toBe('enough');
    expect(child.reason).toBe('enough');
  });

  it('of a parent that was aborted is aborted from its start, and sets no timer', () => {
    const clock = new VirtualClock();
    const parent = new Scope(clock);
    parent.abort('gone');
    const scope = new Scope(clock, parent);
    scope.limit(1000, () => 'late');
    expect(scope.reason).toBe('gone');
    expect(clock.pending).toBe(0);
  });

  it('keeps its first reason, and calls its listeners once', () => {
    const scope = new Scope(new VirtualClock());
    let told = 0;
    scope.onAbort(() => told++);
    scope.abort('first');
    scope.abort('second');
    expect(scope.reason).toBe('first');
    expect(told).toBe(1);
  });

  it('calls its listeners in their order, and no listener that was removed, also by another listener', () => {
    const scope = new Scope(new VirtualClock());
    const told: string[] = [];
    const third = () => told.push('third');
    const second = () => {
      told.push('second');
      scope.offAbort(third);
    };
    const away = () => told.push('away');
    scope.onAbort(() => told.push('first'));
    scope.onAbort(away);
    scope.onAbort(second);
    scope.onAbort(third);
    scope.onAbort(() => told.push('last'));
    scope.offAbort(away);
    // To remove an unknown listener removes no other listener.
    scope.offAbort(away);
    scope.abort('enough');
    expect(told).toEqual(['first', 'second', 'last']);
  });

  it('passes a transport an AbortSignal with the same state, before and after the abort', () => {
    const scope = new Scope(new VirtualClock());
    const before = scope.signal;
    expect(before.aborted).toBe(false);
    scope.abort('enough');
    expect(before.reason).toBe('enough');
    const late = new Scope(new VirtualClock());
    late.abort('early');
    expect(late.signal.reason).toBe('early');
  });

  it('that has ended leaves no listener at its parent', () => {
    const clock = new VirtualClock();
    const parent = new Scope(clock);
    const scope = new Scope(clock, parent);
    scope.limit(1000, () => 'late');
    scope.end();
    parent.abort('enough');
    expect(scope.aborted).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('ends a wait immediately, if it was aborted before or during the wait', async () => {
    const scope = new Scope(new VirtualClock());
    const during = abortable(new Promise(() => {}), scope);
    scope.abort('enough');
    await expect(during).rejects.toBe('enough');
    await expect(abortable(Promise.resolve(1), scope)).rejects.toBe('enough');
  });
});
