// What a case in the Windows program says to the server of COM ports on Linux, and what the server says to it: one JSON
// object a line, over TCP. Each connection has one port. The port is unplugged when the connection ends.

/** The first line of the server. */
export interface Welcome {
  /** The name of the port for a Windows program, such as `COM20`. */
  readonly port: string;
}

/** A request. The server answers with a line that has its `id` when the work is done. */
export type Request =
  | { readonly id: number; readonly do: 'plug' | 'unplug' | 'stall' | 'resume' }
  | {
      readonly id: number;
      readonly do: 'send';
      /** The bytes that the device sends, in base64. */
      readonly bytes: string;
    };

/** A line of the server after the first one. */
export type Told =
  | { readonly done: number }
  | {
      /** The bytes that reached the device, in base64. */
      readonly received: string;
    };
