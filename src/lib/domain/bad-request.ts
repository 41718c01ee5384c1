/**
 * The user asked for something that does not exist or cannot be: shown as such, never a crash.
 * `allowed` lists what would have been accepted.
 */
export class BadRequest extends Error {
  constructor(
    message: string,
    readonly allowed: string[] = []
  ) {
    super(message);
    this.name = 'BadRequest';
  }
}

/** Known, but cannot be answered (an indicator without that axis, a store that refuses). */
export class Refused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refused';
  }
}
