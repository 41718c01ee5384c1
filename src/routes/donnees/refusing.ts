import { fail } from '@sveltejs/kit';
import { BadRequest, Refused } from '#lib/domain/bad-request.ts';

/** Runs the work of an action; what is refused becomes a sentence in the page, never a crash. */
export async function refusing<T>(work: () => Promise<T>) {
  try {
    return { outcome: await work() };
  } catch (reason) {
    if (reason instanceof BadRequest) return fail(400, { message: reason.message, allowed: reason.allowed });
    if (reason instanceof Refused) return fail(409, { message: reason.message, allowed: [] });
    throw reason;
  }
}

/** Reads the form of a gesture. Throws `BadRequest` when its body is cut or malformed. */
export async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    throw new BadRequest(
      'Le formulaire est incomplet ou mal formé : rien n’a été fait. Rechargez la page, puis réessayez.'
    );
  }
}
