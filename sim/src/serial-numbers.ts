/** The serial number of the device that is there at the begin and at the end. */
export const FIRST = 'SIM-1';
/** The serial number of another device, which is in the same place for some time. */
export const SECOND = 'SIM-2';
