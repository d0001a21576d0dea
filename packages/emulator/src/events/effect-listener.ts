import type { Frame } from '@bluetap/protocol';
import type { BehaviourEffect } from '../contract/events.js';

/** The type of the value that each handler receives. */
export interface TurnValues {
  readonly onFrame: Frame;
  readonly onSend: Uint8Array;
}

/** Receives what a behaviour did. Returns the number of the frame, if the effect is a new frame. */
export interface EffectListener<Value> {
  /** Converts a value to text, so that two values can be compared. */
  textOf(value: Value): string;
  /** @param passed What the behaviour passed on, each as text. */
  onEffect(effect: Exclude<BehaviourEffect, 'answered'>, passed: readonly string[]): void;
  /** The behaviour answered. Returns the number of the new frame. */
  onAnswer(bytes: Uint8Array): number;
}
