/** The lab itself could not do something. The message is for the person who reads it. */
export class LabError extends Error {}

/** The time is over. The message says what had not ended. */
export class OutOfTime extends LabError {}
