declare module 'ndef' {
  export function decodeMessage(bytes: number[]): { tnf: number; type: string; payload: number[]; value: string }[];
  export function uriRecord(uri: string): object;
  export function encodeMessage(records: object[]): number[];
}
