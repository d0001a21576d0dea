/** Something the laboratory itself could not do; the message is for the person who reads it. */
export class LabError extends Error {}

/** The time is up; the message says what had not ended. */
export class OutOfTime extends LabError {}
