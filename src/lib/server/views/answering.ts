import { error } from '@sveltejs/kit';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';

/** Runs work of a request; what the user got wrong becomes a 400 page that says what is allowed. */
export async function answering<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (reason) {
    if (reason instanceof BadRequest) error(400, { message: reason.message, allowed: reason.allowed });
    if (reason instanceof Refused) error(503, { message: reason.message });
    throw reason;
  }
}
