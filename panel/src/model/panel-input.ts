import type { EmulatorEvent } from '@bluetap/emulator';
import type { DeviceView, ParameterValues } from '@bluetap/emulator/commands';

/** A command changed a device. The control service tells who gave it. */
export interface CommandEvent {
  readonly event: 'command';
  /** The verb. */
  readonly do: string;
  readonly parameters: ParameterValues;
  /** `http`, `stdin`, `scenario`, `trigger`, or `page` in the playground. */
  readonly by: string;
}

/** A person marked this place in the list. */
export interface MarkEvent {
  readonly event: 'mark';
  /** 1, 2, 3 ... for each device. */
  readonly mark: number;
}

/** One event of one device, as the page shows it and as a record has it. */
export type PanelEvent = (EmulatorEvent | CommandEvent | MarkEvent) & {
  readonly serialNumber: string;
  /** The time in the form of ISO 8601, in UTC with milliseconds. */
  readonly time: string;
};

/** What the service tells about itself. */
export interface ServiceInfo {
  /** How a POS reaches the devices: `tcp://127.0.0.1:4000`. */
  readonly addresses: readonly string[];
  /** True if chosen order ids decide what happens. */
  readonly triggers: boolean;
  /** True if a scenario runs. */
  readonly scenario: boolean;
}

/** Whether the page reaches the emulator. */
export type Reach =
  | { readonly kind: 'connecting' | 'live' }
  /** The emulator does not answer. The page tries again at `retryAt`, in milliseconds since 1970. */
  | { readonly kind: 'lost'; readonly retryAt: number }
  /** The emulator answers, but not to this page. Only a person can change that. */
  | { readonly kind: 'refused'; readonly message: string };

/** Something that the page learns. */
export type PanelInput =
  /** The events start, with everything that can be seen of the devices. `service` has another value after a restart. */
  | {
      readonly input: 'devices';
      readonly service: string;
      readonly devices: readonly DeviceView[];
      readonly info: ServiceInfo;
    }
  | { readonly input: 'event'; readonly event: PanelEvent }
  /** Everything that can be seen of a device now. */
  | { readonly input: 'view'; readonly view: DeviceView }
  /** Events were left out because the page was too slow. */
  | { readonly input: 'skipped'; readonly count: number; readonly time: string }
  | { readonly input: 'reach'; readonly reach: Reach };
